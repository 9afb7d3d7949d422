//! Rows of devices.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::sql_count;
use crate::model::ids::{DeviceId, SecretHash, UserId};
use crate::model::sessions::{Device, DeviceKey};
use crate::model::time::Timestamp;
use crate::store::{MAX_DEVICES, NewSession, Result};

/// The device with that key, if the person has it.
pub(crate) fn find(db: &Connection, device: SecretHash, user: UserId) -> Result<Option<DeviceId>> {
    let mut find =
        db.prepare_cached("SELECT id FROM devices WHERE device = ?1 AND user_id = ?2")?;
    Ok(find.query_row((device.0, user.0), |row| row.get(0).map(DeviceId)).optional()?)
}

/// Keeps the browser that signs in as a device, or notes that the device is in use.
pub(crate) fn keep(
    db: &Connection,
    user: UserId,
    device: SecretHash,
    new: &NewSession,
) -> Result<DeviceId> {
    let mut insert = db.prepare_cached(
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

/// Gives one of a person's devices another key, unless a device with that key is theirs already.
pub(crate) fn replace_key(
    db: &Connection,
    user: UserId,
    from: SecretHash,
    to: SecretHash,
) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE OR IGNORE devices SET device = ?3 WHERE device = ?2 AND user_id = ?1 AND ?2 <> ?3",
    )?;
    update.execute((user.0, from.0, to.0))?;
    Ok(())
}

/// A person's devices without their sessions, the one used last first, at most [`MAX_DEVICES`].
pub(crate) fn kept(db: &Connection, user: UserId) -> Result<Vec<Device>> {
    let mut find = db.prepare_cached(
        "SELECT id, created_at, seen_at, user_agent, address FROM devices WHERE user_id = ?1
         ORDER BY seen_at DESC, id DESC LIMIT ?2",
    )?;
    let kept = find.query_map((user.0, sql_count(MAX_DEVICES)), |row| {
        Ok(Device {
            id: DeviceKey::Kept(DeviceId(row.get(0)?)),
            created_at: Timestamp(row.get(1)?),
            seen_at: Timestamp(row.get(2)?),
            user_agent: row.get(3)?,
            address: row.get(4)?,
            sessions: Vec::new(),
        })
    })?;
    Ok(kept.collect::<rusqlite::Result<_>>()?)
}

/// Removes one of a person's devices; `false` when they have no such device. Their sessions on it must
/// have ended before: the database would clear their device.
pub(crate) fn remove(db: &Connection, user: UserId, id: DeviceId) -> Result<bool> {
    let mut delete = db.prepare_cached("DELETE FROM devices WHERE id = ?1 AND user_id = ?2")?;
    Ok(delete.execute((id.0, user.0))? > 0)
}

/// Removes those of a person's devices that no session is known to be on.
pub(crate) fn remove_without_session(db: &Connection, user: UserId) -> Result<()> {
    let mut delete = db.prepare_cached(
        "DELETE FROM devices WHERE user_id = ?1
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)",
    )?;
    delete.execute([user.0])?;
    Ok(())
}

/// Removes all of a person's devices but one.
pub(crate) fn remove_others(db: &Connection, user: UserId, kept: Option<DeviceId>) -> Result<()> {
    let mut delete =
        db.prepare_cached("DELETE FROM devices WHERE user_id = ?1 AND id IS NOT ?2")?;
    delete.execute((user.0, kept.map(|kept| kept.0)))?;
    Ok(())
}

/// Removes devices without a session: of people with a password those that were not used since
/// `idle`, of people without one those that were not used since `dead`.
pub(crate) fn sweep(db: &Connection, idle: Timestamp, dead: Timestamp) -> Result<()> {
    let mut delete = db.prepare_cached(
        "DELETE FROM devices WHERE seen_at < ?1
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = devices.id)
         AND (seen_at < ?2
              OR (SELECT password_hash FROM users u WHERE u.id = devices.user_id) IS NOT NULL)",
    )?;
    delete.execute((idle.0, dead.0))?;
    Ok(())
}

/// The name under which a browser was used last and when the visit ended, if it is that of a guest whose
/// visit has ended at `at`.
pub(crate) fn ended_visit(
    db: &Connection,
    device: SecretHash,
    at: Timestamp,
) -> Result<Option<(String, Timestamp)>> {
    let mut find = db.prepare_cached(
        "SELECT u.name, u.visit_ends_at FROM devices d JOIN users u ON u.id = d.user_id
         WHERE d.device = ?1 ORDER BY d.seen_at DESC, d.id DESC LIMIT 1",
    )?;
    let found = find.query_row([device.0], |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(Timestamp)))
    });
    Ok(match found.optional()? {
        Some((name, Some(end))) if end <= at => Some((name, end)),
        _ => None,
    })
}
