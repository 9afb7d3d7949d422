//! Clearing a channel: its floor is raised, and from then on nobody reads what is below it. The rows and
//! files go in batches behind it ([`super::deleting`]).

use rusqlite::Connection;

use super::facts::facts_changed;
use super::reading::{MOST_LOOKED_AT, off_count};
use super::rows::log::{self, About};
use super::rows::{channels, reports, standing};
use super::writer::Tx;
use super::{deleting, lines};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number};
use crate::model::lines::{Line, LineKind};
use crate::model::log::{Act, Doer};
use crate::model::order::Outcome;
use crate::model::permissions::Action;
use crate::store::Result;

/// See [`Hosting::clear_channel`](crate::store::Hosting::clear_channel).
pub(super) fn clear(tx: &mut Tx<'_>, id: ChannelId, by: &Doer, through: Number) -> Result<Channel> {
    let seen = standing::check(tx.db, id, by.user, Action::Clear, by.at)?;
    let through = through.min(seen.head.last_number);
    if through <= seen.head.floor {
        return channels::existing(tx.db, id);
    }
    let floor_off = off_count(tx.db, id, seen.head, through)?;
    let mut raise =
        tx.db.prepare_cached("UPDATE channels SET floor = ?2, floor_off = ?3 WHERE id = ?1")?;
    raise.execute((id.0, through.0, floor_off))?;
    count_own_above(tx.db, id, through)?;
    // The copies in reports go with the messages.
    let mut close = tx.db.prepare_cached(
        "UPDATE message_reports SET closed_at = ?3, closed_by = ?4, outcome = ?5, text = ''
         WHERE channel_id = ?1 AND number <= ?2 AND closed_at IS NULL",
    )?;
    if close.execute((id.0, through.0, by.at.0, by.user.0, Outcome::Removed.code()))? > 0 {
        reports::changed(tx)?;
    }
    deleting::begin(tx.db, id, Some(through))?;
    let about = About { channel: Some(id), number: Some(through), ..About::default() };
    log::add(tx.db, by, Act::ClearChannel, &about)?;
    let cleared = facts_changed(tx, id)?;
    lines::write(tx, id, by.user, by.at, &Line::of(LineKind::Cleared))?;
    Ok(cleared)
}

/// Leaves what was cleared out of the members' counts of their own messages above their marks.
fn count_own_above(db: &Connection, id: ChannelId, floor: Number) -> Result<()> {
    let mut update = db.prepare_cached(&format!(
        "WITH own (author, above) AS MATERIALIZED (
             SELECT m.author_id, count(*) FROM channels c
             JOIN messages m ON m.channel_id = c.id
                            AND m.number > max(?2, c.last_number - {MOST_LOOKED_AT})
             WHERE c.id = ?1 AND m.deleted_at IS NULL AND m.off_run = 0 GROUP BY m.author_id)
         UPDATE members SET own_above =
             coalesce((SELECT above FROM own WHERE author = members.user_id), 0)
         WHERE channel_id = ?1 AND own_above > 0 AND read_number < ?2"
    ))?;
    update.execute((id.0, floor.0))?;
    Ok(())
}
