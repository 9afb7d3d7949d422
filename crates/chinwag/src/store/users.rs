//! People: the names they hold and what they chose.

use async_trait::async_trait;

use super::{NewSession, Result};
use crate::model::ids::{SessionId, UserId};
use crate::model::names::DisplayName;
use crate::model::sessions::Session;
use crate::model::users::{Account, Settings, User};

/// A password to be set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// The hash of the new password, in PHC form.
    pub hash: String,
    /// The hash of the password that it replaces; `None` if there was none. Nothing is set if the
    /// stored hash is another by now.
    pub replaces: Option<String>,
    /// The session in which the password is set. All other sessions end, and all other devices are
    /// forgotten.
    pub session: SessionId,
}

/// People, their names, settings and passwords.
#[async_trait]
pub trait Users: Send + Sync {
    /// Takes a free name and signs in, in one transaction. Event: `PersonCreated`.
    ///
    /// # Errors
    /// `Conflict(UserName)` when the name is held, `Conflict(UserLook)` when it looks like one that is
    /// held.
    async fn take_name(&self, name: DisplayName, session: NewSession)
    -> Result<(Account, Session)>;

    /// The person with that id.
    async fn account(&self, user: UserId) -> Result<Option<Account>>;

    /// The person who holds that name (by its key).
    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>>;

    /// People whose name contains `query` (folded as the key of a name is), sorted by name; at most
    /// `limit`.
    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>>;

    /// Replaces a person's settings. `None`: no such person. Event: `AccountChanged`.
    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>>;

    /// Replaces a person's password, ends their other sessions and forgets their other devices.
    /// `None` when there is no such person, or when the password to be replaced is another by now.
    /// Events: `AccountChanged`, and `SessionEnded` for each session.
    async fn set_password(&self, user: UserId, password: NewPassword) -> Result<Option<Account>>;
}
