//! Lines in the stream of a channel: what happened there. Whatever changes a channel calls these functions
//! in its own transaction.

use super::rows::{channels, lines, messages};
use super::writer::Tx;
use crate::model::channels::{Channel, ChannelKind};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::lines::{Line, LineKind, MOST_MEMBERS_WITH_LINES, Passage};
use crate::model::log::Doer;
use crate::model::time::Timestamp;
use crate::store::{Error, Result};

/// Writes a line into a channel that exists: it takes the next number and revision. Event: `LineWritten`.
pub(super) fn write(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    by: UserId,
    at: Timestamp,
    line: &Line<UserId>,
) -> Result<()> {
    lines::add(tx.db, channel, by, at, line)?;
    tell_newest(tx, channel)
}

/// Says that somebody is about to join or leave a channel that exists; to be called before they do. If the
/// newest row of the run is such a line, it goes on, under a new revision. Direct conversations and channels with many
/// members have no such lines. Event, if there is a line: `LineWritten`.
pub(super) fn passed(tx: &mut Tx<'_>, channel: ChannelId, person: Passage<UserId>) -> Result<()> {
    let mut find = tx.db.prepare_cached(
        "SELECT c.kind, c.member_count, coalesce(m.text, '')
         FROM channels c
         LEFT JOIN messages m ON m.channel_id = c.id AND m.number = c.last_in_run
                             AND m.number > c.floor AND m.deleted_at IS NOT NULL
         WHERE c.id = ?1",
    )?;
    let (kind, members, newest) = find.query_row([channel.0], |row| {
        let kind = ChannelKind::of_code(row.get_ref(0)?.as_str()?);
        Ok((kind, row.get::<_, i64>(1)?, lines::line_of(row.get_ref(2)?.as_str()?)))
    })?;
    let with_them = members + i64::from(person.joined);
    if kind == Some(ChannelKind::Direct) || with_them > MOST_MEMBERS_WITH_LINES {
        return Ok(());
    }
    let (who, at) = (person.who, person.at);
    let goes_on = newest.filter(|line| line.kind == LineKind::Members).and_then(|mut line| {
        let fits = line.goes_on(person.clone());
        fits.then_some(line)
    });
    match goes_on {
        Some(line) => {
            lines::change(tx.db, channel, at, &line)?;
            tell_newest(tx, channel)
        }
        None => write(tx, channel, who, at, &Line::about(LineKind::Members, person)),
    }
}

/// Says how the facts of a channel changed, with a line for each fact that has one. Events: `LineWritten`.
pub(super) fn changed(tx: &mut Tx<'_>, by: &Doer, before: &Channel, after: &Channel) -> Result<()> {
    let (was, is) = (before.state, after.state);
    let mut told = Vec::new();
    if before.name != after.name {
        // A conversation is named, whatever it was called before.
        let is_direct = is.kind == ChannelKind::Direct;
        let from = if is_direct { String::new() } else { before.name.clone() };
        let to = after.name.clone();
        told.push(Line { from, to, ..Line::of(LineKind::Renamed) });
    }
    if before.topic != after.topic {
        told.push(Line { to: after.topic.clone(), ..Line::of(LineKind::Topic) });
    }
    if was.kind != is.kind {
        let is_public = is.kind == ChannelKind::Public;
        let kind = if is_public { LineKind::MadePublic } else { LineKind::MadePrivate };
        told.push(Line::of(kind));
    }
    if was.slow_s != is.slow_s {
        told.push(Line { to: is.slow_s.to_string(), ..Line::of(LineKind::Slow) });
    }
    if was.archived != is.archived {
        let kind = if is.archived { LineKind::Archived } else { LineKind::BroughtBack };
        told.push(Line::of(kind));
    }
    for line in told {
        write(tx, after.id, by.user, by.at, &line)?;
    }
    Ok(())
}

/// Removes the words of a topic from the line that says it, if the row is one. Event then: `LineWritten`.
pub(super) fn remove_topic(tx: &mut Tx<'_>, channel: ChannelId, number: Number) -> Result<()> {
    match lines::remove_topic(tx.db, channel, number)? {
        true => tell(tx, channel, number),
        false => Ok(()),
    }
}

/// Tells of the line at the end of a channel's run.
fn tell_newest(tx: &mut Tx<'_>, channel: ChannelId) -> Result<()> {
    let missing = || Error::Corrupt(format!("channel {channel} is missing"));
    let head = channels::head(tx.db, channel)?.ok_or_else(missing)?;
    tell(tx, channel, head.last_in_run)
}

/// Tells of a line.
fn tell(tx: &mut Tx<'_>, channel: ChannelId, number: Number) -> Result<()> {
    let missing = || Error::Corrupt(format!("line {number} of channel {channel} is missing"));
    let line = messages::message(tx.db, channel, number)?.ok_or_else(missing)?;
    tx.happened(Event::LineWritten(line));
    Ok(())
}
