//! What concerns somebody: messages that call them or are written to them, channels that they were put into, and
//! reactions to what they wrote.

use super::ids::{ChannelId, Number, Revision};
use super::messages::Message;
use super::time::Timestamp;
use super::users::User;

/// So much is kept for one person, the newest. Reactions to one message count as one.
pub const MAX_ACTIVITY: usize = 1_000;
/// So many calls of everybody are kept for one channel, the newest.
pub const MAX_CALLS_OF_EVERYBODY: usize = 100;
/// The most rows of one answer.
pub const MAX_ACTIVITY_PAGE: usize = 50;
/// The most messages that are told as new.
pub const MAX_NEWS: usize = 100;
/// So many newest messages are noted of a direct conversation: whoever wrote the last one, the others find one.
pub const MAX_DIRECT: usize = 5;
/// So many people at most are told of a call of everybody that an edit added to what they have read.
pub const MAX_LATE: usize = 200;
/// People who reacted to a message are counted up to this number.
pub const MANY_REACTED: usize = 100;

/// Why something concerns somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// A message calls them by their name.
    Mention,
    /// A message calls everybody in a channel.
    Everybody,
    /// Somebody reacted to their message.
    Reaction,
    /// Somebody replied in a thread that they follow. Of each thread, the newest reply is shown.
    Reply,
    /// Somebody wrote in a direct conversation with them. Of each, the newest message by others is shown.
    Direct,
    /// Somebody put them into a channel. The message is the newest of the channel at that time.
    Invitation,
}

/// A part of somebody's activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ActivityPart {
    /// All of it.
    #[default]
    All,
    /// Messages that call them, or everybody.
    Mentions,
    /// Replies in threads that they follow.
    Replies,
    /// Reactions to what they wrote.
    Reactions,
    /// What is counted: messages that call them, and channels that they were put into. Direct conversations and
    /// threads have counts of their own.
    Counted,
}

/// Which part of somebody's activity is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ActivityFilter {
    /// Only what is new.
    pub only_new: bool,
    /// Which part.
    pub part: ActivityPart,
}

/// One thing that concerns somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Why.
    pub kind: ActivityKind,
    /// Where it stands: later ones stand higher.
    pub turn: i64,
    /// When it came, or changed last.
    pub at: Timestamp,
    /// Whether they have not seen it. Reactions are never new.
    pub new: bool,
    /// The message, in its present form.
    pub message: Message,
    /// Who called them, wrote to them, put them in, or reacted last.
    pub by: User,
    /// How many others reacted; at most [`MANY_REACTED`].
    pub others: usize,
}

/// A part of somebody's activity, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActivityPage {
    /// What they may see of it now.
    pub rows: Vec<Activity>,
    /// Where the next part begins; `None` when there is none.
    pub next: Option<i64>,
}

/// A message that calls somebody and that they have not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCall {
    /// In which channel.
    pub channel: ChannelId,
    /// Which message.
    pub number: Number,
    /// Whether reading the channel leaves it new. Otherwise it is new as long as it is above the read mark.
    pub late: bool,
}

/// The newest messages that call somebody and that they have not seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewCalls {
    /// At most [`MAX_NEWS`], the newest first.
    pub calls: Vec<NewCall>,
    /// Up to which turn that is.
    pub through: i64,
}

/// What somebody has seen of their activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivitySeen {
    /// All up to this turn.
    pub through: i64,
    /// Their own revision of the newest change of what they have seen.
    pub own_revision: Revision,
}
