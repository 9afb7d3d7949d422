//! Removed and reported messages, and the log, on the wire.

use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::channels::ChannelKind;
use super::time::rfc3339;
use super::users::{Role, User};
use crate::model;

/// Why a message is removed or reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
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

impl From<Reason> for model::order::Reason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Spam => Self::Spam,
            Reason::Insult => Self::Insult,
            Reason::Forbidden => Self::Forbidden,
            Reason::Other => Self::Other,
        }
    }
}

impl From<model::order::Reason> for Reason {
    fn from(reason: model::order::Reason) -> Self {
        match reason {
            model::order::Reason::Spam => Self::Spam,
            model::order::Reason::Insult => Self::Insult,
            model::order::Reason::Forbidden => Self::Forbidden,
            model::order::Reason::Other => Self::Other,
        }
    }
}

/// Why a message is to be removed, or is reported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// The reason.
    pub reason: Reason,
    /// What else there is to say, at most 400 characters.
    #[serde(default)]
    pub note: String,
}

/// Why a message was removed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Removal {
    /// The reason.
    pub reason: Reason,
    /// What was added to it.
    pub note: String,
    /// When.
    pub at: String,
}

impl From<&model::order::Removal> for Removal {
    fn from(removal: &model::order::Removal) -> Self {
        let at = rfc3339(removal.at);
        Self { reason: removal.reason.into(), note: removal.note.clone(), at }
    }
}

/// What one person reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenReport {
    /// Who reported it.
    pub by: User,
    /// When.
    pub at: String,
    /// Why.
    pub reason: Reason,
    /// What they added.
    pub note: String,
}

/// A message with open reports.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedMessage {
    /// The id of its channel.
    pub channel: i64,
    /// The channel's name; `null` when the reader does not see the channel.
    #[schema(required)]
    pub channel_name: Option<String>,
    /// What kind of channel it is; `null` when the reader does not see the channel.
    #[schema(required)]
    pub channel_kind: Option<ChannelKind>,
    /// Its number.
    pub number: i64,
    /// When it was written.
    pub sent_at: String,
    /// Whether it stands no more, because its author deleted it.
    pub deleted: bool,
    /// Who wrote it.
    pub author: User,
    /// What the author is in the whole place.
    pub author_role: Role,
    /// Until when the author is muted everywhere; it may be over. `null` when they are not muted.
    #[schema(required)]
    pub author_muted_until: Option<String>,
    /// Whether the author is in the channel, as far as the reader sees it.
    pub author_inside: bool,
    /// What it said when it was reported first.
    pub text: String,
    /// The reports, the oldest first.
    pub reports: Vec<OpenReport>,
}

impl From<&model::order::ReportedMessage> for ReportedMessage {
    fn from(reported: &model::order::ReportedMessage) -> Self {
        let report = |report: &model::order::OpenReport| OpenReport {
            by: (&report.by).into(),
            at: rfc3339(report.at),
            reason: report.reason.into(),
            note: report.note.clone(),
        };
        Self {
            channel: reported.channel.0,
            channel_name: reported.channel_name.clone(),
            channel_kind: reported.channel_kind.map(Into::into),
            number: reported.number.0,
            sent_at: rfc3339(reported.sent_at),
            deleted: reported.deleted,
            author: (&reported.author).into(),
            author_role: reported.author_role.into(),
            author_muted_until: reported.author_muted_until.map(rfc3339),
            author_inside: reported.author_inside,
            text: reported.text.clone(),
            reports: reported.reports.iter().map(report).collect(),
        }
    }
}

/// Messages with open reports.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedMessages {
    /// The one reported first before the others; at most 100.
    pub messages: Vec<ReportedMessage>,
}

/// What was done, by its code. The document lists all of them, so that whoever shows the log has words for
/// each.
#[derive(Debug, Clone, Copy)]
pub struct Act(model::log::Act);

impl Serialize for Act {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.code())
    }
}

impl PartialSchema for Act {
    fn schema() -> RefOr<Schema> {
        let codes = model::log::Act::ALL.iter().map(|act| act.code());
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
        schema.description(Some("What was done.")).into()
    }
}

impl ToSchema for Act {}

/// An entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogEntry {
    /// Its id; a later entry has a higher one.
    pub id: i64,
    /// When it was done.
    pub at: String,
    /// The id of the person who did it; `null` for the operator of the server.
    #[schema(required)]
    pub by: Option<i64>,
    /// The network address that they came from; empty for the operator.
    pub address: String,
    /// What was done.
    pub act: Act,
    /// The id of the person to whom it was done.
    #[schema(required)]
    pub whom: Option<i64>,
    /// The id of the channel.
    #[schema(required)]
    pub channel: Option<i64>,
    /// The number of the message.
    #[schema(required)]
    pub number: Option<i64>,
    /// What else there is to say.
    pub detail: String,
}

impl From<&model::log::LogEntry> for LogEntry {
    fn from(entry: &model::log::LogEntry) -> Self {
        Self {
            id: entry.id,
            at: rfc3339(entry.at),
            by: entry.by.map(|by| by.0),
            address: entry.address.clone(),
            act: Act(entry.act),
            whom: entry.whom.map(|whom| whom.0),
            channel: entry.channel.map(|channel| channel.0),
            number: entry.number.map(|number| number.0),
            detail: entry.detail.clone(),
        }
    }
}

/// What a channel is called now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogChannel {
    /// Its id.
    pub id: i64,
    /// Its name; empty for a conversation without one.
    pub name: String,
    /// What kind of channel it is.
    pub kind: ChannelKind,
}

/// Entries of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Log {
    /// The newest first, at most 100.
    pub entries: Vec<LogEntry>,
    /// Everybody who did something, or to whom it was done, once.
    pub people: Vec<User>,
    /// The channels that are still there, once.
    pub channels: Vec<LogChannel>,
    /// Whether there are older ones: ask again with `before` the last of these.
    pub more: bool,
}

impl From<&model::log::LogPage> for Log {
    fn from(page: &model::log::LogPage) -> Self {
        let channel = |channel: &model::log::NamedChannel| LogChannel {
            id: channel.id.0,
            name: channel.name.clone(),
            kind: channel.kind.into(),
        };
        Self {
            entries: page.entries.iter().map(Into::into).collect(),
            people: page.people.iter().map(Into::into).collect(),
            channels: page.channels.iter().map(channel).collect(),
            more: page.more,
        }
    }
}
