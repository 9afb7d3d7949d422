//! The place as a whole, and somebody new who comes in.

use async_trait::async_trait;

use super::{NewSession, Proof, Result};
use crate::model::ids::{SecretHash, UserId};
use crate::model::invites::Entry;
use crate::model::log::Doer;
use crate::model::names::{ChannelName, DisplayName, PlaceName};
use crate::model::place::{Place, PlaceChange, WayIn};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;

/// Somebody new.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The name that they take.
    pub name: DisplayName,
    /// The session that begins.
    pub session: NewSession,
    /// The hash of the password that they chose.
    pub password_hash: Option<String>,
    /// How they come in.
    pub entry: Entry,
}

/// The first owner, and how they begin.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The name of the owner: a free one, or one that they prove to hold.
    pub name: DisplayName,
    /// What proves that they hold it, if somebody holds it.
    pub proof: Proof,
    /// The session that begins.
    pub session: NewSession,
    /// The hash of the password, if the name has none yet.
    pub password_hash: Option<String>,
    /// What the place is called.
    pub place: PlaceName,
    /// How somebody new comes in.
    pub way_in: WayIn,
    /// The channel that is made if there is none that everybody sees.
    pub channel: ChannelName,
}

/// The place, its owner, and coming in.
#[async_trait]
pub trait Places: Send + Sync {
    /// What is known of the place as a whole.
    async fn place(&self) -> Result<Place>;

    /// Changes the place, which is written into the log.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that.
    async fn set_place(&self, by: Doer, change: PlaceChange) -> Result<Place>;

    /// Takes a free name and signs in, if somebody new comes in that way now: puts them into the channels
    /// of the invite, and a member into those for newcomers. Events: `PersonChanged`, and those of joining
    /// for each channel.
    ///
    /// # Errors
    /// `Conflict` as in [`take_name`](super::Users::take_name), and with `NameWaits`, `WayIn`, `Invite`,
    /// `InviteDoor` and `PasswordNeeded`.
    async fn come_in(&self, newcomer: Newcomer) -> Result<(Account, Session)>;

    /// Lets somebody who has a name use an invite: puts them into its channels, and lets a guest whose
    /// visit has ended come back. Events: those of joining, `AccountChanged` for the guest.
    ///
    /// # Errors
    /// `Conflict(Invite)`, `Conflict(InviteDoor)`.
    async fn use_invite(&self, user: UserId, invite: SecretHash, at: Timestamp) -> Result<Account>;

    /// Makes the first owner. Events: those of what happens: `PersonChanged`, `AccountChanged`,
    /// `RoleChanged`, `ChannelCreated`. `None` when the proof does not hold.
    ///
    /// # Errors
    /// `Conflict(HasOwner)`, and those of taking a name.
    async fn found(&self, founding: Founding) -> Result<Option<(Account, Session)>>;

    /// Makes a person an owner by order of the operator, at `at`. `None`: nobody has that name. Events:
    /// `RoleChanged`, `AccountChanged`.
    async fn name_owner(&self, name: &DisplayName, at: Timestamp) -> Result<Option<Account>>;

    /// Ends the sessions of guests whose visit has ended at `at`; returns how many guests. Event for each
    /// session: `SessionEnded`.
    async fn end_visits(&self, at: Timestamp) -> Result<usize>;
}
