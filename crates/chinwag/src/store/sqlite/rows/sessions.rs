//! Rows of sessions.
//!
//! A session has expired at its `expires_at`.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::model::events::Event;
use crate::model::ids::{DeviceId, SessionId, UserId};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::store::sqlite::writer::Tx;
use crate::store::{NewSession, Result};

/// The columns that [`read_session`] reads.
pub(crate) const SESSION: &str = "s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.user_agent, \
                       s.address, s.device_id, s.shared";

/// Adds a session on a device, if the browser is kept as one.
pub(crate) fn add(
    db: &Connection,
    user: UserId,
    device: Option<DeviceId>,
    new: &NewSession,
) -> Result<Session> {
    let mut insert = db.prepare_cached(
        "INSERT INTO sessions (user_id, token, created_at, seen_at, expires_at, user_agent,
                               address, device_id, shared)
         VALUES (:user, :token, :at, :at, :expires_at, :user_agent, :address, :device, :shared)",
    )?;
    insert.execute(named_params! {
        ":user": user.0,
        ":token": new.token.0,
        ":at": new.at.0,
        ":expires_at": new.expires_at.0,
        ":user_agent": new.user_agent,
        ":address": new.address,
        ":device": device.map(|device| device.0),
        ":shared": new.device.is_none(),
    })?;
    Ok(Session {
        id: SessionId(db.last_insert_rowid()),
        user,
        created_at: new.at,
        seen_at: new.at,
        expires_at: new.expires_at,
        user_agent: new.user_agent.clone(),
        address: new.address.clone(),
        device,
        shared: new.device.is_none(),
    })
}

/// A person's sessions that have not expired at `at`, the one used last first.
pub(crate) fn sessions_of(db: &Connection, user: UserId, at: Timestamp) -> Result<Vec<Session>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {SESSION} FROM sessions s WHERE s.user_id = ?1 AND s.expires_at > ?2
         ORDER BY s.seen_at DESC, s.id DESC"
    ))?;
    let found = find.query_map((user.0, at.0), |row| read_session(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The device of one of a person's sessions, and whether the session is on a computer of others.
/// `None`: they have no such session.
pub(crate) fn device_of(
    db: &Connection,
    user: UserId,
    id: SessionId,
) -> Result<Option<(Option<DeviceId>, bool)>> {
    let mut find =
        db.prepare_cached("SELECT device_id, shared FROM sessions WHERE id = ?1 AND user_id = ?2")?;
    let found = find.query_row((id.0, user.0), |row| {
        Ok((row.get::<_, Option<i64>>(0)?.map(DeviceId), row.get(1)?))
    });
    Ok(found.optional()?)
}

/// Ends those of a person's sessions for which `which` holds, an SQL expression over `value` as `?2`.
/// Event for each: `SessionEnded`.
pub(crate) fn end_where(
    tx: &mut Tx<'_>,
    user: UserId,
    which: &'static str,
    value: i64,
) -> Result<()> {
    let mut delete = tx.db.prepare_cached(&format!(
        "DELETE FROM sessions WHERE user_id = ?1 AND {which} RETURNING id"
    ))?;
    let ended = delete
        .query_map((user.0, value), |row| row.get(0).map(SessionId))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    drop(delete);
    for session in ended {
        tx.happened(Event::SessionEnded { session, user });
    }
    Ok(())
}

/// Reads [`SESSION`], the first of it in column `at`.
pub(crate) fn read_session(row: &Row<'_>, at: usize) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(row.get(at)?),
        user: UserId(row.get(at + 1)?),
        created_at: Timestamp(row.get(at + 2)?),
        seen_at: Timestamp(row.get(at + 3)?),
        expires_at: Timestamp(row.get(at + 4)?),
        user_agent: row.get(at + 5)?,
        address: row.get(at + 6)?,
        device: row.get::<_, Option<i64>>(at + 7)?.map(DeviceId),
        shared: row.get(at + 8)?,
    })
}
