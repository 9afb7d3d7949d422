//! Signed-in browsers.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{SecretHash, SessionId, UserId};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;

/// A session that begins: a browser signs in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The hash of the session token.
    pub token: SecretHash,
    /// The hash of the device key: from now on that browser may sign in under this name without a
    /// password. `None` on a computer of others: the browser is not kept as a device.
    pub device: Option<SecretHash>,
    /// Now.
    pub at: Timestamp,
    /// When the session ends, unless it is used before.
    pub expires_at: Timestamp,
    /// The `User-Agent`, cut to 300 characters.
    pub user_agent: String,
    /// The network address of the browser.
    pub address: String,
}

/// Why somebody may sign in under a name that is held. The store checks it again in the transaction
/// that signs them in, because a device may have been forgotten or a password changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The browser has the device key with this hash.
    Device(SecretHash),
    /// The person knows the password that has this hash.
    Password(String),
    /// The caller guarantees it; nothing is checked.
    Vouched,
}

/// Sessions: signing in under a held name, using a session, and ending it.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Signs in under a name that is held. `None` when the proof does not hold any more. If the
    /// browser is not to be kept but was kept as a device before, that device is forgotten, unless it
    /// is the only way back to the name.
    ///
    /// # Errors
    /// `Conflict(Deactivated)` when the proof holds and the account is deactivated.
    async fn sign_in(
        &self,
        user: UserId,
        session: NewSession,
        proof: Proof,
    ) -> Result<Option<Session>>;

    /// The session with that token, if it has not expired at `at`, and the account that it is of.
    async fn session(&self, token: SecretHash, at: Timestamp)
    -> Result<Option<(Session, Account)>>;

    /// Notes that a session is in use, and moves its end to `expires_at`. If the device of the session
    /// is not known, it becomes `device`, provided that this is one of the person's. No event.
    async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        expires_at: Timestamp,
        address: String,
        device: Option<SecretHash>,
    ) -> Result<()>;

    /// A person's sessions that have not expired at `at`, the one used last first.
    async fn sessions_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>>;

    /// Ends one of a person's sessions; `false` when they have no such session. With `forget` its
    /// device is forgotten too, and every session on that device ends. If the device of the session
    /// is not known, `forget` forgets all of the person's devices that no session is known to be on.
    /// Event for each session: `SessionEnded`.
    async fn end_session(&self, user: UserId, id: SessionId, forget: bool) -> Result<bool>;

    /// Removes the sessions that expired before `at`; returns how many. Also removes devices that
    /// have no session: of people with a password those that were not used since `idle`, of people
    /// without one those that were not used since `dead`. Event for each session: `SessionEnded`.
    async fn sweep_sessions(
        &self,
        at: Timestamp,
        idle: Timestamp,
        dead: Timestamp,
    ) -> Result<usize>;
}
