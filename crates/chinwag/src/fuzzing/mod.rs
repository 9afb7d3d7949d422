//! Entry points for fuzzers: arbitrary bytes for everything that reads input from outside.
//!
//! None may panic, and each checks what must hold besides; a broken rule is a panic. What is
//! private to a room is tried in the `fuzzing` module of that room. Bytes that are no text are
//! skipped where text is read.

mod door;

pub use door::{end_requests, requests};

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::calls::calls;
use crate::model::folding::fold;
use crate::model::ids::{MessageKey, UploadId, UserId};
use crate::model::markup;
use crate::model::mentions::{Called, Mention};
use crate::model::names::{ChannelName, DisplayName};
use crate::model::reactions::Emoji;
use crate::model::steps;
use crate::model::text::{MessageText, Topic};
use crate::secrets::Secret;
use crate::wire::channels::{ChannelDraft, ReadMark};
use crate::wire::edits::MessagePatch;
use crate::wire::hosting::ChannelPatch;
use crate::wire::messages::MessageDraft;
use crate::wire::presence::{PresenceSaid, TypingSaid};
use crate::wire::reports::Report;
use crate::wire::sessions::{SignIn, TokenDraft};
use crate::wire::users::{NameChange, PasswordChange, SettingsPatch};
use crate::{chat, files, http, socket};

/// Display names and channel names: an accepted name is short, visible and normalised.
pub fn names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folding twice is folding once");
    let display = DisplayName::parse(text);
    if let Ok(name) = &display {
        check_name(name.as_str(), name.key(), DisplayName::MAX);
        assert_eq!(DisplayName::parse(name.as_str()).as_ref(), Ok(name), "parsed again");
    }
    match ChannelName::parse(text) {
        Ok(name) => {
            check_name(name.as_str(), name.key(), ChannelName::MAX);
            assert_eq!(ChannelName::parse(name.as_str()).as_ref(), Ok(&name), "parsed again");
            http::fuzzing::channel_address(name.as_str());
        }
        Err(problem) => assert!(display.is_err(), "a longer name may be less: {problem:?}"),
    }
}

fn check_name(text: &str, key: &str, max: usize) {
    assert!((1..=max).contains(&text.chars().count()));
    assert_eq!(text, text.trim());
    let turns = |c: char| {
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(|c: char| c.is_control() || turns(c)), "{}", text.escape_unicode());
    assert!(!key.is_empty() && key == fold(text));
    // The key alone decides which names are the same: the key, read as a name, must have the same
    // key.
    assert_eq!(fold(key), key);
}

/// Texts of messages and topics, and emoji: an accepted one is within its bounds and normalised.
pub fn texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for may_be_empty in [false, true] {
        let Ok(kept) = MessageText::parse(text, may_be_empty) else { continue };
        let kept = kept.as_str();
        assert!(may_be_empty || !kept.is_empty());
        assert!(kept.chars().count() <= MessageText::MAX && kept == kept.trim_end());
        assert!(
            kept.lines().next().is_none_or(|first| !first.trim().is_empty()),
            "it begins at once"
        );
        assert!(!kept.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
        let again = MessageText::parse(kept, may_be_empty);
        assert_eq!(again.as_ref().map(MessageText::as_str), Ok(kept), "parsed again");
    }
    if let Some(emoji) = Emoji::parse(text) {
        assert_eq!(Emoji::parse(emoji.as_str()), Some(emoji), "parsed again");
        assert!(!emoji.as_str().is_ascii() && emoji.as_str().len() <= 40, "one emoji");
    }
    if let Ok(topic) = Topic::parse(text) {
        assert!(topic.as_str().chars().count() <= Topic::MAX);
        assert!(!topic.as_str().contains(|c: char| c.is_control()), "one line");
        assert_eq!(Topic::parse(topic.as_str()), Ok(topic.clone()), "parsed again");
    }
}

/// The most steps that a character of a text may cost, and a text of any length besides: the longest label of a
/// link, which is read again for each link that could end it, and fifty calls with the longest names.
const MOST_STEPS: (u64, u64) = (400, 400_000);

