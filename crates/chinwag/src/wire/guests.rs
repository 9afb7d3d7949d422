//! The guests of a channel and its door, on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::invites::Invite;
use super::place::Waiting;

/// The door of a channel, for those who run it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelDoor {
    /// How many guests are in the channel whose visit goes on.
    pub guests: i64,
    /// The invites that bring guests into it and have not ended, the newest first; at most 100.
    pub invites: Vec<Invite>,
    /// The names that wait by one of them, in the order in which they came; at most 100.
    pub waiting: Vec<Waiting>,
    /// How many names there are that wait.
    pub total: i64,
}

/// What became of the guests of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedVisits {
    /// How many guests are in the channel no more.
    pub guests: i64,
}
