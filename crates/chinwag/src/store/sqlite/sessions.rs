//! Signed-in browsers, and the devices that may come back under a name.
//!
//! A session has expired when its `expires_at` is not later than the moment of asking.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::users::{ACCOUNT, ACCOUNT_WIDTH, read_account};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{SecretHash, SessionId, UserId};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{NewSession, Result};

const SESSION: &str =
    "s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.user_agent, s.address";

pub(super) fn sign_in(tx: &mut Tx<'_>, user: UserId, new: &NewSession) -> Result<Session> {
    tx.db
        .prepare_cached(
            "INSERT INTO devices (device, user_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute((new.device.0, user.0))?;
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO sessions
             (user_id, token, created_at, seen_at, expires_at, user_agent, address)
         VALUES (:user, :token, :at, :at, :expires_at, :user_agent, :address)",
    )?;
    insert.execute(named_params! {
        ":user": user.0,
        ":token": new.token.0,
        ":at": new.at.0,
        ":expires_at": new.expires_at.0,
        ":user_agent": new.user_agent,
        ":address": new.address,
    })?;
    Ok(Session {
        id: SessionId(tx.db.last_insert_rowid()),
        user,
        created_at: new.at,
        seen_at: new.at,
        expires_at: new.expires_at,
        user_agent: new.user_agent.clone(),
        address: new.address.clone(),
    })
}

pub(super) fn device_holds(db: &Connection, device: SecretHash, user: UserId) -> Result<bool> {
    let mut find = db.prepare_cached("SELECT 1 FROM devices WHERE device = ?1 AND user_id = ?2")?;
    Ok(find.exists((device.0, user.0))?)
}

pub(super) fn session(
    db: &Connection,
    token: SecretHash,
    at: Timestamp,
) -> Result<Option<(Session, Account)>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ACCOUNT}, {SESSION} FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token = ?1 AND s.expires_at > ?2"
    ))?;
    let found = find.query_row((token.0, at.0), |row| {
        Ok((read_session(row, ACCOUNT_WIDTH)?, read_account(row)?))
    });
    Ok(found.optional()?)
}

pub(super) fn touch(
    tx: &mut Tx<'_>,
    id: SessionId,
    at: Timestamp,
    expires_at: Timestamp,
    address: &str,
) -> Result<()> {
    // Two requests may arrive in either order; neither moment goes back.
    let mut update = tx.db.prepare_cached(
        "UPDATE sessions
         SET seen_at = max(seen_at, ?2), expires_at = max(expires_at, ?3), address = ?4
         WHERE id = ?1",
    )?;
    update.execute((id.0, at.0, expires_at.0, address))?;
    Ok(())
}

pub(super) fn sessions_of(db: &Connection, user: UserId, at: Timestamp) -> Result<Vec<Session>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {SESSION} FROM sessions s WHERE s.user_id = ?1 AND s.expires_at > ?2
         ORDER BY s.seen_at DESC, s.id DESC"
    ))?;
    let found = find.query_map((user.0, at.0), |row| read_session(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<bool> {
    let mut delete = tx.db.prepare_cached("DELETE FROM sessions WHERE id = ?1 AND user_id = ?2")?;
    let ended = delete.execute((id.0, user.0))? > 0;
    if ended {
        tx.happened(Event::SessionEnded { session: id, user });
    }
    Ok(ended)
}

pub(super) fn sweep(tx: &mut Tx<'_>, at: Timestamp) -> Result<usize> {
    let mut delete = tx
        .db
        .prepare_cached("DELETE FROM sessions WHERE expires_at <= ?1 RETURNING id, user_id")?;
    let ended = delete
        .query_map([at.0], |row| Ok((SessionId(row.get(0)?), UserId(row.get(1)?))))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for &(session, user) in &ended {
        tx.happened(Event::SessionEnded { session, user });
    }
    Ok(ended.len())
}

/// Reads [`SESSION`], the first of it in column `at`.
fn read_session(row: &Row<'_>, at: usize) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(row.get(at)?),
        user: UserId(row.get(at + 1)?),
        created_at: Timestamp(row.get(at + 2)?),
        seen_at: Timestamp(row.get(at + 3)?),
        expires_at: Timestamp(row.get(at + 4)?),
        user_agent: row.get(at + 5)?,
        address: row.get(at + 6)?,
    })
}
