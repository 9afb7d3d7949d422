//! Invites.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{SecretHash, UserId};
use crate::model::invites::{CameBy, Door, Invitation, Invite, NewInvite, Projected};
use crate::model::log::Doer;
use crate::model::time::Timestamp;

/// Invites: making, listing and ending them. An invite is seen by who made it; by moderators who see all
/// channels that it leads into, so that it tells nobody of a private channel; and one for guests by
/// whoever runs all of its channels.
#[async_trait]
pub trait Invites: Send + Sync {
    /// Makes an invite, which is written into the log.
    ///
    /// # Errors
    /// `Denied` when the maker may not invite people to be that, or into one of the channels;
    /// `Conflict(Invites)`.
    async fn create_invite(&self, new: NewInvite) -> Result<Invite>;

    /// The invites that somebody made, and for a moderator all that they see, the newest first, at most
    /// `limit`. What others made into a channel is part of its door
    /// ([`channel_door`](super::Guests::channel_door)).
    async fn invites(&self, viewer: UserId, limit: usize) -> Result<Vec<Invite>>;

    /// An invite that somebody sees, and who came by it, the last first, at most `limit`.
    async fn invite(
        &self,
        id: i64,
        viewer: UserId,
        limit: usize,
    ) -> Result<Option<(Invite, Vec<CameBy>)>>;

    /// An invite that somebody sees, as a projector shows it at `at`, with at most `limit` people.
    async fn projected(
        &self,
        id: i64,
        viewer: UserId,
        at: Timestamp,
        limit: usize,
    ) -> Result<Option<Projected>>;

    /// The invite with that code, whether or not it has ended, for whoever comes by it.
    async fn invitation(&self, hash: SecretHash) -> Result<Option<Invitation>>;

    /// Opens or closes the door of an invite, which is written into the log. `None`: there is no such
    /// invite, or they may not know of it. Event: `InviteChanged`.
    async fn set_door(&self, id: i64, by: Doer, door: Door) -> Result<Option<Invite>>;

    /// Ends an invite now, which is written into the log. Whoever came by it stays. `None` and event as
    /// above.
    async fn end_invite(&self, id: i64, by: Doer) -> Result<Option<Invite>>;

    /// Forgets invites that ended or expired before `at`; returns how many.
    async fn sweep_invites(&self, at: Timestamp) -> Result<usize>;
}
