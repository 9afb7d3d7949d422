//! Channels on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;

/// What a list shows of a channel's newest message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageSummary {
    /// Which.
    pub number: i64,
    /// Who wrote it.
    pub author: User,
    /// The first 200 characters; empty when it carries only files.
    pub text: String,
    /// When.
    pub created_at: String,
}

/// A channel as everybody sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelInfo {
    /// Which.
    pub id: i64,
    /// The name as it was typed.
    pub name: String,
    /// What it is for; may be empty.
    pub topic: String,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    pub created_by: User,
    /// How many people are in it.
    pub member_count: i64,
    /// The newest change of its content.
    pub revision: i64,
    /// The newest message's number.
    pub last_number: i64,
    /// The newest message, when it is not deleted.
    #[schema(required)]
    pub last_message: Option<MessageSummary>,
}

impl From<&model::channels::Channel> for ChannelInfo {
    fn from(channel: &model::channels::Channel) -> Self {
        Self {
            id: channel.id.0,
            name: channel.name.clone(),
            topic: channel.topic.clone(),
            created_at: rfc3339(channel.created_at),
            created_by: (&channel.created_by).into(),
            member_count: channel.member_count,
            revision: channel.revision.0,
            last_number: channel.last_number.0,
            last_message: channel.last_message.as_ref().map(|message| MessageSummary {
                number: message.number.0,
                author: (&message.author).into(),
                text: message.text.clone(),
                created_at: rfc3339(message.created_at),
            }),
        }
    }
}

/// A channel as one person sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Channel {
    /// What everybody sees.
    #[serde(flatten)]
    pub info: ChannelInfo,
    /// Whether she is in it.
    pub member: bool,
    /// The newest message that she has read; 0 when she is not in it.
    pub read_number: i64,
}

impl From<&model::channels::ChannelView> for Channel {
    fn from(view: &model::channels::ChannelView) -> Self {
        Self {
            info: (&view.channel).into(),
            member: view.membership.is_some(),
            read_number: view.membership.map_or(0, |membership| membership.read_number.0),
        }
    }
}

/// All channels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channels {
    /// Oldest first.
    pub channels: Vec<Channel>,
}

/// A channel to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelDraft {
    /// The name, 1–64 characters.
    pub name: String,
    /// What it is for, at most 250 characters.
    #[serde(default)]
    pub topic: String,
}

/// A change of a channel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelPatch {
    /// What it is for, at most 250 characters.
    pub topic: String,
}

/// How far she has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadMark {
    /// The newest message that she has read.
    pub number: i64,
}

/// Who is in a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    /// By name; at most as many as asked for.
    pub members: Vec<User>,
    /// How many there are in all.
    pub total: i64,
}
