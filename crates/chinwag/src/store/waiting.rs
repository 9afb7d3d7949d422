//! Names at the door.

use async_trait::async_trait;

use super::{NewSession, Result};
use crate::model::ids::{SecretHash, UserId};
use crate::model::log::Doer;
use crate::model::names::DisplayName;
use crate::model::place::{AtTheDoor, Waiting};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;

/// A name that somebody asks to be let in with.
#[derive(Debug, Clone)]
pub struct NewWaiting {
    /// The hash of the secret of the browser.
    pub secret: SecretHash,
    /// The name.
    pub name: DisplayName,
    /// The address that it comes from, as limits count it.
    pub block: String,
    /// What they say; may be empty.
    pub says: String,
    /// The hash of the password that they chose.
    pub password_hash: Option<String>,
    /// The invite that they come by.
    pub invite: Option<SecretHash>,
    /// The guest who comes back under the name that they have.
    pub returns: Option<UserId>,
    /// Now.
    pub at: Timestamp,
}

/// Waiting at the door.
#[async_trait]
pub trait WaitingRoom: Send + Sync {
    /// Puts a name at the door. What the same browser asked before is forgotten. Events: `WaitingChanged`,
    /// `InviteChanged` for whoever comes by one.
    ///
    /// # Errors
    /// `Conflict` as in [`come_in`](super::Places::come_in), and with `NameWaits` and `Waiting`.
    async fn wait(&self, new: NewWaiting) -> Result<()>;

    /// The id of the name that the browser with that secret asked for, whatever became of it.
    async fn name_at_the_door(&self, secret: SecretHash) -> Result<Option<i64>>;

    /// How it stands with the name that the browser with that secret asked for.
    async fn at_the_door(&self, secret: SecretHash, at: Timestamp) -> Result<AtTheDoor>;

    /// Takes the name of that browser from the door. Events as in [`wait`](Self::wait).
    async fn stop_waiting(&self, secret: SecretHash) -> Result<()>;

    /// Signs in whoever was let in, which happens once. `None`: they were not.
    async fn enter(
        &self,
        secret: SecretHash,
        session: NewSession,
    ) -> Result<Option<(Account, Session)>>;

    /// The names that wait, in the order in which they came, at most `limit`; and how many there are. What an
    /// invite is for that `by` may not see is left out.
    async fn waiting(&self, by: Doer, limit: usize) -> Result<(Vec<Waiting>, i64)>;

    /// The same for the names that wait by an invite. `None` when `by` does not let them in.
    async fn waiting_by(
        &self,
        invite: i64,
        by: Doer,
        limit: usize,
    ) -> Result<Option<(Vec<Waiting>, i64)>>;

    /// Lets a name in: from now on it is held. A moderator lets in anybody, and whoever runs all channels of
    /// an invite for guests those who wait by it. `false`: it does not wait any more. Events: as
    /// in [`come_in`](super::Places::come_in) and [`wait`](Self::wait), and `DoorAnswered`.
    ///
    /// # Errors
    /// `Denied`; `Conflict` when somebody took the name meanwhile, or the invite has ended.
    async fn let_in(&self, id: i64, by: Doer) -> Result<bool>;

    /// Refuses a name; who may, and what happens, is as in [`let_in`](Self::let_in). `false`: it does not
    /// wait any more.
    ///
    /// # Errors
    /// `Denied`.
    async fn refuse(&self, id: i64, by: Doer) -> Result<bool>;

    /// Forgets what is over at `at`; returns how many.
    async fn sweep_waiting(&self, at: Timestamp) -> Result<usize>;
}
