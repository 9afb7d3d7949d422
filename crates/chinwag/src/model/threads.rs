//! Threads: messages that answer another one, and who follows them.

use super::channels::ReadMark;
use super::ids::{ChannelId, Number, Revision};
use super::time::Timestamp;
use super::users::User;

/// The most people who are shown under the message that begins a thread.
pub const MAX_FACES: usize = 4;
/// The most threads that one person follows or chose not to follow.
pub const MAX_FOLLOWS: usize = 2_000;

/// What makes a message an answer in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The message that begins the thread. It is of the run, and answers nothing itself.
    pub root: Number,
    /// Whether it was sent to the channel too, and so is of the run. Otherwise it is in the thread only.
    pub in_run: bool,
}

/// What stands under the message that begins a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// How many replies there are that are not deleted.
    pub replies: i64,
    /// The newest of them; the root itself when there is none.
    pub last_number: Number,
    /// When that was posted.
    pub last_at: Timestamp,
    /// Who wrote in it last, the latest first, at most [`MAX_FACES`].
    pub faces: Vec<User>,
}

/// The thread of a message that came or went, as it is after that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadHead {
    /// The message that begins it. Its row takes the revision of the change.
    pub root: Number,
    /// The thread.
    pub thread: Thread,
}

/// How a person stands to a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// The channel.
    pub channel: ChannelId,
    /// The message that begins the thread.
    pub root: Number,
    /// Whether they follow it. `false`: they chose not to.
    pub following: bool,
    /// How far they have read.
    pub read: ReadMark,
    /// How many replies by others above that are neither deleted nor in the run; at most
    /// [`MANY_UNREAD`](super::channels::MANY_UNREAD).
    pub unread: i64,
    /// How many of these mention them; at most as many.
    pub mentions: i64,
    /// The newest row of the thread, counted by the thread's own replies and its root.
    pub last_number: Number,
    /// The channel's revision for which this is true.
    pub channel_revision: Revision,
    /// Their own revision of the newest change of this.
    pub own_revision: Revision,
}
