//! What a person is in a channel, and what they may do there.
//!
//! One statement reads all that decides, and it is the same one for a channel that is not there and for
//! one that the person may not know of.

use rusqlite::{Connection, OptionalExtension, Row};

use super::head::{HEAD, HEAD_WIDTH, Head, read_head};
use crate::model::channels::{ChannelKind, ChannelState, Posting};
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::{Action, Denial, may, sees};
use crate::model::roles::{Role, Seat, Standing};
use crate::model::time::Timestamp;
use crate::store::{Error, Result};

/// The columns of a channel `c` that [`read_state`] reads.
pub(crate) const STATE: &str = "c.kind, \
                                CASE c.threads_open WHEN 1 THEN 'open_threads' ELSE c.posting END, \
                                c.locked_at IS NOT NULL, \
                                c.archived_at IS NOT NULL, c.muted_at IS NOT NULL, c.slow_s, \
                                c.newcomers, c.hosts_pin";
/// How many columns that is.
pub(crate) const STATE_WIDTH: usize = 8;

/// A channel that a person sees.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// Its newest revision and number.
    pub(crate) head: Head,
    /// What may be done in it.
    pub(crate) state: ChannelState,
    /// What the person is in it.
    pub(crate) standing: Standing,
}

/// A channel as somebody sees it at `at`. `None`: there is no such channel, or they may not know of it.
pub(crate) fn seen(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    at: Timestamp,
) -> Result<Option<Seen>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {STATE}, {HEAD}, viewer.role, viewer.password_hash IS NOT NULL,
                mine.host, kept.user_id IS NOT NULL,
                max(coalesce(viewer.muted_until, 0), coalesce(mine.muted_until, gone.muted_until, 0))
         FROM channels c
         JOIN users viewer ON viewer.id = ?2 AND viewer.deactivated_at IS NULL
         LEFT JOIN members mine ON mine.channel_id = c.id AND mine.user_id = ?2
         LEFT JOIN departures gone ON gone.channel_id = c.id AND gone.user_id = ?2
         LEFT JOIN kept_out kept ON kept.channel_id = c.id AND kept.user_id = ?2
         WHERE c.id = ?1"
    ))?;
    let found = find.query_row((channel.0, viewer.0), |row| {
        let state = read_state(row, 0)?;
        let head = read_head(row, STATE_WIDTH)?;
        let then = STATE_WIDTH + HEAD_WIDTH;
        let role = read_role(row, then)?;
        let seat = seat(row.get(then + 2)?, row.get(then + 3)?);
        let muted = row.get::<_, i64>(then + 4)? > at.0;
        Ok(Seen { head, state, standing: Standing { role, seat, muted } })
    });
    let found = found.optional()?;
    Ok(found.filter(|seen| sees(seen.standing, seen.state.kind)))
}

/// The newest revision and number of a channel that somebody sees. `None` as in [`seen`].
pub(crate) fn head_for(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
) -> Result<Option<Head>> {
    Ok(seen(db, channel, viewer, Timestamp(0))?.map(|seen| seen.head))
}

/// A channel in which somebody may do something at `at`.
///
/// # Errors
/// `Denied` when they may not.
pub(crate) fn check(
    db: &Connection,
    channel: ChannelId,
    who: UserId,
    action: Action,
    at: Timestamp,
) -> Result<Seen> {
    let seen = seen(db, channel, who, at)?.ok_or(Error::Denied(Denial::NotFound))?;
    may(seen.standing, action, seen.state).map_err(Error::Denied)?;
    Ok(seen)
}

/// Whether somebody may not come back into a channel.
pub(crate) fn is_kept_out(db: &Connection, channel: ChannelId, user: UserId) -> Result<bool> {
    let mut find =
        db.prepare_cached("SELECT 1 FROM kept_out WHERE channel_id = ?1 AND user_id = ?2")?;
    Ok(find.exists((channel.0, user.0))?)
}

/// Until when somebody who is not in a channel was muted there when they left.
pub(crate) fn left_muted_until(
    db: &Connection,
    channel: ChannelId,
    user: UserId,
) -> Result<Option<Timestamp>> {
    let mut find = db.prepare_cached(
        "SELECT muted_until FROM departures WHERE user_id = ?1 AND channel_id = ?2",
    )?;
    let until = find.query_row((user.0, channel.0), |row| row.get::<_, Option<i64>>(0));
    Ok(until.optional()?.flatten().map(Timestamp))
}

/// The channels that somebody may not come back into.
pub(crate) fn kept_out_of(db: &Connection, user: UserId) -> Result<Vec<ChannelId>> {
    let mut find =
        db.prepare_cached("SELECT channel_id FROM kept_out WHERE user_id = ?1 ORDER BY 1")?;
    let found = find.query_map([user.0], |row| row.get(0).map(ChannelId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Where a person stands: `host` of their membership, `None` if there is none, and whether they are kept
/// out.
pub(crate) fn seat(host: Option<bool>, kept_out: bool) -> Seat {
    match (host, kept_out) {
        (Some(true), _) => Seat::Host,
        (Some(false), _) => Seat::Inside,
        (None, true) => Seat::KeptOut,
        (None, false) => Seat::Outside,
    }
}

/// Reads [`STATE`], the first of it in column `at`.
pub(crate) fn read_state(row: &Row<'_>, at: usize) -> rusqlite::Result<ChannelState> {
    // The CHECKs of the table leave no unknown code.
    let kind = ChannelKind::of_code(row.get_ref(at)?.as_str()?);
    let posting = Posting::of_code(row.get_ref(at + 1)?.as_str()?);
    Ok(ChannelState {
        kind: kind.unwrap_or(ChannelKind::Direct),
        posting: posting.unwrap_or(Posting::Hosts),
        locked: row.get(at + 2)?,
        archived: row.get(at + 3)?,
        all_muted: row.get(at + 4)?,
        slow_s: row.get(at + 5)?,
        newcomers: row.get(at + 6)?,
        hosts_pin: row.get(at + 7)?,
    })
}

/// Reads a role and whether its holder has a password, the first of them in column `at`.
pub(crate) fn read_role(row: &Row<'_>, at: usize) -> rusqlite::Result<Role> {
    let role = Role::of_code(row.get_ref(at)?.as_str()?).unwrap_or(Role::Guest);
    Ok(role.with_password(row.get(at + 1)?))
}
