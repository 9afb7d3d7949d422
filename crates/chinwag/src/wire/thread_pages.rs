//! Parts of threads, and of the list of threads that somebody follows, on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
use super::threads::Follow;
use crate::model;

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
    /// How many others follow it; 1,000 means that many or more.
    pub followers: usize,
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
            followers: page.followers,
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
