//! Parts of threads, of the list of threads that somebody follows, and of transcripts, which have threads in them.

use std::fmt;

use super::ids::{ChannelId, Number, Revision};
use super::messages::Message;
use super::threads::{Follow, Reply};

/// The most threads of one part of the list of those that somebody follows.
pub const MAX_THREADS_PAGE: usize = 20;

/// Those who follow a thread are counted up to this number.
pub const MANY_FOLLOW: usize = 1_000;

/// Which part of the list of the threads that somebody follows is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThreadsPart {
    /// Only those that they began.
    pub mine: bool,
    /// Behind this place; `None` for the beginning.
    pub after: Option<ThreadsPlace>,
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
    /// How many others follow it; at most [`MANY_FOLLOW`].
    pub followers: usize,
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
