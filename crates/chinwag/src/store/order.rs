//! Keeping order: removed messages, reports, and the log.

use async_trait::async_trait;

use super::{DeleteOutcome, Result};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::{Act, Doer, LogPage};
use crate::model::order::{Reason, Removal, ReportedMessage};
use crate::model::time::Timestamp;

/// The most entries of the log that one answer holds.
pub const MAX_ENTRIES: usize = 100;

/// A reason, and what was added to it.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// The reason.
    pub reason: Reason,
    /// At most [`MAX_NOTE`](crate::model::order::MAX_NOTE) characters; may be empty.
    pub note: String,
}

/// Which entries of the log are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogFilter {
    /// Only entries before this id; from the newest when there is none.
    pub before: Option<i64>,
    /// Only what this person did.
    pub by: Option<UserId>,
    /// Only what was done to this person.
    pub whom: Option<UserId>,
    /// Only what this person did, or was done to them.
    pub person: Option<UserId>,
    /// Only such acts.
    pub act: Option<Act>,
    /// Only what was done then or later.
    pub since: Option<Timestamp>,
}

/// Keeping order.
#[async_trait]
pub trait Order: Send + Sync {
    /// Removes a message of another person: it becomes a tombstone, every open report about it is closed,
    /// and the log has it. Events: `MessageDeleted`, and `ReportsChanged` if there were reports.
    ///
    /// # Errors
    /// `Denied`.
    async fn remove_message(
        &self,
        by: Doer,
        channel: ChannelId,
        number: Number,
        grounds: Grounds,
    ) -> Result<DeleteOutcome>;

    /// Why a message was removed, for its author and for whoever runs the channel. `None`: it was not, or
    /// `viewer` is neither.
    async fn removal(
        &self,
        channel: ChannelId,
        number: Number,
        viewer: UserId,
    ) -> Result<Option<Removal>>;

    /// Reports a message of another person. Once more by the same person, the report before is replaced.
    /// `false`: there is no such message, it is deleted, or it is their own. Event: `ReportsChanged`.
    ///
    /// # Errors
    /// `Denied`, or `Conflict(OpenReports)` when they have too many open ones.
    async fn report_message(
        &self,
        by: Doer,
        channel: ChannelId,
        number: Number,
        grounds: Grounds,
    ) -> Result<bool>;

    /// The messages with open reports, the one reported first before the others; at most
    /// [`MAX_REPORTED`](crate::model::order::MAX_REPORTED).
    ///
    /// # Errors
    /// `Denied`.
    async fn reported_messages(&self, viewer: UserId) -> Result<Vec<ReportedMessage>>;

    /// Leaves a reported message as it is, and closes the reports about it. `false`: none was open.
    /// Event: `ReportsChanged`.
    ///
    /// # Errors
    /// `Denied`.
    async fn leave_reported(&self, by: Doer, channel: ChannelId, number: Number) -> Result<bool>;

    /// Entries of the log, the newest first, at most [`MAX_ENTRIES`]. Those about a channel that is not
    /// public only `viewer` reads who is in it.
    ///
    /// # Errors
    /// `Denied`.
    async fn log(&self, viewer: UserId, filter: LogFilter) -> Result<LogPage>;

    /// Closes the reports from before `before`, and forgets the entries of the log from before `entries`.
    /// Event: `ReportsChanged`, if there were any.
    async fn sweep_order(&self, at: Timestamp, before: Timestamp, entries: Timestamp)
    -> Result<()>;
}
