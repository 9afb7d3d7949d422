//! The people whom somebody who writes in a channel may mean.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::rows::standing;
use super::rows::users::{self, read_face};
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::mentions::{Callable, MAX_CALLABLE};
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::readings::Letters;
use crate::model::time::Timestamp;
use crate::store::Result;

/// Of so many of the newest messages, the authors come first.
const RECENT: i64 = 200;

/// The order of the answer: in the channel, the name in full, who wrote last, by name.
type Rank = (bool, bool, i64, String);

/// See [`Mentions::callable`](crate::store::Mentions::callable). It reads the names of the place once and keeps
/// few of them, so it costs the same whatever the letters are.
pub(super) fn callable(
    db: &Connection,
    viewer: UserId,
    channel: ChannelId,
    letters: &Letters,
) -> Result<Option<Vec<Callable>>> {
    let Some(seen) = standing::seen(db, channel, viewer, Timestamp(0))? else { return Ok(None) };
    let is_direct = seen.state.kind == ChannelKind::Direct;
    // Before its first message only whoever opened a conversation is in it.
    let of = if is_direct { "direct_people" } else { "members" };
    let inside = ids(db, &format!("SELECT user_id FROM {of} WHERE channel_id = ?1"), channel.0)?;
    let only_inside = letters.is_empty() || is_direct;
    let known = if only_inside || may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse)
    {
        None
    } else {
        Some(ids(
            db,
            "SELECT DISTINCT theirs.user_id FROM members mine
             JOIN members theirs ON theirs.channel_id = mine.channel_id WHERE mine.user_id = ?1",
            viewer.0,
        )?)
    };
    let wrote = recent(db, channel, seen.head.last_number)?;
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name, u.picture, u.name_key FROM users u WHERE u.deactivated_at IS NULL",
    )?;
    let mut rows = find.query([])?;
    let mut best: Vec<(Rank, Callable)> = Vec::with_capacity(MAX_CALLABLE + 1);
    while let Some(row) = rows.next()? {
        let id = UserId(row.get(0)?);
        let is_inside = inside.contains(&id);
        let may_know = is_inside || known.as_ref().is_none_or(|known| known.contains(&id));
        if id == viewer || !may_know || (only_inside && !is_inside) {
            continue;
        }
        let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !letters.find(name) {
            continue;
        }
        let last = wrote.get(&id).copied().unwrap_or_default();
        let rank = (!is_inside, !letters.are(name), -last, row.get(3)?);
        let at = best.partition_point(|(other, _)| *other < rank);
        if at < MAX_CALLABLE {
            let user = read_face(row, 0)?;
            best.insert(at, (rank, Callable { user, inside: is_inside }));
            best.truncate(MAX_CALLABLE);
        }
    }
    Ok(Some(best.into_iter().map(|(_, found)| found).collect()))
}

fn ids(db: &Connection, sql: &str, of: i64) -> Result<HashSet<UserId>> {
    let mut find = db.prepare_cached(sql)?;
    let found = find.query_map([of], |row| row.get(0).map(UserId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The numbers of the last messages of those who wrote lately.
fn recent(db: &Connection, channel: ChannelId, last: Number) -> Result<HashMap<UserId, i64>> {
    let mut find = db.prepare_cached(
        "SELECT author_id, max(number) FROM messages
         WHERE channel_id = ?1 AND number > ?2 AND deleted_at IS NULL GROUP BY author_id",
    )?;
    let found =
        find.query_map((channel.0, last.0 - RECENT), |row| Ok((UserId(row.get(0)?), row.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
