//! How far people have read, and how much is unread above that.
//!
//! Unread are the messages of the run by others above the read mark that are not deleted. They are not
//! counted one by one: from the count of all numbers above the mark, the rows that are off the run (each row
//! says how many there are up to it), the tombstones and lines (counted by an index) and the person's own
//! messages (their count is kept in the member's row) are subtracted. Of a
//! channel that was cleared, what is above its floor counts.

use rusqlite::Connection;

use super::rows::channels;
use super::rows::head::Head;
use super::rows::members::{self, MemberRow};
use super::rows::mentions;
use super::rows::revisions;
use super::writer::Tx;
use crate::model::channels::{MarkKind, ReadMark, ReadState};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::store::Result;

/// The most rows that are read to count a person's own messages above a mark that was set in the
/// middle of a channel. Own messages beyond them count as unread. With so many messages above the
/// mark that shows as "999+" in any case, unless nearly all of them are the person's own.
pub(super) const MOST_LOOKED_AT: i64 = 10_000;

pub(super) fn mark_read(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    number: Number,
    kind: MarkKind,
) -> Result<Option<ReadState>> {
    let Some(head) = channels::head(tx.db, id)? else { return Ok(None) };
    let Some(member) = members::row(tx.db, id, user)? else { return Ok(None) };
    let number = Number(number.0.clamp(head.floor.0, head.last_number.0));
    let moves = match kind {
        MarkKind::Read => number > member.read_number,
        MarkKind::Mark => number != member.read_number,
    };
    if !moves {
        return state(tx.db, id, user, head, member).map(Some);
    }
    let own_above = own_above(tx.db, id, user, head, member, number)?;
    let read_off = off_count(tx.db, id, head, number)?;
    let step = revisions::next_own(tx.db, user)?;
    let member = MemberRow { read_number: number, read_step: step, own_above, read_off, ..member };
    members::set(tx.db, id, user, member)?;
    let state = state(tx.db, id, user, head, member)?;
    tx.happened(Event::ReadMoved { user, state });
    Ok(Some(state))
}

/// Follows a message of the run that was just stored. `own`, `head` and `member` are the revision of the
/// author's own stream, the head of the channel and the author's row, all as they were before it. The
/// author's mark moves to the message if no unread message of others lies between; otherwise the
/// message is one more of their own above it.
pub(super) fn posted(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    own: Revision,
    head: Head,
    member: MemberRow,
) -> Result<Option<ReadState>> {
    if unread(tx.db, id, head, member)? > 0 {
        let mut update = tx.db.prepare_cached(
            "UPDATE members SET own_above = own_above + 1 WHERE channel_id = ?1 AND user_id = ?2",
        )?;
        update.execute((id.0, user.0))?;
        return Ok(None);
    }
    let number = Number(head.last_number.0 + 1);
    let step = revisions::set_own(tx.db, user, Revision(own.0 + 1))?;
    let read_off = head.off_count;
    let member =
        MemberRow { read_number: number, read_step: step, own_above: 0, read_off, ..member };
    members::set(tx.db, id, user, member)?;
    let channel_revision = Revision(head.revision.0 + 1);
    let read = ReadMark { number, step };
    Ok(Some(ReadState { channel: id, read, unread: 0, mentions: 0, channel_revision }))
}

/// Follows a message of the run that became a tombstone: if it is above its author's mark, one fewer of their
/// own messages is there.
pub(super) fn deleted(
    db: &Connection,
    id: ChannelId,
    author: UserId,
    number: Number,
) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE members SET own_above = own_above - 1
         WHERE channel_id = ?1 AND user_id = ?2 AND read_number < ?3 AND own_above > 0",
    )?;
    update.execute((id.0, author.0, number.0))?;
    Ok(())
}

/// A read mark with what is unread above it.
fn state(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    head: Head,
    member: MemberRow,
) -> Result<ReadState> {
    let read = ReadMark { number: member.read_number, step: member.read_step };
    let unread = unread(db, id, head, member)?;
    let above = member.read_number.max(head.floor);
    let mentions =
        if head.last_mention > above { mentions::above(db, id, user, above)? } else { 0 };
    Ok(ReadState { channel: id, read, unread, mentions, channel_revision: head.revision })
}

pub(super) fn unread(db: &Connection, id: ChannelId, head: Head, member: MemberRow) -> Result<i64> {
    let read = member.read_number.max(head.floor);
    let off = head.off_count - member.read_off.max(head.floor_off);
    let above = head.last_number.0 - read.0 - off;
    let is_quiet = above > member.own_above && head.last_quiet > read;
    let quiet = if is_quiet { quiet(db, id, read)? } else { 0 };
    Ok(members::unread(above, quiet, member.own_above))
}

/// How many tombstones and lines are above a number.
fn quiet(db: &Connection, id: ChannelId, read: Number) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM messages INDEXED BY messages_deleted
         WHERE channel_id = ?1 AND number > ?2 AND deleted_at IS NOT NULL AND off_run = 0",
    )?;
    Ok(count.query_row((id.0, read.0), |row| row.get(0))?)
}

/// How many rows of a channel up to `number` are off the run.
pub(super) fn off_count(db: &Connection, id: ChannelId, head: Head, number: Number) -> Result<i64> {
    if number <= head.floor || head.off_count == head.floor_off {
        return Ok(head.floor_off);
    }
    let mut find =
        db.prepare_cached("SELECT off_count FROM messages WHERE channel_id = ?1 AND number = ?2")?;
    Ok(find.query_row((id.0, number.0), |row| row.get(0))?)
}

/// How many of the person's own messages are above `number`, to which their mark moves.
fn own_above(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    head: Head,
    member: MemberRow,
    number: Number,
) -> Result<i64> {
    let from = member.read_number.max(head.floor).0;
    let (to, last) = (number.0, head.last_number.0);
    if to >= last || (to > from && member.own_above == 0) {
        return Ok(0);
    }
    let between = |after: i64, until: i64| own_between(db, id, user, after, until);
    if last - to <= MOST_LOOKED_AT {
        between(to, last)
    } else if to > from && to - from <= MOST_LOOKED_AT {
        Ok((member.own_above - between(from, to)?).max(0))
    } else if to < from && from - to <= MOST_LOOKED_AT {
        Ok(member.own_above + between(to, from)?)
    } else {
        between(last - MOST_LOOKED_AT, last)
    }
}

/// How many of the person's own messages have a number above `after` and up to `until`.
fn own_between(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    after: i64,
    until: i64,
) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM messages
         WHERE channel_id = ?1 AND number > ?2 AND number <= ?3
           AND author_id = ?4 AND deleted_at IS NULL AND off_run = 0",
    )?;
    Ok(count.query_row((id.0, after, until, user.0), |row| row.get(0))?)
}
