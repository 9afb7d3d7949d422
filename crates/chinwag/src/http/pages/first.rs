//! The first view of a channel: the rows and the sidebar as the web app will draw them, as far as
//! the server can know. What hangs on the reader's zone and fonts is left to the view's own script.

use super::address::channel_href;
use super::views::{FirstRow, MessageRow, SideRow};
use crate::model::channels::MANY_UNREAD;
use crate::model::messages::Message;
use crate::wire::channels::Channel;
use crate::wire::time::rfc3339;

/// A follow-up comes this soon after the message before it, as in the web app's `rows.ts`.
const FOLLOWS_WITHIN_MS: i64 = 5 * 60 * 1000;

/// Rows that fill a usual window: 28 px is the least that one takes. What stands above is not worth
/// a slow phone's time before these are painted.
const SCREENFUL: usize = 32;

/// The newest of them are drawn at once; the rest, and what stands around the messages, a frame
/// later. A slow phone takes 3 ms for a row and as long for each size of letters.
const AT_ONCE: usize = 8;

/// The channels she is in.
pub(super) fn sidebar(channels: &[Channel], current: i64) -> Vec<SideRow<'_>> {
    let joined = channels.iter().filter(|channel| channel.member);
    joined
        .map(|Channel { info, unread, .. }| SideRow {
            name: &info.name,
            href: channel_href(&info.name),
            unread: if info.id == current { String::new() } else { count(*unread) },
            current: info.id == current,
        })
        .collect()
}

/// As the web app's sidebar says it.
fn count(unread: i64) -> String {
    match unread {
        ..=0 => String::new(),
        MANY_UNREAD.. => format!("{}+", MANY_UNREAD - 1),
        few => few.to_string(),
    }
}

/// What the rows hang on beside the messages.
pub(super) struct Reading {
    /// How far she had read.
    pub read_number: i64,
    /// Whether there are messages before the first of these.
    pub has_older: bool,
}

/// The messages of the page, oldest first.
pub(super) struct Rows {
    /// Only there without script.
    pub older: Vec<MessageRow>,
    /// Drawn a frame after the newest.
    pub above: Vec<FirstRow>,
    /// Drawn at once.
    pub newest: Vec<FirstRow>,
}

/// Splits them; `rows` are the messages, one for one. Where the app goes on to one message, nothing
/// is drawn before it knows where that stands.
pub(super) fn split(
    messages: &[Message],
    mut rows: Vec<MessageRow>,
    reading: &Reading,
    jumps: bool,
) -> Rows {
    let shown = if jumps { 0 } else { SCREENFUL };
    let above = rows.len().saturating_sub(shown);
    let new_at = new_line(&rows, reading);
    let is_lead =
        |at: usize| new_at == Some(at) || at == 0 || !follows(&messages[at - 1], &messages[at]);
    let drawn = rows.split_off(above).into_iter().zip(messages.iter().skip(above)).enumerate();
    let drawn = drawn.map(|(index, (row, message))| {
        let at = above + index;
        FirstRow {
            paragraphs: paragraphs(&row.text),
            row,
            at: rfc3339(message.created_at),
            author: message.author.id.0,
            lead: is_lead(at),
            tail: at + 1 == messages.len() || is_lead(at + 1),
            new_since: (new_at == Some(at))
                .then(|| rfc3339(messages[at.saturating_sub(1)].created_at)),
        }
    });
    let mut above: Vec<FirstRow> = drawn.collect();
    let newest = above.split_off(above.len().saturating_sub(AT_ONCE));
    Rows { older: rows, above, newest }
}

/// Above which row the line "New since" stands: the first by others that she has not read, if it
/// is known to be the first.
fn new_line(rows: &[MessageRow], reading: &Reading) -> Option<usize> {
    let at = rows.iter().position(|row| row.number > reading.read_number && !row.own)?;
    (at > 0 || !reading.has_older).then_some(at)
}

fn follows(before: &Message, message: &Message) -> bool {
    let soon = message.created_at.0 - before.created_at.0 < FOLLOWS_WITHIN_MS;
    let stand = before.deleted_at.is_none() && message.deleted_at.is_none();
    before.author.id == message.author.id && stand && soon
}

/// The text between empty lines. What is marked up in it waits for the app.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = lines.split(|line| line.trim().is_empty());
    blocks.filter(|block| !block.is_empty()).map(|block| block.join("\n")).collect()
}
