//! The pages of a transcript: compiled templates, which escape. A page holds its own style, and asks for
//! nothing but pictures beside it.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::Offset;
use percent_encoding::utf8_percent_encode;
use sha2::{Digest as _, Sha256};

use super::paths::{page_name, path_of};
use crate::chat::Transcript;
use crate::http::pages::address::SEGMENT;
use crate::http::pages::marked::marked;
use crate::model::ids::UploadId;
use crate::model::messages::Message;
use crate::model::quotes::Quote;
use crate::model::reactions::Reaction;
use crate::model::threads::Reply;
use crate::model::time::Timestamp;
use crate::model::users::Language;
use crate::words::{self, TranscriptWords, exported_by, transcript_words};

/// How many messages one page holds.
pub(super) const PAGE_MESSAGES: i64 = 5_000;
/// A message follows up the one before it when it comes within this time, as in the app.
const FOLLOWS_WITHIN_MS: i64 = 5 * 60 * 1000;
/// The style of a page.
const STYLE: &str = include_str!("../../../templates/transcript/style.css");
/// What a page may do: show its style, and the pictures beside it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' file:; base-uri 'none'; \
         form-action 'none'"
    )
});

/// How a transcript looks to whoever makes it.
pub(super) struct Look {
    language: Language,
    offset: Offset,
    place: String,
}

impl Look {
    /// `offset` in minutes ahead of UTC, within what jiff knows.
    pub(super) fn new(language: Language, offset: i32, place: String) -> Self {
        let offset = Offset::from_seconds(offset * 60).unwrap_or(Offset::UTC);
        Self { language, offset, place }
    }

    fn shown(&self, at: Timestamp, format: &str) -> String {
        let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
        self.offset.to_datetime(moment).strftime(format).to_string()
    }

    /// The day of a moment.
    pub(super) fn day(&self, at: Timestamp) -> String {
        self.shown(at, "%Y-%m-%d")
    }

    /// The offset as it is written, such as `UTC+08:00`.
    fn zone(&self) -> String {
        let minutes = self.offset.seconds() / 60;
        let sign = if minutes < 0 { '−' } else { '+' };
        match minutes.abs() {
            0 => "UTC".to_owned(),
            away => format!("UTC{sign}{:02}:{:02}", away / 60, away % 60),
        }
    }
}

/// One page of a transcript.
pub(super) struct Pages<'a> {
    look: &'a Look,
    transcript: &'a Transcript,
    page: i64,
}

#[derive(Template)]
#[template(path = "transcript/head.html")]
struct Head<'a> {
    words: &'static TranscriptWords,
    policy: &'a str,
    style: &'a str,
    place: &'a str,
    name: &'a str,
    topic: &'a str,
    made: String,
    older: Option<String>,
}

#[derive(Template)]
#[template(path = "transcript/rows.html")]
struct Rows<'a> {
    words: &'static TranscriptWords,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    number: i64,
    author: &'a str,
    initial: String,
    hue: u32,
    /// The day, when it begins with this message.
    day: Option<String>,
    time: String,
    whole_time: String,
    /// Whether it has a face and a name, because it does not follow up the message before it.
    lead: bool,
    deleted: bool,
    removed: bool,
    /// Whether it stands in a thread, under the message that begins it.
    aside: bool,
    /// What a reply answers, in a few words, where it does not stand right under that.
    answers: Option<&'static str>,
    /// What a line says, for a row that is one.
    line: Option<String>,
    quote: Option<QuoteOf<'a>>,
    /// What it carries of another message: its author, its time, its text and that as HTML.
    forwarded: Option<(&'a str, String, &'a str, Option<String>)>,
    text: &'a str,
    marked: Option<String>,
    /// When its author changed it last.
    edited_at: Option<String>,
    files: Vec<File<'a>>,
    reactions: &'a [Reaction],
}

/// What a message quotes.
struct QuoteOf<'a> {
    /// Where the original stands in the transcript; `None` when it is not kept any more.
    href: Option<String>,
    /// Who wrote it; `None` when nothing of it is left.
    author: Option<(&'a str, u32)>,
    time: String,
    text: &'a str,
}

