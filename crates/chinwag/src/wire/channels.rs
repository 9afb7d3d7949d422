//! Channels on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::levels::Level;
use super::time::rfc3339;
use super::users::User;
use crate::model;
use crate::model::readings::reading;

/// Who can know of a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// Every member of the place sees it and may join.
    #[default]
    Public,
    /// Only those who are in it know of it.
    Private,
    /// A conversation of people who never change.
    Direct,
}

impl From<model::channels::ChannelKind> for ChannelKind {
    fn from(kind: model::channels::ChannelKind) -> Self {
        match kind {
            model::channels::ChannelKind::Public => Self::Public,
            model::channels::ChannelKind::Private => Self::Private,
            model::channels::ChannelKind::Direct => Self::Direct,
        }
    }
}

impl From<ChannelKind> for model::channels::ChannelKind {
    fn from(kind: ChannelKind) -> Self {
        match kind {
            ChannelKind::Public => Self::Public,
            ChannelKind::Private => Self::Private,
            ChannelKind::Direct => Self::Direct,
        }
    }
}

/// Who writes in a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// Everybody who is in it.
    #[default]
    Everybody,
    /// Its hosts, in its threads too.
    Hosts,
    /// Its hosts, and everybody who is in it in its threads.
    OpenThreads,
}

impl From<model::channels::Posting> for Posting {
    fn from(posting: model::channels::Posting) -> Self {
        match posting {
            model::channels::Posting::Everybody => Self::Everybody,
            model::channels::Posting::Hosts => Self::Hosts,
            model::channels::Posting::OpenThreads => Self::OpenThreads,
        }
    }
}

impl From<Posting> for model::channels::Posting {
    fn from(posting: Posting) -> Self {
        match posting {
            Posting::Everybody => Self::Everybody,
            Posting::Hosts => Self::Hosts,
            Posting::OpenThreads => Self::OpenThreads,
        }
    }
}

/// What a list knows of a channel's newest message: never its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageSummary {
    /// Its number.
    pub number: i64,
    /// When it was posted.
    pub created_at: String,
}

impl From<&model::channels::MessageSummary> for MessageSummary {
    fn from(message: &model::channels::MessageSummary) -> Self {
        Self { number: message.number.0, created_at: rfc3339(message.created_at) }
    }
}

/// A channel as everybody sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChannelInfo {
    /// Its id.
    pub id: i64,
    /// The name as it was typed; empty for a direct conversation that nobody named.
    pub name: String,
    /// How the Chinese characters of the name are read, as for a person; left out where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading: Option<String>,
    /// Who can know of it.
    pub kind: ChannelKind,
    /// Who writes in it.
    pub posting: Posting,
    /// Whether only hosts write in it for now.
    pub locked: bool,
    /// Whether it is archived: readable, and nothing new comes into it.
    pub archived: bool,
    /// Whether everybody but the hosts is muted.
    pub all_muted: bool,
    /// How many seconds everybody but the hosts waits between two messages; 0 for no wait.
    pub slow_s: u32,
    /// Whether newcomers are put into it.
    pub newcomers: bool,
    /// Whether only those who run it pin messages.
    pub hosts_pin: bool,
    /// What it is for; may be empty.
    pub topic: String,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    pub created_by: User,
    /// Whose direct conversation it is, the reader among them, by name; left out for a channel.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<User>,
    /// How many members it has.
    pub member_count: i64,
    /// Who locked it, if it is locked.
    #[schema(required)]
    pub locked_by: Option<User>,
    /// Who muted everybody but the hosts, if somebody did.
    #[schema(required)]
    pub muted_by: Option<User>,
    /// Since when it is archived.
    #[schema(required)]
    pub archived_at: Option<String>,
    /// The newest change of its content or its own facts (name, topic).
    pub revision: i64,
    /// The newest message's number.
    pub last_number: i64,
    /// Messages up to this number are not kept any more, because the channel was cleared; 0 while all are.
    pub floor: i64,
    /// The newest message that is not deleted, when it is among the newest 50.
    #[schema(required)]
    pub last_message: Option<MessageSummary>,
}

impl From<&model::channels::Channel> for ChannelInfo {
    fn from(channel: &model::channels::Channel) -> Self {
        Self {
            id: channel.id.0,
            name: channel.name.clone(),
            reading: reading(&channel.name),
            kind: channel.state.kind.into(),
            posting: channel.state.posting.into(),
            locked: channel.state.locked,
            archived: channel.state.archived,
            all_muted: channel.state.all_muted,
            slow_s: channel.state.slow_s,
            newcomers: channel.state.newcomers,
            hosts_pin: channel.state.hosts_pin,
            topic: channel.topic.clone(),
            created_at: rfc3339(channel.created_at),
            created_by: (&channel.created_by).into(),
            people: channel.people.iter().map(User::with_reading).collect(),
            member_count: channel.member_count,
            locked_by: channel.locked_by.as_ref().map(User::from),
            muted_by: channel.muted_by.as_ref().map(User::from),
            archived_at: channel.archived_at.map(rfc3339),
            revision: channel.revision.0,
            last_number: channel.last_number.0,
            floor: channel.floor.0,
            last_message: channel.last_message.as_ref().map(MessageSummary::from),
        }
    }
}

