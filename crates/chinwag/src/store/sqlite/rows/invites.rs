//! Rows of invites.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::sql_count;
use super::users::{read_face, read_user};
use crate::model::ids::{ChannelId, SecretHash, UserId};
use crate::model::invites::{CameBy, Door, Grant, Invite, NewInvite};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::store::Result;

/// The columns of an invite `i` of a maker `u` that [`read_invite`] reads.
const INVITE: &str = "i.id, i.code, u.id, u.name, i.made_at, i.label, i.role, i.door, \
                      i.expires_at, i.max_uses, i.visit_ms, i.visit_ends_at, i.uses, i.ended_at";

/// The invite with that hash.
pub(crate) fn with_hash(db: &Connection, hash: SecretHash) -> Result<Option<Invite>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {INVITE} FROM invites i JOIN users u ON u.id = i.made_by WHERE i.hash = ?1"
    ))?;
    whole(db, find.query_row([hash.0], read_invite).optional()?)
}

/// The invite with that id.
pub(crate) fn with_id(db: &Connection, id: i64) -> Result<Option<Invite>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {INVITE} FROM invites i JOIN users u ON u.id = i.made_by WHERE i.id = ?1"
    ))?;
    whole(db, find.query_row([id], read_invite).optional()?)
}

/// The invites that somebody sees, the newest first: those that they made, and where they keep
/// (`all`) those that lead into no channel that is hidden from them.
pub(crate) fn seen_by(
    db: &Connection,
    viewer: UserId,
    all: bool,
    limit: usize,
) -> Result<Vec<Invite>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {INVITE} FROM invites i JOIN users u ON u.id = i.made_by
         WHERE i.made_by = :viewer OR (:all AND NOT EXISTS (
             SELECT 1 FROM invite_channels ic JOIN channels c ON c.id = ic.channel_id
             WHERE ic.invite_id = i.id AND (
                 EXISTS (SELECT 1 FROM kept_out k
                         WHERE k.channel_id = c.id AND k.user_id = :viewer)
                 OR (c.kind <> 'public' AND NOT EXISTS (
                     SELECT 1 FROM members m WHERE m.channel_id = c.id AND m.user_id = :viewer)))))
         ORDER BY i.id DESC LIMIT :limit"
    ))?;
    let params = named_params! { ":viewer": viewer.0, ":all": all, ":limit": sql_count(limit) };
    let found = find.query_map(params, read_invite)?.collect::<rusqlite::Result<Vec<_>>>()?;
    found.into_iter().map(|invite| with_channels(db, invite)).collect()
}

/// The invites that bring guests into a channel and have not ended at `at`, the newest first, at most
/// `limit`.
pub(crate) fn into_channel(
    db: &Connection,
    channel: ChannelId,
    at: Timestamp,
    limit: usize,
) -> Result<Vec<Invite>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {INVITE} FROM invite_channels ic JOIN invites i ON i.id = ic.invite_id
         JOIN users u ON u.id = i.made_by
         WHERE ic.channel_id = ?1 AND i.role = 'guest' AND i.ended_at IS NULL
           AND coalesce(i.expires_at, ?2 + 1) > ?2 AND coalesce(i.visit_ends_at, ?2 + 1) > ?2
         ORDER BY i.id DESC LIMIT ?3"
    ))?;
    let found = find.query_map((channel.0, at.0, sql_count(limit)), read_invite)?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    found.into_iter().map(|invite| with_channels(db, invite)).collect()
}

/// How many invites of a person have not ended at `at`.
pub(crate) fn alive_of(db: &Connection, user: UserId, at: Timestamp) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM invites
         WHERE made_by = ?1 AND ended_at IS NULL AND coalesce(expires_at, ?2 + 1) > ?2
           AND uses < coalesce(max_uses, uses + 1)",
    )?;
    Ok(count.query_row((user.0, at.0), |row| row.get(0))?)
}

/// Adds an invite; returns its id.
pub(crate) fn add(db: &Connection, new: &NewInvite) -> Result<i64> {
    let NewInvite { code, hash, by, grant } = new;
    let mut insert = db.prepare_cached(
        "INSERT INTO invites (code, hash, label, made_by, made_at, role, door, expires_at, max_uses,
                              visit_ms, visit_ends_at)
         VALUES (:code, :hash, :label, :by, :at, :role, :door, :expires_at, :max_uses, :visit_ms,
                 :visit_ends_at)",
    )?;
    insert.execute(named_params! {
        ":code": code,
        ":hash": hash.0,
        ":label": grant.label,
        ":by": by.user.0,
        ":at": by.at.0,
        ":role": grant.role.code(),
        ":door": grant.door.code(),
        ":expires_at": grant.expires_at.map(|end| end.0),
        ":max_uses": grant.max_uses,
        ":visit_ms": grant.visit_ms,
        ":visit_ends_at": grant.visit_ends_at.map(|end| end.0),
    })?;
    let id = db.last_insert_rowid();
    let mut lead = db.prepare_cached("INSERT OR IGNORE INTO invite_channels VALUES (?1, ?2)")?;
    for channel in &grant.channels {
        lead.execute((id, channel.0))?;
    }
    Ok(id)
}