struct File<'a> {
    name: &'a str,
    /// `None`: it is missing.
    href: Option<String>,
    /// Whether a browser shows it.
    is_picture: bool,
    size: String,
}

#[derive(Template)]
#[template(path = "transcript/foot.html")]
struct Foot {
    words: &'static TranscriptWords,
    is_empty: bool,
    newer: Option<String>,
}

/// What the next message is compared with: the author, the time and the day of the one before, and
/// whether it was deleted and stands in a thread.
pub(super) struct Before {
    author: i64,
    at: Timestamp,
    day: String,
    deleted: bool,
    aside: bool,
}

impl<'a> Pages<'a> {
    pub(super) fn new(look: &'a Look, transcript: &'a Transcript, page: i64) -> Self {
        Self { look, transcript, page }
    }

    fn words(&self) -> &'static TranscriptWords {
        transcript_words(self.look.language)
    }

    /// What stands above the messages.
    pub(super) fn head(&self) -> std::io::Result<String> {
        let Transcript { channel, at, .. } = self.transcript;
        let at = self.look.shown(*at, "%Y-%m-%d %H:%M");
        let (language, maker) = (self.look.language, self.transcript.maker());
        let head = Head {
            words: self.words(),
            policy: &POLICY,
            style: STYLE,
            place: &self.look.place,
            name: &channel.name,
            topic: &channel.topic,
            made: exported_by(language, maker, &at, &self.look.zone()),
            older: (self.page > 1).then(|| page_name(self.page - 1)),
        };
        head.render().map_err(std::io::Error::other)
    }

    /// Messages, ascending. `before` is the one before them on the page, and then the last of them.
    pub(super) fn rows(
        &self,
        messages: &[Message],
        before: &mut Option<Before>,
        missing: &HashSet<UploadId>,
    ) -> std::io::Result<String> {
        let rows = messages.iter().map(|message| self.row(message, before, missing)).collect();
        Rows { words: self.words(), rows }.render().map_err(std::io::Error::other)
    }

    fn row<'m>(
        &self,
        message: &'m Message,
        before: &mut Option<Before>,
        missing: &HashSet<UploadId>,
    ) -> Row<'m> {
        let (at, author) = (message.created_at, message.author.id.0);
        let (day, deleted) =
            (self.look.day(at), message.deleted_at.is_some() || message.line.is_some());
        let aside = !message.in_run();
        // In a thread, each reply says its day: it was written while the channel went on.
        let day = match before {
            Some(before) if aside => before.day.clone(),
            _ => day,
        };
        let begins = before.as_ref().is_none_or(|before| before.day != day);
        let follows = before.as_ref().is_some_and(|before| {
            before.author == author
                && !before.deleted
                && before.aside == aside
                && at.0 - before.at.0 < FOLLOWS_WITHIN_MS
        });
        let files = message.attachments.iter().enumerate().map(|(position, file)| {
            let path = path_of(message, position).filter(|_| !missing.contains(&file.id));
            File {
                name: &file.name,
                href: path.as_deref().map(href),
                is_picture: file.pixels.is_some(),
                size: size(file.size_bytes),
            }
        });
        let row = Row {
            number: message.number.0,
            author: &message.author.name,
            initial: initial(&message.author.name),
            hue: hue(author),
            day: begins.then(|| day.clone()),
            time: self.look.shown(at, if aside { "%Y-%m-%d %H:%M" } else { "%H:%M" }),
            whole_time: self.look.shown(at, "%Y-%m-%d %H:%M:%S"),
            lead: begins || !follows,
            deleted,
            removed: message.removed,
            aside,
            answers: message.reply.and_then(|reply| self.answers(reply)),
            line: message
                .line
                .as_ref()
                .map(|line| words::line(self.look.language, line, Some(&message.author.name))),
            forwarded: message.forwarded.as_ref().map(|carried| {
                let at = self.look.shown(carried.at, "%Y-%m-%d %H:%M");
                let (name, text) = (carried.author.name.as_str(), carried.text.as_str());
                (name, at, text, marked(name, text, &[], &BTreeSet::new()))
            }),
            quote: message.quote.as_ref().map(|quote| self.quote(quote)),
            text: &message.text,
            marked: marked(
                &message.author.name,
                &message.text,
                &message.mentions,
                &BTreeSet::new(),
            ),
            edited_at: message.edited_at.map(|at| self.look.shown(at, "%Y-%m-%d %H:%M:%S")),
            files: files.collect(),
            reactions: &message.reactions,
        };
        *before = Some(Before { author, at, day, deleted, aside });
        row
    }

    fn quote<'m>(&self, quote: &'m Quote) -> QuoteOf<'m> {
        let words = self.words();
        let gone = |text, href| QuoteOf { href, author: None, time: String::new(), text };
        // A thread stands on the page of the message that begins it.
        let row = quote.original.as_ref().and_then(|original| original.aside);
        let page = (row.unwrap_or(quote.number).0 - 1) / PAGE_MESSAGES + 1;
        let page = if page == self.page { String::new() } else { page_name(page) };
        let href = Some(format!("{page}#m{}", quote.number));
        match &quote.original {
            None => gone(words.quoted_cleared, None),
            Some(original) if original.removed => gone(words.removed, href),
            Some(original) if original.deleted_at.is_some() => gone(words.quoted_deleted, href),
            Some(original) => QuoteOf {
                href,
                author: Some((&original.author.name, hue(original.author.id.0))),
                time: self.look.shown(original.created_at, "%Y-%m-%d %H:%M"),
                text: original.file.as_deref().unwrap_or(&original.beginning),
            },
        }
    }

    /// The words over a reply that stands in the run, and over one whose root is not kept any more.
    fn answers(&self, reply: Reply) -> Option<&'static str> {
        if reply.root <= self.transcript.channel.floor {
            return Some(self.words().rootless);
        }
        reply.in_run.then_some(self.words().reply)
    }

    /// What stands below the messages.
    pub(super) fn foot(&self, is_empty: bool) -> std::io::Result<String> {
        let has_newer = self.page * PAGE_MESSAGES < self.transcript.through.0;
        let newer = has_newer.then(|| page_name(self.page + 1));
        let foot = Foot { words: self.words(), is_empty, newer };
        foot.render().map_err(std::io::Error::other)
    }
}