/// A channel as one person sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Channel {
    /// What everybody sees.
    #[serde(flatten)]
    pub info: ChannelInfo,
    /// The reader's own revision with which the membership changed last (joined, left, read mark);
    /// 0 when there never was one. Of two answers the one with the higher value is the newer.
    pub own_revision: i64,
    /// Whether the reader is a member.
    pub member: bool,
    /// Whether the reader is one of its hosts.
    pub host: bool,
    /// Until when the reader may not write in it; `null` when they may.
    #[schema(required)]
    pub muted_until: Option<String>,
    /// Whether the reader hides this direct conversation.
    pub hidden: bool,
    /// How much of it the reader wants to be told of.
    pub level: Level,
    /// The number of the newest message that counts as read; 0 when the reader is no member.
    pub read_number: i64,
    /// The reader's own revision with which the read mark moved last; of two marks the one with the
    /// higher value is the newer.
    pub read_step: i64,
    /// How many messages by others above the mark are not deleted, as of `revision`; 1000 means
    /// that many or more. 0 when the reader is no member.
    pub unread: i64,
    /// How many of these mention the reader, or everybody; 1000 means that many or more.
    pub mentions: i64,
}

impl From<&model::channels::ChannelView> for Channel {
    fn from(view: &model::channels::ChannelView) -> Self {
        Self {
            info: (&view.channel).into(),
            own_revision: view.own_revision.0,
            member: view.membership.is_some(),
            host: view.membership.is_some_and(|membership| membership.host),
            muted_until: view.membership.and_then(|mine| mine.muted_until).map(rfc3339),
            hidden: view.membership.is_some_and(|membership| membership.hidden),
            level: view
                .membership
                .map_or_else(|| view.channel.state.kind.level(), |mine| mine.level)
                .into(),
            read_number: view.membership.map_or(0, |membership| membership.read.number.0),
            read_step: view.membership.map_or(0, |membership| membership.read.step.0),
            unread: view.membership.map_or(0, |membership| membership.unread),
            mentions: view.membership.map_or(0, |membership| membership.mentions),
        }
    }
}

/// The channels and direct conversations that the reader is in, and the revisions of the streams when they
/// were read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channels {
    /// Oldest first.
    pub channels: Vec<Channel>,
    /// Whether these are all; when not, ask again for those after the last one.
    pub complete: bool,
    /// The revision of the reader's own stream.
    pub own: i64,
    /// The revision of the place's stream; the place is the whole installation.
    pub place: i64,
}

impl From<&model::streams::Overview> for Channels {
    fn from(overview: &model::streams::Overview) -> Self {
        Self {
            channels: overview.channels.iter().map(Channel::from).collect(),
            complete: overview.complete,
            own: overview.own.0,
            place: overview.place.0,
        }
    }
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
    /// `public` or `private`; `public` when it is left out.
    #[serde(default)]
    pub kind: ChannelKind,
    /// Who writes in it; `everybody` when it is left out.
    #[serde(default)]
    pub posting: Posting,
    /// The ids of people who are in it from the beginning, at most 100.
    #[serde(default)]
    pub people: Vec<i64>,
}

/// Why a read mark moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// The person read on: the mark never moves down.
    #[default]
    Read,
    /// The person set the mark: it moves to the given number, also down.
    Mark,
}

impl From<MarkKind> for model::channels::MarkKind {
    fn from(kind: MarkKind) -> Self {
        match kind {
            MarkKind::Read => Self::Read,
            MarkKind::Mark => Self::Mark,
        }
    }
}

/// Where to move a read mark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadMark {
    /// The newest message that counts as read; 0 for none.
    pub number: i64,
    /// Why it moves; `read` when it is left out.
    #[serde(default)]
    pub kind: MarkKind,
}

/// A read mark, and what is unread above it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadState {
    /// The id of the channel.
    pub channel: i64,
    /// The number of the newest message that counts as read.
    pub number: i64,
    /// The reader's own revision with which it moved last; of two marks the one with the higher
    /// value is the newer.
    pub step: i64,
    /// How many messages by others above it are not deleted; 1000 means that many or more.
    pub unread: i64,
    /// How many of these mention the reader, or everybody; 1000 means that many or more.
    pub mentions: i64,
    /// The channel's revision at which `unread` was counted.
    pub channel_revision: i64,
}

impl From<&model::channels::ReadState> for ReadState {
    fn from(state: &model::channels::ReadState) -> Self {
        Self {
            channel: state.channel.0,
            number: state.read.number.0,
            step: state.read.step.0,
            unread: state.unread,
            mentions: state.mentions,
            channel_revision: state.channel_revision.0,
        }
    }
}
