//! Threads on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;

/// What stands under the message that begins a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Thread {
    /// How many replies there are that are not deleted.
    pub replies: i64,
    /// The number of the newest of them.
    pub last_number: i64,
    /// When that was posted.
    pub last_at: String,
    /// Who wrote in it last, the latest first; at most 4.
    pub faces: Vec<User>,
}

impl From<&model::threads::Thread> for Thread {
    fn from(thread: &model::threads::Thread) -> Self {
        Self {
            replies: thread.replies,
            last_number: thread.last_number.0,
            last_at: rfc3339(thread.last_at),
            faces: thread.faces.iter().map(User::from).collect(),
        }
    }
}

/// The thread of a reply that came or went, as it is after that. The message that begins it takes the
/// revision of the event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadHead {
    /// The number of the message that begins it.
    pub root: i64,
    /// The thread.
    pub thread: Thread,
}

impl From<&model::threads::ThreadHead> for ThreadHead {
    fn from(head: &model::threads::ThreadHead) -> Self {
        Self { root: head.root.0, thread: (&head.thread).into() }
    }
}

/// How the reader stands to a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Follow {
    /// The id of the channel.
    pub channel: i64,
    /// The number of the message that begins the thread.
    pub root: i64,
    /// Whether they follow it. `false`: they chose not to.
    pub following: bool,
    /// The number up to which they have read it.
    pub number: i64,
    /// Their own revision of the newest change of this; of two, the one with the higher value is the newer.
    pub step: i64,
    /// How many replies by others above that are neither deleted nor in the channel's run; 1000 means that
    /// many or more.
    pub unread: i64,
    /// How many of these mention them, or everybody; 1000 means that many or more.
    pub mentions: i64,
    /// The number of the thread's newest reply that is not deleted, or of its root.
    pub last_number: i64,
    /// The channel's revision at which `unread` was counted.
    pub channel_revision: i64,
}

impl From<&model::threads::Follow> for Follow {
    fn from(follow: &model::threads::Follow) -> Self {
        Self {
            channel: follow.channel.0,
            root: follow.root.0,
            following: follow.following,
            number: follow.read.number.0,
            step: follow.own_revision.0,
            unread: follow.unread,
            mentions: follow.mentions,
            last_number: follow.last_number.0,
            channel_revision: follow.channel_revision.0,
        }
    }
}
