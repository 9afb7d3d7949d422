//! One-time sign-in links.

use async_trait::async_trait;

use super::{NewSession, Result};
use crate::model::ids::{SecretHash, UserId};
use crate::model::log::Doer;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::{Account, User};

/// Links by which somebody who is locked out signs in, once.
#[async_trait]
pub trait SignInLinks: Send + Sync {
    /// Makes a link for a person, which is written into the log; a link that was made for them before
    /// ends. `by` is `None` for the operator.
    ///
    /// # Errors
    /// `Denied` when `by` may not make one for that person, or there is no such person.
    async fn make_sign_in_link(
        &self,
        by: Option<Doer>,
        whom: UserId,
        hash: SecretHash,
        at: Timestamp,
        ends_at: Timestamp,
    ) -> Result<Account>;

    /// Ends the link that was made for a person, if there is one; it is written into the log.
    ///
    /// # Errors
    /// As [`make_sign_in_link`](Self::make_sign_in_link).
    async fn end_sign_in_link(&self, by: Doer, whom: UserId) -> Result<()>;

    /// For whom a link is, and who made it. `None`: there is no such link, or not any more.
    async fn sign_in_link(
        &self,
        hash: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(User, Option<User>)>>;

    /// Uses a link up: gives the person a new password, ends their sessions, forgets their devices, and
    /// signs in; it is written into the log. `None` as above. Events: `SessionEnded` for each,
    /// `AccountChanged`.
    async fn use_sign_in_link(
        &self,
        hash: SecretHash,
        password_hash: String,
        session: NewSession,
    ) -> Result<Option<(Account, Session)>>;

    /// Forgets the links that ended before `at`; returns how many.
    async fn sweep_sign_in_links(&self, at: Timestamp) -> Result<usize>;
}
