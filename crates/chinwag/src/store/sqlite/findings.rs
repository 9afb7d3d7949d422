//! What a check of the database found.

use crate::model::ids::{ChannelId, UserId};

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many people there are.
    pub people: i64,
    /// How many channels there are.
    pub channels: i64,
    /// How many messages there are, tombstones included.
    pub messages: i64,
    /// How many files there are.
    pub uploads: i64,
    /// What is wrong; empty for a sound database.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The file is damaged. The text is SQLite's.
    #[error("the file is damaged: {0}")]
    Damage(String),
    /// A row refers to another that does not exist.
    #[error("a row of {table} names a row of {parent} that is not there")]
    Dangling {
        /// The table of the row.
        table: String,
        /// The table that should have the other row.
        parent: String,
    },
    /// A channel's messages are not numbered from 1 to its newest.
    #[error("the numbers of channel {0} have a gap")]
    Numbers(ChannelId),
    /// A channel's revisions are out of order, or not up to its newest change.
    #[error("the revisions of channel {0} do not fit its history")]
    Revisions(ChannelId),
    /// A channel does not note its newest tombstone or line.
    #[error("channel {0} counts a deleted message or a line as unread")]
    Quiet(ChannelId),
    /// A channel counts its members wrongly.
    #[error("channel {0} counts its members wrongly")]
    Members(ChannelId),
    /// A member of a channel counts their own messages above the read mark wrongly.
    #[error("channel {0} counts a member's own messages above their read mark wrongly")]
    OwnAbove(ChannelId),
    /// Messages of a channel count their files wrongly.
    #[error("messages of channel {0} count their files wrongly")]
    Attachments(ChannelId),
    /// Messages of a channel count their kinds of reactions wrongly, or a kind counts its people wrongly.
    #[error("messages of channel {0} count their reactions wrongly")]
    Reactions(ChannelId),
    /// A channel counts wrongly what stands in threads alone.
    #[error("channel {0} counts what stands in threads alone wrongly")]
    Run(ChannelId),
    /// A thread of a channel counts its replies wrongly, or a reply stands under no thread.
    #[error("a thread of channel {0} counts its replies wrongly")]
    Threads(ChannelId),
    /// A message of a channel has earlier texts that it may not have.
    #[error("a message of channel {0} has earlier texts that it may not have")]
    Versions(ChannelId),
    /// A message of a channel quotes no earlier one, or a deleted one quotes any.
    #[error("a message of channel {0} quotes one that it cannot quote")]
    Quotes(ChannelId),
    /// A message of a channel carries another one without saying so, or says so and carries none.
    #[error("messages of channel {0} do not say rightly what they forward")]
    Forwards(ChannelId),
    /// Messages of a channel count their mentions wrongly, or the channel does not note its newest mention.
    #[error("messages of channel {0} count their mentions wrongly")]
    Mentions(ChannelId),
    /// A message of a channel is pinned without a row that says by whom, or the other way round; or there are
    /// more than may be.
    #[error("the pinned messages of channel {0} are not those that are noted")]
    Pins(ChannelId),
    /// Somebody has a message of a channel in their activity that does not concern them.
    #[error("a message of channel {0} is in the activity of somebody whom it does not concern")]
    Activity(ChannelId),
    /// The index of words has messages of a channel that it may not have, or lacks some.
    #[error(
        "the index for searching does not fit the messages of channel {0}; `chinwag reindex`, while no server \
         runs, has it made anew"
    )]
    Search(ChannelId),
    /// The revision of a person's own stream, or of the place's, is lower than that of one of its
    /// changes; or there is not exactly one row that says which installation this is.
    #[error("{0}")]
    Streams(&'static str),
    /// Messages do not add up to the sum that was kept of them.
    #[error("among messages {first} to {last} of channel {channel} one is not as it was written")]
    Messages {
        /// The channel.
        channel: ChannelId,
        /// The lowest number of the messages that were added up.
        first: i64,
        /// The highest.
        last: i64,
    },
    /// The rows of another table do not add up to the sum that was kept of them.
    #[error("a row of {0} is not as it was written")]
    Table(String),
    /// A name is kept for whoever gave it up although somebody holds it, or a person has more of
    /// them than are kept.
    #[error("a name that person {0} gave up is kept wrongly")]
    OldName(UserId),
    /// The bytes of somebody's files are counted wrongly.
    #[error("the bytes of the files of person {0} are counted wrongly")]
    Stored(UserId),
}
