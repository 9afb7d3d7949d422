//! What the socket tells, on the namespace `/app`. Each event has one argument.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
use super::users::{Me, User};

/// What happened to a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageChange {
    /// It was posted.
    Posted,
    /// It was deleted.
    Deleted,
}

/// Event `message`: a channel's content changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: MessageChange,
    /// Where.
    pub channel: i64,
    /// The channel's revision. It is one more than the last; when it is not, something was missed:
    /// ask for the changes since the last.
    pub revision: i64,
    /// The message in its new form.
    pub message: Message,
}

/// What happened to a channel.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelChange {
    /// It was made.
    Created,
    /// Its topic changed.
    Changed,
}

/// Event `channel`: the list of channels changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: ChannelChange,
    /// The channel in its new form.
    pub channel: ChannelInfo,
}

/// What happened to a membership.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MemberChange {
    /// She joined.
    Joined,
    /// She left.
    Left,
}

/// Event `member`: somebody joined or left.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: MemberChange,
    /// Where.
    pub channel: i64,
    /// Who.
    pub user: User,
    /// How many are in it now.
    pub member_count: i64,
}

/// Event `read`: she read further, in another of her windows.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadEvent {
    /// Where.
    pub channel: i64,
    /// The newest message she has read.
    pub number: i64,
}

/// What happened to a person.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserChange {
    /// Settings, password or last channel changed.
    Changed,
}

/// Event `user`: her own account changed, in another of her windows.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: UserChange,
    /// The account in its new form.
    pub me: Me,
}

/// Event `heads`: where channels stand. Told on connecting for all of her channels, and for one
/// channel some time after its last event. Whoever has less asks for the changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadsEvent {
    /// Pairs of channel and revision.
    pub heads: Vec<(i64, i64)>,
}
