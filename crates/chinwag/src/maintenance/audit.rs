//! `chinwag audit`: prints the log of what those who keep order did, all of it.
//!
//! It reads beside a running server, or without one. A line is an entry, the oldest first.

use std::io::Write;
use std::path::Path;

use super::Error;
use super::backup::rfc3339;
use crate::model::channels::{ChannelKind, FOR_GOOD};
use crate::model::log::Act;
use crate::model::names::DisplayName;
use crate::model::time::Timestamp;
use crate::store::LogFilter;
use crate::store::sqlite::{Onlooker, WholeEntry};

/// Which entries are wanted, and in which form.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only what was done then or later, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Only what the person with this name did, or was done to them.
    pub who: Option<String>,
    /// Only acts of this code.
    pub act: Option<String>,
    /// One object of JSON a line, instead of words.
    pub json: bool,
}

/// Prints the entries of the log of a data folder.
///
/// # Errors
/// When the folder cannot be read, or there is no such person or act.
pub fn audit(data: &Path, wanted: &Wanted, out: &mut dyn Write) -> Result<(), Error> {
    let act = wanted.act.as_deref().map(|code| Act::of_code(code).ok_or_else(|| no_act(code)));
    let act = act.transpose()?;
    let onlooker = Onlooker::open(data)?;
    let person = match &wanted.who {
        None => None,
        Some(name) => {
            let parsed = DisplayName::parse(name).ok();
            let found = parsed.map(|name| onlooker.holder(&name)).transpose()?.flatten();
            Some(found.ok_or_else(|| Error::Nobody(name.clone()))?)
        }
    };
    let since = wanted.since.map(Timestamp);
    let filter = LogFilter { person, act, since, ..LogFilter::default() };
    let form = if wanted.json { json } else { line };
    // A closed output means that nobody reads on.
    onlooker.log(filter, |entry| writeln!(out, "{}", form(&entry)).is_ok())?;
    Ok(())
}

fn no_act(code: &str) -> Error {
    let codes: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    Error::NoAct { code: code.to_owned(), codes: codes.join(", ") }
}

/// An entry in words. Names and what people wrote are quoted, so that they are taken for nothing else.
fn line(entry: &WholeEntry) -> String {
    let mut line = format!("{} {}", rfc3339(entry.at), entry.act);
    match &entry.by {
        Some(by) => line += &format!(" by {by:?} from {}", entry.address),
        None => line += " by the operator",
    }
    if let Some(whom) = &entry.whom {
        line += &format!(" whom {whom:?}");
    }
    match (&entry.named, entry.channel) {
        (Some(named), _) => {
            line += &format!(" in {} {:?} ({})", named.kind.code(), named.name, named.id);
        }
        (None, Some(id)) => line += &format!(" in a channel that is gone ({id})"),
        (None, None) => {}
    }
    if let Some(number) = entry.number {
        line += &format!(" message {number}");
    }
    let is_mute = [Act::Mute, Act::MuteInChannel].iter().any(|act| act.code() == entry.act);
    let until = entry.detail.parse().ok().map(Timestamp);
    match until.filter(|_| is_mute) {
        Some(until) if until >= FOR_GOOD => line += " for good",
        Some(until) => line += &format!(" until {}", rfc3339(until)),
        None if is_mute => line += " ended",
        None if entry.detail.is_empty() => {}
        None => line += &format!(": {:?}", entry.detail),
    }
    line
}

/// An entry as an object.
fn json(entry: &WholeEntry) -> String {
    let WholeEntry { at, by, address, act, whom, channel, named, number, detail } = entry;
    let kind = named.as_ref().map(|named| ChannelKind::code(named.kind));
    serde_json::json!({
        "at": rfc3339(*at),
        "by": by,
        "address": address,
        "act": act,
        "whom": whom,
        "channel": channel.map(|channel| channel.0),
        "channel_name": named.as_ref().map(|named| &named.name),
        "channel_kind": kind,
        "number": number.map(|number| number.0),
        "detail": detail,
    })
    .to_string()
}
