//! Threads on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
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

/// A part of a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadPage {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision at the moment of reading.
    pub revision: i64,
    /// The number of the message that begins the thread.
    pub number: i64,
    /// That message; `null` when it is not kept any more.
    #[schema(required)]
    pub root: Option<Message>,
    /// Replies, ascending by number, tombstones included.
    pub replies: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// How the reader stands to it; `null` when they neither follow it nor chose not to.
    #[schema(required)]
    pub follow: Option<Follow>,
}

impl From<&model::thread_pages::ThreadPage> for ThreadPage {
    fn from(page: &model::thread_pages::ThreadPage) -> Self {
        Self {
            channel: page.channel.0,
            revision: page.revision.0,
            number: page.number.0,
            root: page.root.as_ref().map(Message::from),
            replies: page.replies.iter().map(Message::from).collect(),
            has_older: page.has_older,
            has_newer: page.has_newer,
            follow: page.follow.as_ref().map(Follow::from),
        }
    }
}

/// The threads that the reader follows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Follows {
    /// At most 2,000.
    pub follows: Vec<Follow>,
}

/// A thread that the reader follows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FollowedThread {
    /// How they stand to it.
    pub follow: Follow,
    /// The message that begins it; a tombstone if it was deleted.
    pub root: Message,
    /// Its newest replies, at most 2, ascending by number.
    pub newest: Vec<Message>,
}

impl From<&model::thread_pages::FollowedThread> for FollowedThread {
    fn from(thread: &model::thread_pages::FollowedThread) -> Self {
        Self {
            follow: (&thread.follow).into(),
            root: (&thread.root).into(),
            newest: thread.newest.iter().map(Message::from).collect(),
        }
    }
}

/// A part of the list of the threads that the reader follows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadsPage {
    /// Unread ones first, and then those with the latest reply; at most 20.
    pub threads: Vec<FollowedThread>,
    /// The channels of these threads.
    pub channels: Vec<ChannelInfo>,
    /// Ask for the next part with this as `after`; `null` when there is none.
    #[schema(required)]
    pub next: Option<String>,
}
