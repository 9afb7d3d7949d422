//! Deleting a channel, and removing the rows of a channel that was deleted or cleared.
//!
//! From the first transaction on nobody is in a deleted channel and nobody may know of it, as of a private
//! channel. Rows go in batches, which continue after a crash.

use rusqlite::{Connection, OptionalExtension};

use super::rows::log::{self, About};
use super::rows::{channels, members, old_channel_names, reports, spent_keys, sql_count, standing};
use super::writer::Tx;
use super::{facts, searching};
use crate::model::channels::ChannelKind;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UploadId};
use crate::model::log::{Act, Doer};
use crate::model::permissions::Action;
use crate::store::{Result, SWEPT_AT_ONCE};

/// The numbers of the first messages of channel `?1` up to number `?3`, at most `?2`.
const FIRST: &str = "SELECT number FROM messages WHERE channel_id = ?1 AND number <= ?3
                     ORDER BY number LIMIT ?2";

/// See [`Hosting::delete_channel`](crate::store::Hosting::delete_channel).
pub(super) fn delete(tx: &mut Tx<'_>, id: ChannelId, by: &Doer) -> Result<()> {
    let seen = standing::check(tx.db, id, by.user, Action::Delete, by.at)?;
    let name = channels::existing(tx.db, id)?.name;
    let about = About { channel: Some(id), detail: &name, ..About::default() };
    let act = match seen.state.kind {
        ChannelKind::Public => Act::DeleteChannel,
        ChannelKind::Private | ChannelKind::Direct => Act::DeletePrivateChannel,
    };
    log::add(tx.db, by, act, &about)?;
    let mut close = tx.db.prepare_cached(
        "UPDATE channels SET kind = 'private', name = '', name_key = ' ' || id, look_drawn = '',
                             look_folded = '', topic = '', newcomers = 0
         WHERE id = ?1",
    )?;
    close.execute([id.0])?;
    old_channel_names::free_of(tx.db, id)?;
    // The copies in reports go with it.
    let mut forget = tx.db.prepare_cached("DELETE FROM message_reports WHERE channel_id = ?1")?;
    if forget.execute([id.0])? > 0 {
        reports::changed(tx)?;
    }
    begin(tx.db, id, None)?;
    for user in members::all(tx.db, id)? {
        if let Some((_, own)) = members::remove(tx.db, id, user)? {
            tx.happened(Event::MembershipLost { user, channel: id, own });
        }
    }
    if seen.state.kind == ChannelKind::Public {
        facts::delist(tx, id)?;
    }
    Ok(())
}

/// Notes that the rows of a channel up to a number are to be removed; all of them, and the channel itself,
/// without a number.
pub(super) fn begin(db: &Connection, id: ChannelId, through: Option<Number>) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO deletions (channel_id, through) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET through = excluded.through",
    )?;
    insert.execute((id.0, through.map(|through| through.0)))?;
    Ok(())
}

/// See [`Hosting::sweep_deleted_channels`](crate::store::Hosting::sweep_deleted_channels).
pub(super) fn sweep(db: &Connection) -> Result<Option<Vec<UploadId>>> {
    let mut find = db.prepare_cached("SELECT channel_id, through FROM deletions LIMIT 1")?;
    let found =
        find.query_row([], |row| Ok((row.get(0).map(ChannelId)?, row.get::<_, Option<i64>>(1)?)));
    let Some((id, through)) = found.optional()? else { return Ok(None) };
    let is_cleared = through.is_some();
    let (through, most) = (through.unwrap_or(i64::MAX), sql_count(SWEPT_AT_ONCE));
    // Their words go first, some at a time.
    if searching::take_out_some(db, id, through)? {
        return Ok(Some(Vec::new()));
    }
    if is_cleared {
        spent_keys::spend(db, id, through, most)?;
    }
    let mut files = db.prepare_cached(&format!(
        "DELETE FROM uploads WHERE channel_id = ?1 AND message_number IN ({FIRST}) RETURNING id"
    ))?;
    let freed = files.query_map((id.0, most, through), |row| row.get(0).map(UploadId))?;
    let freed = freed.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut messages = db.prepare_cached(&format!(
        "DELETE FROM messages WHERE channel_id = ?1 AND number IN ({FIRST})"
    ))?;
    if messages.execute((id.0, most, through))? < SWEPT_AT_ONCE {
        db.prepare_cached("DELETE FROM deletions WHERE channel_id = ?1")?.execute([id.0])?;
        searching::removed(db, id, through)?;
        if !is_cleared {
            remove_channel(db, id)?;
        }
    }
    Ok(Some(freed))
}

/// Removes what is left of a deleted channel.
fn remove_channel(db: &Connection, id: ChannelId) -> Result<()> {
    searching::forget_channel(db, id)?;
    for statement in [
        "DELETE FROM kept_out WHERE channel_id = ?1",
        "UPDATE users SET last_channel = NULL WHERE last_channel = ?1",
        "DELETE FROM channels WHERE id = ?1",
    ] {
        db.prepare_cached(statement)?.execute([id.0])?;
    }
    Ok(())
}