/// Notes that somebody came by an invite; one person counts once. Says whether they came just now.
pub(crate) fn came(db: &Connection, id: i64, user: UserId, at: Timestamp) -> Result<bool> {
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO came_by VALUES (?1, ?2, ?3)")?;
    let is_new = insert.execute((id, user.0, at.0))? > 0;
    if is_new {
        db.prepare_cached("UPDATE invites SET uses = uses + 1 WHERE id = ?1")?.execute([id])?;
    }
    Ok(is_new)
}

/// Who came by an invite and may still come in at `at`, the last first, at most `limit`; and how many
/// they are.
pub(crate) fn here(
    db: &Connection,
    id: i64,
    at: Timestamp,
    limit: usize,
) -> Result<(Vec<CameBy>, i64)> {
    const HERE: &str = "FROM came_by b JOIN users u ON u.id = b.user_id
                        WHERE b.invite_id = ?1 AND u.deactivated_at IS NULL
                          AND coalesce(u.visit_ends_at, ?2 + 1) > ?2";
    let mut find = db.prepare_cached(&format!(
        "SELECT u.id, u.name, u.picture, b.at {HERE} ORDER BY b.at DESC, u.id DESC LIMIT ?3"
    ))?;
    let found = find.query_map((id, at.0, sql_count(limit)), |row| {
        Ok(CameBy { user: read_face(row, 0)?, at: Timestamp(row.get(3)?) })
    })?;
    let people = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut count = db.prepare_cached(&format!("SELECT count(*) {HERE}"))?;
    Ok((people, count.query_row((id, at.0), |row| row.get(0))?))
}

/// Whether somebody came by an invite.
pub(crate) fn has_come(db: &Connection, id: i64, user: UserId) -> Result<bool> {
    let mut find =
        db.prepare_cached("SELECT 1 FROM came_by WHERE invite_id = ?1 AND user_id = ?2")?;
    Ok(find.exists((id, user.0))?)
}

/// Who came by an invite, the last first, at most `limit`.
pub(crate) fn came_by(db: &Connection, id: i64, limit: usize) -> Result<Vec<CameBy>> {
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name, b.at FROM came_by b JOIN users u ON u.id = b.user_id
         WHERE b.invite_id = ?1 ORDER BY b.at DESC, u.id DESC LIMIT ?2",
    )?;
    let found = find.query_map((id, sql_count(limit)), |row| {
        Ok(CameBy { user: read_user(row, 0)?, at: Timestamp(row.get(2)?) })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Sets what somebody finds who comes by an invite.
pub(crate) fn set_door(db: &Connection, id: i64, door: Door) -> Result<()> {
    db.prepare_cached("UPDATE invites SET door = ?2 WHERE id = ?1")?.execute((id, door.code()))?;
    Ok(())
}

/// Ends an invite, unless it was ended before.
pub(crate) fn end(db: &Connection, id: i64, at: Timestamp) -> Result<()> {
    let mut update =
        db.prepare_cached("UPDATE invites SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL")?;
    update.execute((id, at.0))?;
    Ok(())
}

/// Removes the invites that ended or expired before `at` and for which nobody waits; returns how many.
pub(crate) fn sweep(db: &Connection, at: Timestamp) -> Result<usize> {
    let mut delete = db.prepare_cached(
        "DELETE FROM invites WHERE coalesce(ended_at, expires_at) < ?1
           AND NOT EXISTS (SELECT 1 FROM waiting w WHERE w.invite_id = invites.id)",
    )?;
    Ok(delete.execute([at.0])?)
}

fn whole(db: &Connection, invite: Option<Invite>) -> Result<Option<Invite>> {
    invite.map(|invite| with_channels(db, invite)).transpose()
}

fn with_channels(db: &Connection, mut invite: Invite) -> Result<Invite> {
    let mut find = db.prepare_cached(
        "SELECT channel_id FROM invite_channels WHERE invite_id = ?1 ORDER BY channel_id",
    )?;
    let found = find.query_map([invite.id], |row| row.get(0).map(ChannelId))?;
    invite.grant.channels = found.collect::<rusqlite::Result<_>>()?;
    Ok(invite)
}

/// Reads [`INVITE`], without the channels, as one that holds: who may make it is not said in its row.
fn read_invite(row: &Row<'_>) -> rusqlite::Result<Invite> {
    let moment =
        |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
    Ok(Invite {
        id: row.get(0)?,
        code: row.get(1)?,
        made_by: read_user(row, 2)?,
        made_at: Timestamp(row.get(4)?),
        grant: Grant {
            label: row.get(5)?,
            channels: Vec::new(),
            // The CHECKs of the table leave no unknown code.
            role: Role::of_code(row.get_ref(6)?.as_str()?).unwrap_or(Role::Guest),
            door: Door::of_code(row.get_ref(7)?.as_str()?).unwrap_or(Door::Closed),
            expires_at: moment(8)?,
            max_uses: row.get(9)?,
            visit_ms: row.get(10)?,
            visit_ends_at: moment(11)?,
        },
        uses: row.get(12)?,
        ended_at: moment(13)?,
        holds: true,
    })
}
