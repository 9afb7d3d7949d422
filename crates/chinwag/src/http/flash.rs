//! One-time messages: set with a redirect, shown by the next page, and then gone.
//!
//! The cookie carries a code and a name, never a sentence, so that nobody can make the server show
//! a sentence of theirs by setting one.

use axum::http::{HeaderMap, HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::cookies::{Jar, Kind};
use crate::model::users::Language;
use crate::wire::state::{Flash, FlashKind};
use crate::words::FlashText;

/// How long a flash waits for its page, in seconds.
const LIFE_S: i64 = 60;
/// The longest name that a flash carries, in bytes.
const MAX_NAME: usize = 1_024;

/// Sets a flash for the next page.
pub(super) fn set(flash: &FlashText, jar: &Jar<'_>) -> Option<HeaderValue> {
    let (code, name) = match flash {
        FlashText::NameCreated(name) => ("name_created", name.as_str()),
        FlashText::NameChanged(name) => ("name_changed", name.as_str()),
        FlashText::LoggedOut => ("logged_out", ""),
        FlashText::LoggedOutHere => ("logged_out_here", ""),
        FlashText::ChannelExists(name) => ("channel_exists", name.as_str()),
        FlashText::ChannelCreated(name) => ("channel_created", name.as_str()),
        FlashText::ChannelNameEmpty => ("channel_name_empty", ""),
        FlashText::Added(name) => ("added", name.as_str()),
        FlashText::Left(name) => ("left", name.as_str()),
        FlashText::NotLoggedIn => ("not_logged_in", ""),
        FlashText::CameByLink(by) => ("came_by_link", by.as_str()),
    };
    let value = format!("{code}.{}", utf8_percent_encode(name, NON_ALPHANUMERIC));
    jar.set(Kind::Flash, &value, Some(LIFE_S))
}

/// The flash that this page has to show, and the header that removes it.
pub(super) fn take(jar: &Jar<'_>, language: Language) -> (Vec<Flash>, Option<HeaderValue>) {
    let Some(value) = jar.get(Kind::Flash) else { return (Vec::new(), None) };
    let flash = read(value).map(|flash| Flash { kind: kind(&flash), text: flash.text(language) });
    (flash.into_iter().collect(), jar.set(Kind::Flash, "", Some(0)))
}

pub(super) fn read(value: &str) -> Option<FlashText> {
    let (code, name) = value.split_once('.')?;
    let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
    if name.len() > MAX_NAME {
        return None;
    }
    Some(match code {
        "name_created" => FlashText::NameCreated(name),
        "name_changed" => FlashText::NameChanged(name),
        "logged_out" => FlashText::LoggedOut,
        "logged_out_here" => FlashText::LoggedOutHere,
        "channel_exists" => FlashText::ChannelExists(name),
        "channel_created" => FlashText::ChannelCreated(name),
        "channel_name_empty" => FlashText::ChannelNameEmpty,
        "added" => FlashText::Added(name),
        "left" => FlashText::Left(name),
        "not_logged_in" => FlashText::NotLoggedIn,
        "came_by_link" => FlashText::CameByLink(name),
        _ => return None,
    })
}

fn kind(flash: &FlashText) -> FlashKind {
    match flash {
        FlashText::NameCreated(_)
        | FlashText::NameChanged(_)
        | FlashText::ChannelCreated(_)
        | FlashText::Added(_) => FlashKind::Ok,
        FlashText::LoggedOut | FlashText::Left(_) | FlashText::CameByLink(_) => FlashKind::Info,
        FlashText::ChannelExists(_) | FlashText::NotLoggedIn | FlashText::LoggedOutHere => {
            FlashKind::Warn
        }
        FlashText::ChannelNameEmpty => FlashKind::Bad,
    }
}

/// Adds a flash to an answer.
pub(super) fn add(to: &mut HeaderMap, flash: &FlashText, jar: &Jar<'_>) {
    if let Some(cookie) = set(flash, jar) {
        to.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::{FlashText, HeaderMap, Jar, read, set};
    use crate::http::cookies::CookieNames;

    #[test]
    fn a_flash_survives_its_cookie() {
        for flash in [FlashText::ChannelCreated("设计; 评审.\"".into()), FlashText::LoggedOut] {
            let (names, request_headers) = (CookieNames::of("0"), HeaderMap::new());
            let cookie = set(&flash, &Jar::new(&names, &request_headers, true)).unwrap();
            let value = cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
            assert_eq!(read(&value), Some(flash));
        }
        assert_eq!(read("hello.you"), None);
        assert_eq!(read("nonsense"), None);
    }
}
