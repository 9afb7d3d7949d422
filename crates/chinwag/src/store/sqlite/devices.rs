//! Browsers that may come back under a name without its password.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::sessions;
use super::writer::Tx;
use crate::model::ids::{DeviceId, SecretHash, UserId};
use crate::model::sessions::{Device, DeviceKey};
use crate::model::time::Timestamp;
use crate::store::{MAX_DEVICES, NewSession, Result};

pub(super) fn holds(db: &Connection, device: SecretHash, user: UserId) -> Result<bool> {
    Ok(find(db, device, user)?.is_some())
}

pub(super) fn find(db: &Connection, device: SecretHash, user: UserId) -> Result<Option<DeviceId>> {
    let mut find =
        db.prepare_cached("SELECT id FROM devices WHERE device = ?1 AND user_id = ?2")?;
    Ok(find.query_row((device.0, user.0), |row| row.get(0).map(DeviceId)).optional()?)
}

/// Keeps the browser that signs in, or notes that it is in use.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    user: UserId,
    device: SecretHash,
    new: &NewSession,
) -> Result<DeviceId> {
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO devices (device, user_id, created_at, seen_at, user_agent, address)
         VALUES (:device, :user, :at, :at, :user_agent, :address)
         ON CONFLICT (device, user_id) DO UPDATE
         SET seen_at = max(seen_at, :at), user_agent = :user_agent, address = :address
         RETURNING id",
    )?;
    let values = named_params! {
        ":device": device.0,
        ":user": user.0,
        ":at": new.at.0,
        ":user_agent": new.user_agent,
        ":address": new.address,
    };
    Ok(DeviceId(insert.query_row(values, |row| row.get(0))?))
}

pub(super) fn devices_of(db: &Connection, user: UserId, at: Timestamp) -> Result<Vec<Device>> {
    let mut find = db.prepare_cached(
        "SELECT id, created_at, seen_at, user_agent, address FROM devices WHERE user_id = ?1
         ORDER BY seen_at DESC, id DESC LIMIT ?2",
    )?;
    let limit = i64::try_from(MAX_DEVICES).unwrap_or(i64::MAX);
    let kept = find.query_map((user.0, limit), |row| {
        Ok(Device {
            id: DeviceKey::Kept(DeviceId(row.get(0)?)),
            created_at: Timestamp(row.get(1)?),
            seen_at: Timestamp(row.get(2)?),
            user_agent: row.get(3)?,
            address: row.get(4)?,
            sessions: Vec::new(),
        })
    })?;
    let mut devices = kept.collect::<rusqlite::Result<Vec<_>>>()?;
    for session in sessions::sessions_of(db, user, at)? {
        let on = session.device.map(DeviceKey::Kept);
        match devices.iter_mut().find(|device| Some(device.id) == on) {
            Some(device) => {
                device.seen_at = device.seen_at.max(session.seen_at);
                device.sessions.push(session.id);
            }
            None if on.is_none() => devices.push(Device {
                id: DeviceKey::Session(session.id),
                created_at: session.created_at,
                seen_at: session.seen_at,
                user_agent: session.user_agent,
                address: session.address,
                sessions: vec![session.id],
            }),
            // One of the many that are not listed.
            None => {}
        }
    }
    devices.sort_by_key(|device| std::cmp::Reverse(device.seen_at));
    devices.truncate(MAX_DEVICES);
    Ok(devices)
}

pub(super) fn forget(tx: &mut Tx<'_>, user: UserId, id: DeviceId) -> Result<bool> {
    // First the sessions: the end of the device would make them forget which it was.
    sessions::end_where(tx, user, "device_id = ?2", id.0)?;
    let mut delete = tx.db.prepare_cached("DELETE FROM devices WHERE id = ?1 AND user_id = ?2")?;
    Ok(delete.execute((id.0, user.0))? > 0)
}

/// Forgets those that no session is known to be on, which may be any of the person's.
pub(super) fn forget_unknown(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    let mut delete = tx.db.prepare_cached(
        "DELETE FROM devices WHERE user_id = ?1
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)",
    )?;
    delete.execute([user.0])?;
    Ok(())
}

/// Forgets all of a person's but that one.
pub(super) fn forget_others(tx: &mut Tx<'_>, user: UserId, kept: Option<DeviceId>) -> Result<()> {
    let mut delete =
        tx.db.prepare_cached("DELETE FROM devices WHERE user_id = ?1 AND id IS NOT ?2")?;
    delete.execute((user.0, kept.map(|kept| kept.0)))?;
    Ok(())
}

pub(super) fn sweep(tx: &mut Tx<'_>, idle: Timestamp, dead: Timestamp) -> Result<()> {
    let mut delete = tx.db.prepare_cached(
        "DELETE FROM devices WHERE seen_at < ?1
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)
         AND (seen_at < ?2
              OR (SELECT password_hash FROM users u WHERE u.id = devices.user_id) IS NOT NULL)",
    )?;
    delete.execute((idle.0, dead.0))?;
    Ok(())
}
