//! How far people have read, and how much is unread above that.
//!
//! Unread are the messages by others above the mark that are not deleted. Nobody counts them one by
//! one: of all numbers above the mark, the tombstones (an index holds them) and the person's own
//! messages (their number is kept in the member's row) are taken away.

use rusqlite::Connection;

use super::channels::{self, Head};
use super::members::{self, Place};
use super::streams;
use super::writer::Tx;
use crate::model::channels::{MANY_UNREAD, MarkKind, ReadMark, ReadState};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::store::Result;

/// How many rows are looked at, at most, to find a person's own messages above a mark that was set
/// in the middle of a channel. What lies beyond counts as unread, which then is "999+" in any case
/// but one: more own messages above the mark than this.
const MOST_LOOKED_AT: i64 = 10_000;

pub(super) fn mark_read(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    number: Number,
    kind: MarkKind,
) -> Result<Option<ReadState>> {
    let Some(head) = channels::head(tx.db, id)? else { return Ok(None) };
    let Some(place) = members::place(tx.db, id, user)? else { return Ok(None) };
    let number = Number(number.0.clamp(0, head.last_number.0));
    let moves = match kind {
        MarkKind::Read => number > place.read_number,
        MarkKind::Mark => number != place.read_number,
    };
    if !moves {
        return state(tx.db, id, head, place).map(Some);
    }
    let own_above = own_above(tx.db, id, user, head, place, number)?;
    let step = streams::next_own(tx.db, user)?;
    let place = Place { read_number: number, read_step: step, own_above };
    set(tx.db, id, user, place)?;
    let state = state(tx.db, id, head, place)?;
    tx.happened(Event::ReadMoved { user, state });
    Ok(Some(state))
}

/// The author of a message that was just stored had this place in the channel, and `head` was read
/// before it. The mark moves to the message when nothing unread by others lies between.
pub(super) fn posted(
    tx: &mut Tx<'_>,
    id: ChannelId,
    author: Author,
    head: Head,
    place: Place,
) -> Result<Option<ReadState>> {
    let (user, number) = (author.id, Number(head.last_number.0 + 1));
    if unread(tx.db, id, head, place)? > 0 {
        let mut update = tx.db.prepare_cached(
            "UPDATE members SET own_above = own_above + 1 WHERE channel_id = ?1 AND user_id = ?2",
        )?;
        update.execute((id.0, user.0))?;
        return Ok(None);
    }
    let step = streams::set_own(tx.db, user, Revision(author.own_revision.0 + 1))?;
    set(tx.db, id, user, Place { read_number: number, read_step: step, own_above: 0 })?;
    let channel_revision = Revision(head.revision.0 + 1);
    let read = ReadMark { number, step };
    Ok(Some(ReadState { channel: id, read, unread: 0, channel_revision }))
}

/// Who posts, with the own revision that was read before.
#[derive(Clone, Copy)]
pub(super) struct Author {
    pub(super) id: UserId,
    pub(super) own_revision: Revision,
}

/// A message became a tombstone: where it stands above its author's mark, it is one own message
/// less there.
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

/// What is unread when so many numbers lie above the mark, so many of them tombstones and own.
pub(super) fn remaining(above: i64, tombstones: i64, own_above: i64) -> i64 {
    (above - tombstones - own_above).clamp(0, MANY_UNREAD)
}

fn state(db: &Connection, id: ChannelId, head: Head, place: Place) -> Result<ReadState> {
    let read = ReadMark { number: place.read_number, step: place.read_step };
    let unread = unread(db, id, head, place)?;
    Ok(ReadState { channel: id, read, unread, channel_revision: head.revision })
}

pub(super) fn unread(db: &Connection, id: ChannelId, head: Head, place: Place) -> Result<i64> {
    let above = head.last_number.0 - place.read_number.0;
    // Where every change was a post nothing was deleted.
    let untouched = head.revision.0 == head.last_number.0;
    let tombstones =
        if above <= place.own_above || untouched { 0 } else { tombstones(db, id, place)? };
    Ok(remaining(above, tombstones, place.own_above))
}

fn tombstones(db: &Connection, id: ChannelId, place: Place) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM messages INDEXED BY messages_deleted
         WHERE channel_id = ?1 AND number > ?2 AND deleted_at IS NOT NULL",
    )?;
    Ok(count.query_row((id.0, place.read_number.0), |row| row.get(0))?)
}

fn set(db: &Connection, id: ChannelId, user: UserId, place: Place) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE members SET read_number = ?3, read_step = ?4, own_revision = ?4, own_above = ?5
         WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    let Place { read_number, read_step, own_above } = place;
    update.execute((id.0, user.0, read_number.0, read_step.0, own_above))?;
    Ok(())
}

/// How many own messages stand above `number`, where the mark moves from `place`.
fn own_above(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    head: Head,
    place: Place,
    number: Number,
) -> Result<i64> {
    let (from, to, last) = (place.read_number.0, number.0, head.last_number.0);
    if to >= last || (to > from && place.own_above == 0) {
        return Ok(0);
    }
    let between = |after: i64, until: i64| own_between(db, id, user, after, until);
    if last - to <= MOST_LOOKED_AT {
        between(to, last)
    } else if to > from && to - from <= MOST_LOOKED_AT {
        Ok((place.own_above - between(from, to)?).max(0))
    } else if to < from && from - to <= MOST_LOOKED_AT {
        Ok(place.own_above + between(to, from)?)
    } else {
        between(last - MOST_LOOKED_AT, last)
    }
}

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
           AND author_id = ?4 AND deleted_at IS NULL",
    )?;
    Ok(count.query_row((id.0, after, until, user.0), |row| row.get(0))?)
}
