//! Threads: messages that answer another one, and who follows them.

use std::fmt;

use super::channels::ReadMark;
use super::ids::{ChannelId, Number, Revision};
use super::messages::Message;
use super::time::Timestamp;
use super::users::User;

/// The most people who are shown under the message that begins a thread.
pub const MAX_FACES: usize = 4;
/// The most threads that one person follows or chose not to follow.
pub const MAX_FOLLOWS: usize = 2_000;
/// The most threads of one part of the list of those that somebody follows.
pub const MAX_THREADS_PAGE: usize = 20;

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

/// A run of a thread's replies, read in one transaction with all that stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadPage {
    /// The channel.
    pub channel: ChannelId,
    /// The channel's newest change at the moment of reading.
    pub revision: Revision,
    /// The number of the message that begins the thread.
    pub number: Number,
    /// That message; `None` when it is not kept any more.
    pub root: Option<Message>,
    /// Ascending by number, tombstones included.
    pub replies: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// How the reader stands to it; `None` when they neither follow it nor chose not to.
    pub follow: Option<Follow>,
}

/// A thread in the list of those that somebody follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedThread {
    /// How they stand to it.
    pub follow: Follow,
    /// The message that begins it.
    pub root: Message,
    /// Its newest replies, ascending.
    pub newest: Vec<Message>,
}

/// Where a list of followed threads goes on: unread ones come first, and among them the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThreadsPlace {
    /// Whether it is read.
    pub is_read: bool,
    /// When its newest reply was posted, with the sign turned, so that later ones come first.
    pub turned_at: i64,
    /// The channel.
    pub channel: ChannelId,
    /// The message that begins it.
    pub root: Number,
}

impl ThreadsPlace {
    /// Reads a place that was told as text. `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse::<i64>().ok());
        let mut next = || parts.next().flatten();
        let (read, turned_at, channel, root) = (next()?, next()?, next()?, next()?);
        let is_read = match read {
            0 => false,
            1 => true,
            _ => return None,
        };
        Some(Self { is_read, turned_at, channel: ChannelId(channel), root: Number(root) })
    }
}

impl fmt::Display for ThreadsPlace {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_read, turned_at, channel, root } = self;
        write!(to, "{}.{turned_at}.{}.{}", u8::from(*is_read), channel.0, root.0)
    }
}

/// Where a transcript goes on. The replies of a thread that are not of the run come behind the message that
/// begins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TranscriptPlace {
    /// The row of the run that came last. Up to the channel's floor it is the root of a thread, which is not
    /// kept any more.
    pub row: Number,
    /// The reply of its thread that came last; 0 for none.
    pub reply: Number,
}

impl TranscriptPlace {
    /// Before everything.
    pub const BEGIN: Self = Self { row: Number(0), reply: Number(0) };

    /// Behind a row and its whole thread.
    #[must_use]
    pub const fn behind(row: Number) -> Self {
        Self { row, reply: Number(i64::MAX) }
    }

    /// Behind a message.
    #[must_use]
    pub fn after(message: &Message) -> Self {
        match message.reply {
            Some(Reply { root, in_run: false }) => Self { row: root, reply: message.number },
            _ => Self { row: message.number, reply: Number(0) },
        }
    }
}

/// A part of the list of the threads that somebody follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadsPage {
    /// Unread ones first, and then the latest.
    pub threads: Vec<FollowedThread>,
    /// Where the next part begins; `None` when there is none.
    pub next: Option<ThreadsPlace>,
}
