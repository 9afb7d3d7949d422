//! A person's devices: where they are signed in, or can sign in without a password.

use super::{Actor, Chat, Result, Visitor};
use crate::model::ids::SessionId;
use crate::model::refusal::{Noun, Refusal};
use crate::model::sessions::{Device, DeviceKey, Session};
use crate::model::time::Timestamp;

/// The visit of a guest that has ended.
pub struct EndedVisit {
    /// The name, which is still theirs.
    pub name: String,
    /// When it ended.
    pub ended_at: Timestamp,
}

impl Chat {
    /// The visit that ended of the guest whose browser this is, if it was used by one last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn ended_visit(&self, visitor: &Visitor) -> Result<Option<EndedVisit>> {
        let Some(device) = visitor.device else { return Ok(None) };
        let found = self.store.ended_visit(device, self.clock.now()).await?;
        Ok(found.map(|(name, ended_at)| EndedVisit { name, ended_at }))
    }

    /// The actor's devices, most recently used first.
    ///
    /// # Errors
    /// `Forbidden` for a bot token.
    pub async fn devices(&self, actor: &Actor) -> Result<Vec<Device>> {
        actor.in_person()?;
        Ok(self.store.devices_of(actor.id(), self.clock.now()).await?)
    }

    /// Forgets one of the actor's devices: the sessions on it end, and signing in from it needs the
    /// password.
    ///
    /// # Errors
    /// `NotFound` when they have no such device.
    pub async fn forget_device(&self, actor: &Actor, device: DeviceKey) -> Result<()> {
        actor.in_person()?;
        let forgotten = match device {
            DeviceKey::Kept(id) => self.store.forget_device(actor.id(), id).await?,
            DeviceKey::Session(id) => self.store.end_session(actor.id(), id, true).await?,
        };
        if forgotten { Ok(()) } else { Err(Refusal::NotFound(Noun::Device).into()) }
    }

    /// The actor's sessions, most recently used first.
    ///
    /// # Errors
    /// `Forbidden` for a bot token.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        actor.in_person()?;
        Ok(self.store.sessions_of(actor.id(), self.clock.now()).await?)
    }

    /// Ends one of the actor's sessions and closes its sockets. Its device is forgotten too, unless
    /// the request comes from that device. Ending the session of the request itself is logging out.
    ///
    /// # Errors
    /// `NotFound` when they have no such session.
    pub async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        let own = actor.in_person()?;
        if session == own {
            return self.sign_out(actor, false).await;
        }
        let sessions = self.store.sessions_of(actor.id(), self.clock.now()).await?;
        let device_of = |id| sessions.iter().find(|one| one.id == id).and_then(|one| one.device);
        let is_here = device_of(own).is_some() && device_of(own) == device_of(session);
        if self.store.end_session(actor.id(), session, !is_here).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound(Noun::Session).into())
        }
    }
}
