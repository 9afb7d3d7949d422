//! Channels and who is in them.

use super::ids::{ChannelId, Number, Revision};
use super::time::Timestamp;
use super::users::User;

/// A channel as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Which.
    pub id: ChannelId,
    /// The name as it was typed. It never changes.
    pub name: String,
    /// What it is for; at most 250 characters, may be empty.
    pub topic: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: User,
    /// How many people are in it.
    pub member_count: i64,
    /// The newest change of its content; 0 when nothing was posted yet.
    pub revision: Revision,
    /// The newest message's number; 0 when nothing was posted yet.
    pub last_number: Number,
    /// The newest message that is not deleted, when that is among the newest few.
    pub last_message: Option<MessageSummary>,
}

/// What a list shows of a channel's newest message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSummary {
    /// Which.
    pub number: Number,
    /// Who wrote it.
    pub author: User,
    /// The first 200 characters.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
}

/// A channel as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// What everybody sees.
    pub channel: Channel,
    /// Her membership; `None` when she is not in it.
    pub membership: Option<Membership>,
}

/// One person's place in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// When she joined.
    pub joined_at: Timestamp,
    /// The newest message that she has read; never goes down.
    pub read_number: Number,
}
