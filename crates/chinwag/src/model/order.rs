//! Keeping order: why a message is removed or reported, and what became of a report.

use super::channels::ChannelKind;
use super::ids::{ChannelId, Number};
use super::log::MAX_DETAIL;
use super::roles::Role;
use super::time::Timestamp;
use super::users::User;

/// The most characters that somebody adds to a reason. It fits into the log.
pub const MAX_NOTE: usize = MAX_DETAIL - 100;
/// The most reports of one person that are open at a time.
pub const MAX_OPEN_REPORTS: usize = 20;
/// The most reported messages that one answer lists.
pub const MAX_REPORTED: usize = 100;
/// How long a report stays open, and what was reported with it, in milliseconds: 30 days.
pub const REPORT_MS: i64 = 30 * 24 * 3_600_000;
/// How long an entry of the log is kept, in milliseconds: 366 days.
pub const LOG_MS: i64 = 366 * 24 * 3_600_000;

/// Why a message is removed or reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It advertises something.
    Spam,
    /// It insults or threatens somebody.
    Insult,
    /// It shows something private or forbidden.
    Forbidden,
    /// Something else.
    Other,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Spam, Self::Insult, Self::Forbidden, Self::Other];

    /// The reason of a code. `None`: there is no such reason.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Insult => "insult",
            Self::Forbidden => "forbidden",
            Self::Other => "other",
        }
    }
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The message was left as it is.
    Left,
    /// The message was removed.
    Removed,
    /// Nobody dealt with it in time.
    Expired,
}

impl Outcome {
    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Removed => "removed",
            Self::Expired => "expired",
        }
    }
}

/// Why a message was removed, for its author and for whoever runs the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The reason.
    pub reason: Reason,
    /// What was added to it.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// A message that people reported, with all open reports about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedMessage {
    /// Its channel.
    pub channel: ChannelId,
    /// The channel's name, if whoever reads the report sees the channel. Of a private channel that they
    /// are not in they get the reported message alone.
    pub channel_name: Option<String>,
    /// What kind of channel it is, if they see it.
    pub channel_kind: Option<ChannelKind>,
    /// Its number.
    pub number: Number,
    /// When it was written.
    pub sent_at: Timestamp,
    /// Whether it stands no more, because its author deleted it.
    pub deleted: bool,
    /// Who wrote it.
    pub author: User,
    /// What the author is in the whole place.
    pub author_role: Role,
    /// Until when the author is muted everywhere; it may be over.
    pub author_muted_until: Option<Timestamp>,
    /// Whether the author is in the channel, if whoever reads the report sees it.
    pub author_inside: bool,
    /// What it said when it was reported first.
    pub text: String,
    /// The reports, the oldest first.
    pub reports: Vec<OpenReport>,
}

/// What one person reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Who reported it.
    pub by: User,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// What they added.
    pub note: String,
}
