//! Removing what a person wrote: what they wrote in the last day, or all that is kept of them.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{UploadId, UserId};
use crate::model::log::Doer;
use crate::model::people::Written;
use crate::model::time::Timestamp;

/// How many messages are removed in one transaction, at most: each is told to everybody who hears its
/// channel, and its words leave the index for searching.
pub const WIPED_AT_ONCE: usize = 50;

/// Removing what a person wrote.
#[async_trait]
pub trait Wiping: Send + Sync {
    /// How much a person wrote since then that stands, and what of it: in the channels that `by` sees, and
    /// of no others, of which nobody else may learn how much is in them.
    ///
    /// # Errors
    /// `Denied` when `by` may not deactivate the person.
    async fn written(&self, by: UserId, whom: UserId, since: Timestamp) -> Result<Written>;

    /// Deactivates an account as [`People::deactivate`](super::People::deactivate) does, if it is not, and
    /// begins to remove what the person wrote since then, everywhere: the messages are said to be removed
    /// by a moderator. It is written into the log.
    ///
    /// # Errors
    /// `Denied` when `by` may not deactivate the person, or is the person.
    async fn deactivate_and_wipe(&self, by: Doer, whom: UserId, since: Timestamp) -> Result<()>;

    /// Removes a person's data: deactivates the account for good, gives it the name of a former member,
    /// removes their profile, picture, devices, sessions, tokens, old names, settings and what the log
    /// says of their name and addresses, and begins to remove what they wrote and where they are. It is
    /// written into the log. Nothing happens if that was done already. Events: as for a deactivation.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that, or is the person.
    async fn remove_data(&self, by: Doer, whom: UserId) -> Result<()>;

    /// Removes the next part of what has begun to be removed: at most [`WIPED_AT_ONCE`] messages, with the
    /// rows of their files, whose ids it returns. `None`: there is nothing to remove. Event for each
    /// message: `MessageDeleted`; for each channel that a person whose data is removed is taken out of:
    /// those of [`Members::leave`](super::Members::leave).
    async fn wipe_next(&self) -> Result<Option<Vec<UploadId>>>;
}
