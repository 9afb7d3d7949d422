//! Devices: browsers that may come back under a name without its password.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::rows::{devices, sessions};
use super::writer::Tx;
use crate::model::ids::{DeviceId, SecretHash, UserId};
use crate::model::sessions::{Device, DeviceKey};
use crate::model::time::Timestamp;
use crate::store::{Devices, MAX_DEVICES, Result};

#[async_trait]
impl Devices for SqliteStore {
    async fn device_holds(&self, device: SecretHash, user: UserId) -> Result<bool> {
        self.readers.read(move |db| Ok(devices::find(db, device, user)?.is_some())).await
    }

    async fn ended_visit(
        &self,
        device: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(String, Timestamp)>> {
        self.readers.read(move |db| devices::ended_visit(db, device, at)).await
    }

    async fn devices_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Device>> {
        self.readers.read(move |db| with_sessions(db, user, at)).await
    }

    async fn forget_device(&self, user: UserId, id: DeviceId) -> Result<bool> {
        self.writer.run_freeing(move |tx| forget(tx, user, id)).await
    }
}

/// Removes a device of a person and ends their sessions on it.
pub(super) fn forget(tx: &mut Tx<'_>, user: UserId, id: DeviceId) -> Result<bool> {
    sessions::end_where(tx, user, "device_id = ?2", id.0)?;
    devices::remove(tx.db, user, id)
}

/// A person's devices with their sessions, those that are not kept as devices included.
fn with_sessions(db: &Connection, user: UserId, at: Timestamp) -> Result<Vec<Device>> {
    let mut devices = devices::kept(db, user)?;
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
            // Its device is beyond those that are listed.
            None => {}
        }
    }
    devices.sort_by_key(|device| std::cmp::Reverse(device.seen_at));
    devices.truncate(MAX_DEVICES);
    Ok(devices)
}
