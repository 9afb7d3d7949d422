//! What concerns somebody, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
use super::time::rfc3339;
use super::users::User;
use crate::model;

/// Why something concerns the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
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

impl From<model::activity::ActivityKind> for ActivityKind {
    fn from(kind: model::activity::ActivityKind) -> Self {
        match kind {
            model::activity::ActivityKind::Mention => Self::Mention,
            model::activity::ActivityKind::Everybody => Self::Everybody,
            model::activity::ActivityKind::Reaction => Self::Reaction,
            model::activity::ActivityKind::Reply => Self::Reply,
            model::activity::ActivityKind::Direct => Self::Direct,
            model::activity::ActivityKind::Invitation => Self::Invitation,
        }
    }
}

/// Which part of the activity to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActivityPart {
    /// Messages that call the reader, or everybody.
    Mentions,
    /// Replies in threads that the reader follows.
    Replies,
    /// Reactions to messages of the reader.
    Reactions,
}

impl From<ActivityPart> for model::activity::ActivityPart {
    fn from(part: ActivityPart) -> Self {
        match part {
            ActivityPart::Mentions => Self::Mentions,
            ActivityPart::Replies => Self::Replies,
            ActivityPart::Reactions => Self::Reactions,
        }
    }
}

/// One thing that concerns the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activity {
    /// Why.
    pub kind: ActivityKind,
    /// Where it stands: later ones stand higher.
    pub turn: i64,
    /// When it came, or changed last.
    pub at: String,
    /// Whether the reader has not seen it. Reactions are never new; a direct message is seen by reading.
    pub new: bool,
    /// The message, in its present form.
    pub message: Message,
    /// Who called the reader, wrote to them, put them in, or reacted last.
    pub by: User,
    /// How many others reacted; 100 means that many or more.
    pub others: usize,
}

impl From<&model::activity::Activity> for Activity {
    fn from(activity: &model::activity::Activity) -> Self {
        Self {
            kind: activity.kind.into(),
            turn: activity.turn,
            at: rfc3339(activity.at),
            new: activity.new,
            message: (&activity.message).into(),
            by: (&activity.by).into(),
            others: activity.others,
        }
    }
}

/// A part of what concerns the reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityPage {
    /// The newest first, at most 50. What the reader may not see any more is left out.
    pub activity: Vec<Activity>,
    /// The channels of these messages.
    pub channels: Vec<ChannelInfo>,
    /// Ask for the next part with this as `before`; `null` when there is none.
    #[schema(required)]
    pub next: Option<i64>,
}

/// A message that calls the reader, or beside which they were put into its channel, and that they have not seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewCall {
    /// The id of the channel.
    pub channel: i64,
    /// The number of the message.
    pub number: i64,
    /// Whether reading the channel leaves it new. Otherwise it is new as long as it is above the read mark.
    pub late: bool,
}

/// The newest messages that call the reader and that they have not seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewCalls {
    /// The newest first; 100 means that many or more.
    pub calls: Vec<NewCall>,
    /// Up to which turn that is.
    pub through: i64,
}

impl From<&model::activity::NewCalls> for NewCalls {
    fn from(new: &model::activity::NewCalls) -> Self {
        let calls = new.calls.iter().map(|call| NewCall {
            channel: call.channel.0,
            number: call.number.0,
            late: call.late,
        });
        Self { calls: calls.collect(), through: new.through }
    }
}

/// Up to where the reader has seen all of their activity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenThrough {
    /// The turn; the mark never goes down.
    pub through: i64,
}

/// What the reader has seen of their activity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivitySeen {
    /// All up to this turn.
    pub through: i64,
    /// The reader's own revision of the newest change of what they have seen.
    pub revision: i64,
}

impl From<&model::activity::ActivitySeen> for ActivitySeen {
    fn from(seen: &model::activity::ActivitySeen) -> Self {
        Self { through: seen.through, revision: seen.own_revision.0 }
    }
}
