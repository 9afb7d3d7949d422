//! The three kinds of streams, and what changed in two of them since a revision.
//!
//! A channel's stream holds its messages and its own facts (see
//! [`Changes`](super::messages::Changes)). A person's own stream holds the account (settings, last
//! channel) and the memberships with their read marks. The place's stream holds the people and the
//! directory of public channels. Every change takes the stream's next revision in its transaction.

use super::activity::ActivitySeen;
use super::channels::{Channel, ChannelView};
use super::ids::{ChannelId, Revision};
use super::keeping::Saved;
use super::threads::Follow;
use super::users::{Account, User};

/// The most rows that one answer about a person's own stream or the place's holds. A row takes at
/// most 2.6 kB as JSON, so an answer stays within about 1 MB.
pub const MAX_ROWS: usize = 400;

/// What changed in a person's own stream after a revision, read in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChanges {
    /// The stream's newest change at the moment of reading.
    pub revision: Revision,
    /// Every change up to here is in the rows; `revision` when they are complete.
    pub reached: Revision,
    /// The account in its present form, when it changed.
    pub account: Option<Account>,
    /// The channels whose membership changed (joined, left, read mark), in their present form,
    /// ascending by [`ChannelView::own_revision`].
    pub channels: Vec<ChannelView>,
    /// What the person saved, or does not save any more.
    pub saved: Vec<Saved>,
    /// How they stand to threads for which that changed, and to all threads of these channels.
    pub follows: Vec<Follow>,
    /// What the person has seen of their activity, when that changed.
    pub activity: Option<ActivitySeen>,
    /// The channels that the person is not in any more and may not know of.
    pub lost: Vec<ChannelId>,
    /// Whether these are all changes; when not, the client asks again with `reached`.
    pub complete: bool,
}

/// What changed in the place's stream after a revision, read in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceChanges {
    /// The stream's newest change at the moment of reading.
    pub revision: Revision,
    /// Every change up to here is in the rows; `revision` when they are complete.
    pub reached: Revision,
    /// People who are new or changed, in their present form.
    pub people: Vec<User>,
    /// Channels whose entry in the directory is new or changed, in their present form.
    pub channels: Vec<Channel>,
    /// Channels that the directory does not list any more, for this person.
    pub delisted: Vec<ChannelId>,
    /// Whether these are all changes; when not, the client asks again with `reached`.
    pub complete: bool,
}

/// Everything that the web app needs to start, read in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The account.
    pub account: Account,
    /// The head of the person's own stream.
    pub own: Revision,
    /// The head of the place's stream.
    pub place: Revision,
    /// The channels and direct conversations that the person is in, as they see them, oldest first.
    pub channels: Vec<ChannelView>,
    /// Whether these are all; when not, the client asks again for those after the last.
    pub complete: bool,
    /// The public channel that the person visited last, if they are not in it.
    pub visited: Option<ChannelView>,
}

/// Heads of streams: the newest revision of each. A stream that is not named may have changed or
/// not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads {
    /// The hearer's own stream.
    pub own: Option<Revision>,
    /// The place's stream.
    pub place: Option<Revision>,
    /// Channels.
    pub channels: Vec<(ChannelId, Revision)>,
    /// How many people are in channels. Joining and leaving take no revision of the channel, so a
    /// client that missed such an event gets the right count by this.
    pub members: Vec<(ChannelId, i64)>,
    /// How many messages have open reports; only for those who keep order in the place.
    pub reports: Option<i64>,
    /// How many names wait at the door, only for those who keep order in the place.
    pub waiting: Option<i64>,
}
