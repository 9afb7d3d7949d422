//! Browsers that may come back under a name without its password.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{DeviceId, SecretHash, UserId};
use crate::model::sessions::Device;
use crate::model::time::Timestamp;

/// The most devices that are listed for one person.
pub const MAX_DEVICES: usize = 200;

/// Devices. Signing in makes and removes them too: see [`Sessions`](super::Sessions).
#[async_trait]
pub trait Devices: Send + Sync {
    /// Whether the browser with that device key may sign in under that name: it took the name or
    /// signed in under it.
    async fn device_holds(&self, device: SecretHash, user: UserId) -> Result<bool>;

    /// The name under which the browser with that device key was used last and when the visit ended, if it is
    /// that of a guest whose visit has ended at `at`.
    async fn ended_visit(
        &self,
        device: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(String, Timestamp)>>;

    /// A person's devices, the one used last first, with their sessions that have not expired at
    /// `at`; at most [`MAX_DEVICES`].
    async fn devices_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Device>>;

    /// Forgets one of a person's devices and ends the sessions on it; `false` when they have no such
    /// device. Event for each session: `SessionEnded`.
    async fn forget_device(&self, user: UserId, id: DeviceId) -> Result<bool>;
}