/// Marks, addresses, channels and calls in a text: whatever they are, reading them takes steps that grow with the
/// length, and what is found stands in the text.
pub fn marks(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(text) = MessageText::parse(text, true) else { return };
    let text = text.as_str();
    let length = text.chars().count() as u64;
    let taken = steps::of(|| {
        let mut names = BTreeSet::new();
        markup::add_possible(text, &mut names, 300);
        assert!(
            names.iter().all(|name| text.contains(name.as_str()) && name.chars().count() <= 64)
        );
        let mut blocks = markup::parse_by("Ada", text);
        markup::link_channels(&mut blocks, &names);
        let units: Vec<u16> = text.encode_utf16().collect();
        for call in calls(text) {
            // Every name that could be meant: what stands behind it, and all that begins it.
            let key: String = call.folded.chars().take(DisplayName::MAX).collect();
            let ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
            let people =
                ends.rev().find_map(|end| call.mention(&key[..end], Called::Person(UserId(1))));
            for Mention { start, length, .. } in people.into_iter().chain(call.everybody()) {
                let typed = units.get(start..start + length).expect("it stands in the text");
                assert!(
                    typed[0] == u16::from(b'@')
                        && char::decode_utf16(typed.iter().copied()).all(|c| c.is_ok())
                );
            }
        }
    });
    let (each, besides) = MOST_STEPS;
    assert!(taken <= each * length + besides, "{taken} steps for {length} characters");
}

/// A body, read as every JSON body of the REST interface.
pub fn bodies(data: &[u8]) {
    if let Some(draft) = body::<MessageDraft>(data, &["key", "text", "attachments"]) {
        if let Some(key) = draft.key.as_deref().and_then(MessageKey::parse) {
            assert_eq!(MessageKey::parse(&key.to_string()), Some(key));
        }
        for id in draft.attachments.iter().filter_map(|id| UploadId::parse(id)) {
            assert_eq!(UploadId::parse(&id.to_string()), Some(id));
        }
    }
    if let Some(patch) = body::<MessagePatch>(data, &["text", "attachments", "edits"]) {
        for id in patch.attachments.iter().flatten().filter_map(|id| UploadId::parse(id)) {
            assert_eq!(UploadId::parse(&id.to_string()), Some(id));
        }
    }
    body::<SignIn>(data, &["name", "password", "shared", "invite", "says"]);
    body::<ChannelDraft>(data, &["name", "topic", "kind", "posting", "people"]);
    body::<ChannelPatch>(
        data,
        &[
            "name",
            "topic",
            "kind",
            "posting",
            "locked",
            "archived",
            "all_muted",
            "slow_s",
            "newcomers",
            "hosts_pin",
        ],
    );
    body::<ReadMark>(data, &["number", "kind"]);
    body::<TokenDraft>(data, &["name"]);
    body::<NameChange>(data, &["name"]);
    body::<PasswordChange>(data, &["current", "new"]);
    body::<Report>(data, &["kind", "channel", "revision", "expected", "found"]);
    body::<PresenceSaid>(data, &["state", "watch", "open", "thread"]);
    body::<TypingSaid>(data, &["channel", "thread"]);
    if let Some(patch) =
        body::<SettingsPatch>(data, &["language", "theme", "enter_sends", "invisible"])
    {
        let _ = patch.apply(crate::model::users::Settings::default());
    }
}

/// An accepted body is one that a second reader accepts too: one object, without unknown fields.
fn body<T: DeserializeOwned>(data: &[u8], fields: &[&str]) -> Option<T> {
    let taken: T = serde_json::from_slice(data).ok()?;
    let value: Value = serde_json::from_slice(data).expect("what was taken is JSON");
    match value {
        Value::Object(object) => {
            assert!(object.keys().all(|key| fields.contains(&key.as_str())), "an unknown field");
        }
        // The same reader would accept a sequence of the fields without their names.
        Value::Array(list) => assert!(list.len() <= fields.len()),
        other => panic!("taken from {other}"),
    }
    Some(taken)
}

/// The argument of a classic event, and text as the classic clients encode it.
pub fn classic(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let decoded = socket::fuzzing::decoded(text);
    let _ = MessageText::parse(&decoded, false);
}

/// The query of every route.
pub fn queries(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    http::fuzzing::queries(text);
}

/// `name: value` lines as the headers of a request: cookies, tokens, proxies, languages, origins.
pub fn headers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    http::fuzzing::headers(text);
    if let Some(secret) = Secret::parse(text) {
        assert_eq!(secret.text(), text);
    }
}

/// A `Range` header and the length of a file.
pub fn ranges(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    http::fuzzing::range(text);
}

/// The path that a sign-in leads back to, and the addresses of channels.
pub fn addresses(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    http::fuzzing::next_page(text);
    http::fuzzing::channel_address(text);
}

/// A file's name and, on the next line, its media type.
pub fn uploads(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (name, media_type) = text.split_once('\n').unwrap_or((text, ""));
    let media_type = chat::fuzzing::upload_media_type(Some(media_type));
    if let Some(name) = chat::fuzzing::upload_name(name) {
        http::fuzzing::file_headers(&name, &media_type);
    }
}

/// `name: value` lines as the headers of a resumable upload.
pub fn resumable(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    http::fuzzing::resumable(text);
}

/// An uploaded image.
pub fn pictures(data: &[u8]) {
    files::fuzzing::picture(data);
}
