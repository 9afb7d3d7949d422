//! Direct conversations.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::ChannelView;
use crate::model::direct::People;
use crate::model::ids::{ChannelId, UserId};
use crate::model::time::Timestamp;

/// A direct conversation to be opened.
#[derive(Debug, Clone)]
pub struct NewDirect {
    /// Its id if it has to be made, which nobody can guess.
    pub id: ChannelId,
    /// Who opens it.
    pub by: UserId,
    /// Whose it is, `by` among them.
    pub people: People,
    /// Now.
    pub at: Timestamp,
}

/// Conversations of people who never change.
#[async_trait]
pub trait DirectConversations: Send + Sync {
    /// Whether these people have a conversation.
    async fn has_direct(&self, people: People) -> Result<bool>;

    /// Opens the conversation of these people: the one that they have, or a new one. Whoever opens it is in
    /// it and sees it; the others learn of it with its first message, which makes them members. Events,
    /// each if something changed: `MemberJoined`, `MembershipChanged`.
    ///
    /// # Errors
    /// `Denied(NotFound)` when there is no such person or a guest shares no channel with `by`;
    /// `Denied(Unreachable)` when somebody takes no direct messages; `Conflict(Memberships)` when one of
    /// them is in too many channels.
    async fn open_direct(&self, new: NewDirect) -> Result<ChannelView>;

    /// Hides a conversation from one of its people until somebody writes in it, or shows it again. What is
    /// hidden is not the channel that they visited last. Events, if it changed: `MembershipChanged`,
    /// `AccountChanged`.
    ///
    /// # Errors
    /// `Denied`.
    async fn hide_direct(&self, id: ChannelId, user: UserId, hidden: bool) -> Result<ChannelView>;
}
