//! Signed-in browsers.
//!
//! A session has expired when its `expires_at` is not later than the moment of asking.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::devices;
use super::users::{self, ACCOUNT, ACCOUNT_WIDTH, read_account};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{DeviceId, SecretHash, SessionId, UserId};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{NewSession, Proof, Result};

const SESSION: &str = "s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.user_agent, \
                       s.address, s.device_id, s.shared";

/// Signs in somebody who may.
pub(super) fn sign_in(tx: &mut Tx<'_>, user: UserId, new: &NewSession) -> Result<Session> {
    let device = match new.device {
        Some(device) => Some(devices::keep(tx, user, device, new)?),
        None => None,
    };
    let mut insert = tx.db.prepare_cached(
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
        id: SessionId(tx.db.last_insert_rowid()),
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

/// Signs in somebody under a name that is held, if the proof holds now.
pub(super) fn sign_in_again(
    tx: &mut Tx<'_>,
    user: UserId,
    new: &NewSession,
    proof: &Proof,
) -> Result<Option<Session>> {
    let password = users::account(tx.db, user)?.and_then(|account| account.password_hash);
    let holds = match proof {
        Proof::Device(device) => devices::holds(tx.db, *device, user)?,
        Proof::Password(hash) => password.as_ref() == Some(hash),
        Proof::Vouched => true,
    };
    if !holds {
        return Ok(None);
    }
    // "Not my computer" takes back what was said before.
    if let (Proof::Device(device), None, Some(_)) = (proof, new.device, &password)
        && let Some(kept) = devices::find(tx.db, *device, user)?
    {
        devices::forget(tx, user, kept)?;
    }
    sign_in(tx, user, new).map(Some)
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
    device: Option<SecretHash>,
) -> Result<()> {
    // Two requests may arrive in either order; neither moment goes back.
    let mut update = tx.db.prepare_cached(
        "UPDATE sessions
         SET seen_at = max(seen_at, :at), expires_at = max(expires_at, :expires_at),
             address = :address,
             device_id = CASE WHEN device_id IS NULL AND NOT shared THEN
                 (SELECT d.id FROM devices d
                  WHERE d.device = :device AND d.user_id = sessions.user_id)
             ELSE device_id END
         WHERE id = :id",
    )?;
    update.execute(named_params! {
        ":id": id.0,
        ":at": at.0,
        ":expires_at": expires_at.0,
        ":address": address,
        ":device": device.map(|device| device.0),
    })?;
    let mut update = tx.db.prepare_cached(
        "UPDATE devices SET seen_at = max(seen_at, ?2), address = ?3
         WHERE id = (SELECT device_id FROM sessions WHERE id = ?1)",
    )?;
    update.execute((id.0, at.0, address))?;
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

pub(super) fn end(tx: &mut Tx<'_>, user: UserId, id: SessionId, forget: bool) -> Result<bool> {
    let mut find = tx
        .db
        .prepare_cached("SELECT device_id, shared FROM sessions WHERE id = ?1 AND user_id = ?2")?;
    let found = find.query_row((id.0, user.0), |row| {
        Ok((row.get::<_, Option<i64>>(0)?.map(DeviceId), row.get::<_, bool>(1)?))
    });
    let Some((device, shared)) = found.optional()? else { return Ok(false) };
    drop(find);
    end_where(tx, user, "id = ?2", id.0)?;
    match device {
        Some(device) if forget => drop(devices::forget(tx, user, device)?),
        None if forget && !shared => devices::forget_unknown(tx, user)?,
        _ => {}
    }
    Ok(true)
}

/// Ends all of a person's sessions but that one; answers its device.
pub(super) fn end_others(
    tx: &mut Tx<'_>,
    user: UserId,
    kept: SessionId,
) -> Result<Option<DeviceId>> {
    end_where(tx, user, "id <> ?2", kept.0)?;
    let mut find =
        tx.db.prepare_cached("SELECT device_id FROM sessions WHERE id = ?1 AND user_id = ?2")?;
    let device = find.query_row((kept.0, user.0), |row| row.get::<_, Option<i64>>(0));
    Ok(device.optional()?.flatten().map(DeviceId))
}

/// Ends those of a person's sessions that `which`, an expression over `?2`, holds for.
pub(super) fn end_where(
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
        device: row.get::<_, Option<i64>>(at + 7)?.map(DeviceId),
        shared: row.get(at + 8)?,
    })
}