/// The path of a file as an address beside the page.
fn href(path: &str) -> String {
    let parts: Vec<String> =
        path.split('/').map(|part| utf8_percent_encode(part, SEGMENT).to_string()).collect();
    parts.join("/")
}

/// The first letter of a name.
fn initial(name: &str) -> String {
    name.trim()
        .chars()
        .next()
        .map_or_else(|| "?".to_owned(), |first| first.to_uppercase().collect())
}

/// The hue of a person, as the app has it (`views/parts/people.ts`).
fn hue(id: i64) -> u32 {
    const SPREAD: i64 = 2_654_435_761;
    let low = id.wrapping_mul(SPREAD).rem_euclid(1 << 32);
    u32::try_from(low >> 29).unwrap_or_default()
}

/// A size as people read it.
fn size(bytes: i64) -> String {
    let mut text = String::new();
    let _ = match bytes {
        ..1_024 => write!(text, "{bytes} B"),
        1_024..1_048_576 => write!(text, "{} KB", bytes.div_euclid(1_024)),
        _ => write!(text, "{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::{Language, Look, Timestamp, hue, size};

    #[test]
    fn times_are_those_of_whoever_makes_it() {
        let look = |offset| Look::new(Language::English, offset, String::new());
        let at = Timestamp(1_795_383_720_000);
        assert_eq!(look(0).shown(at, "%Y-%m-%d %H:%M"), "2026-11-22 21:42");
        assert_eq!(look(480).shown(at, "%Y-%m-%d %H:%M"), "2026-11-23 05:42");
        assert_eq!(look(-210).day(at), "2026-11-22");
        let zones = [look(0).zone(), look(480).zone(), look(-210).zone()];
        assert_eq!(zones, ["UTC", "UTC+08:00", "UTC−03:30"]);
    }

    #[test]
    fn people_have_the_hues_of_the_app() {
        assert_eq!([1, 2, 3, 4, 5].map(hue), [4, 1, 6, 3, 0]);
        assert_eq!([500, 2_048, 3_670_016].map(size), ["500 B", "2 KB", "3.5 MB"]);
    }
}
