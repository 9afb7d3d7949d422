//! Messages that are kept at hand: pinned in their channel for all, or saved by a person for themselves.

use super::ids::{ChannelId, Number, Revision};
use super::time::Timestamp;
use super::users::User;

/// The most pinned messages of one channel.
pub const MAX_PINS: usize = 100;
/// The most messages that one person saves.
pub const MAX_SAVED: usize = 2_000;
/// The most saved messages of one answer.
pub const MAX_SAVED_PAGE: usize = 50;
/// The most characters of a note to a saved message.
pub const MAX_NOTE: usize = 500;

/// Who pinned a message, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Who.
    pub by: User,
    /// When.
    pub at: Timestamp,
}

/// A change of a pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// In which channel.
    pub channel: ChannelId,
    /// Which message.
    pub number: Number,
    /// The channel's revision of this change.
    pub revision: Revision,
    /// The pin; `None` when it was taken away.
    pub pin: Option<Pin>,
}

/// What a person wants of a message for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// To save it. If it is saved already, its note stays.
    Keep,
    /// To save it with these words, or to change them.
    With(String),
    /// Not to save it any more.
    TakeOut,
}

/// How it stands between a person and a message that they saved, or saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// In which channel.
    pub channel: ChannelId,
    /// Which message.
    pub number: Number,
    /// Whether it is saved.
    pub kept: bool,
    /// A few words for themselves; may be empty.
    pub note: String,
    /// When they saved it.
    pub at: Timestamp,
    /// Where it stands in their list: later ones stand higher.
    pub turn: Revision,
    /// Their own revision of the newest change of this.
    pub own_revision: Revision,
}
