//! The first view of a channel: the rows and the sidebar as the web app will draw them, as far as
//! the server can know. What hangs on the reader's zone and fonts is left to the view's own script.

use super::address::channel_href;
use super::views::{FirstRow, MessageRow, SideRow};
use crate::model::messages::Message;
use crate::wire::channels::Channel;
use crate::wire::time::rfc3339;

/// A follow-up comes this soon after the message before it, as in the web app's `rows.ts`.
const FOLLOWS_WITHIN_MS: i64 = 5 * 60 * 1000;

/// Rows that surely fill a usual window: 900 px of follow-ups, which are 28 px high. The others are
/// laid out after these are painted.
pub(super) const SCREENFUL: usize = 28;

/// The channels she is in.
pub(super) fn sidebar(channels: &[Channel], current: i64) -> Vec<SideRow<'_>> {
    let joined = channels.iter().filter(|channel| channel.member);
    joined
        .map(|Channel { info, read_number, .. }| SideRow {
            name: &info.name,
            href: channel_href(&info.name),
            unread: if info.id == current { 0 } else { (info.last_number - read_number).max(0) },
            current: info.id == current,
        })
        .collect()
}

/// What the rows hang on beside the messages.
pub(super) struct Reading {
    /// How far she had read.
    pub read_number: i64,
    /// Whether there are messages before the first of these.
    pub has_older: bool,
}

/// The messages as they stand among each other; `rows` are the same ones, drawn.
pub(super) fn rows(
    messages: &[Message],
    rows: Vec<MessageRow>,
    reading: &Reading,
) -> Vec<FirstRow> {
    let new_at = new_line(&rows, reading);
    let leads: Vec<bool> = (0..messages.len())
        .map(|at| new_at == Some(at) || at == 0 || !follows(&messages[at - 1], &messages[at]))
        .collect();
    let drawn = rows.into_iter().zip(messages).enumerate();
    drawn
        .map(|(at, (row, message))| FirstRow {
            paragraphs: paragraphs(&row.text),
            row,
            at: rfc3339(message.created_at),
            author: message.author.id.0,
            lead: leads[at],
            tail: leads.get(at + 1).copied().unwrap_or(true),
            new_since: (new_at == Some(at))
                .then(|| rfc3339(messages[at.saturating_sub(1)].created_at)),
        })
        .collect()
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
