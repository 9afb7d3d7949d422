//! People: the names they hold and what they chose.

use async_trait::async_trait;

use super::{NewSession, Result};
use crate::model::ids::{SessionId, UserId};
use crate::model::log::Doer;
use crate::model::names::DisplayName;
use crate::model::roles::Role;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
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

/// Another name for a person.
#[derive(Debug, Clone)]
pub struct NewName {
    /// The name.
    pub name: DisplayName,
    /// Now.
    pub at: Timestamp,
    /// Until when the name that they had is kept for them.
    pub keep_until: Timestamp,
}

/// People, their names, settings and passwords.
#[async_trait]
pub trait Users: Send + Sync {
    /// Takes a free name, comes into the channels for newcomers and signs in, in one transaction.
    /// Events: `PersonChanged`; `MemberJoined`, `MembershipChanged` for each channel.
    ///
    /// # Errors
    /// `Conflict(UserName)` when the name is held, `Conflict(UserNameKept)` when it is kept for whoever
    /// had it, `Conflict(UserLook)` when it looks like a name that is held or kept.
    async fn take_name(&self, name: DisplayName, session: NewSession)
    -> Result<(Account, Session)>;

    /// The person with that id.
    async fn account(&self, user: UserId) -> Result<Option<Account>>;

    /// The person who holds that name (by its key).
    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>>;

    /// Gives a person another name, and keeps the one that they had: until `keep_until` nobody else
    /// gets it or one that looks like it. At most
    /// [`MAX_OLD_NAMES`](crate::model::users::MAX_OLD_NAMES) are kept for a person; the ones that they
    /// gave up first are free. A name that is kept for themselves they may take, and any form of the
    /// name that they have; nothing is kept when only the form changes, and nothing happens when the
    /// name is the same. `None`: no such person. Events: `AccountChanged` and `PersonChanged`.
    ///
    /// # Errors
    /// As [`take_name`](Users::take_name), for the names of others; `Denied` when the person is muted
    /// everywhere.
    async fn rename(&self, user: UserId, new: NewName) -> Result<Option<Account>>;

    /// The person for whom that name is kept at `at`, because they gave it up lately.
    async fn kept_for(&self, name: &DisplayName, at: Timestamp) -> Result<Option<UserId>>;

    /// Frees the old names that are not kept any more at `at`; returns how many.
    async fn sweep_old_names(&self, at: Timestamp) -> Result<usize>;

    /// People who are not deactivated and whose name is found by the [letters](crate::model::readings) of
    /// `query`, sorted by name; behind them those whose name contains it (folded as the key of a name is);
    /// at most `limit`.
    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>>;

    /// Replaces a person's settings. `None`: no such person. Event: `AccountChanged`.
    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>>;

    /// Gives a person another role, which is written into the log. The last owner stays one. Events:
    /// `RoleChanged`, `AccountChanged`.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that or there is no such person, `Conflict(LastOwner)`.
    async fn set_role(&self, by: Doer, whom: UserId, role: Role) -> Result<Account>;

    /// Replaces a person's password, ends their other sessions and forgets their other devices.
    /// `None` when there is no such person, or when the password to be replaced is another by now.
    /// Events: `AccountChanged`, `SessionEnded` for each session, and `RoleChanged` if a role waited for a
    /// password.
    async fn set_password(&self, user: UserId, password: NewPassword) -> Result<Option<Account>>;
}
