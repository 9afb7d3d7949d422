//! The events of the socket, on the namespace `/app`. Each has one argument.

use serde::Serialize;
use utoipa::ToSchema;

use super::channels::{Channel, ChannelInfo, MessageSummary, ReadState};
use super::keeping::Saved;
use super::messages::Message;
use super::pins::Pin;
use super::presence::{PresenceEvent, PresenceSaid, TypingEvent, TypingSaid};
use super::threads::{Follow, ThreadHead};
use super::users::{Me, User};
use crate::model;

/// What happened to a message.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageChange {
    /// It was posted.
    Posted,
    /// Its author changed it. Its reactions are as before, and are left out.
    Edited,
    /// It was deleted.
    Deleted,
    /// It is a line, which is new or goes on.
    Line,
}

/// Event `message`: a channel's content changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: MessageChange,
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision before it. A client that has less has missed something and asks for
    /// the changes; one that has this or more, and less than `revision`, applies the event.
    pub since: i64,
    /// The channel's revision of this change.
    pub revision: i64,
    /// The message in its new form.
    pub message: Message,
    /// With a deletion: the channel's newest message that is left, as in the channel itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Option<MessageSummary>>,
    /// With a reply that came or went: its thread after that. The message that begins the thread takes the
    /// same revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub head: Option<ThreadHead>,
}

/// Event `reaction`: somebody put an emoji to a message, or took it back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReactionEvent {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision before it.
    pub since: i64,
    /// The channel's revision of this change.
    pub revision: i64,
    /// The number of the message.
    pub number: i64,
    /// Who.
    pub user: User,
    /// The emoji.
    pub emoji: &'static str,
    /// Whether it came; otherwise it went.
    pub on: bool,
    /// How many people have put this emoji there now.
    pub count: i64,
}

impl From<&model::reactions::Reacted> for ReactionEvent {
    fn from(reacted: &model::reactions::Reacted) -> Self {
        Self {
            channel: reacted.channel.0,
            since: reacted.revision.before().0,
            revision: reacted.revision.0,
            number: reacted.number.0,
            user: (&reacted.user).into(),
            emoji: reacted.emoji.as_str(),
            on: reacted.on,
            count: reacted.count,
        }
    }
}

/// Event `pin`: a message was pinned in its channel, or is not any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct PinEvent {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision before it.
    pub since: i64,
    /// The channel's revision of this change.
    pub revision: i64,
    /// The number of the message.
    pub number: i64,
    /// Who pinned it; `null` when it was taken down.
    #[schema(required)]
    pub pin: Option<Pin>,
}

impl From<&model::keeping::Pinned> for PinEvent {
    fn from(pinned: &model::keeping::Pinned) -> Self {
        Self {
            channel: pinned.channel.0,
            since: pinned.revision.before().0,
            revision: pinned.revision.0,
            number: pinned.number.0,
            pin: pinned.pin.as_ref().map(Pin::from),
        }
    }
}

/// Event `follow`: the reader follows a thread, or does not any more, or read on in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FollowEvent {
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change.
    pub revision: i64,
    /// How they stand to the thread.
    pub follow: Follow,
}

/// Event `saved`: the reader saved a message, changed the note to it, or does not save it any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedEvent {
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change.
    pub revision: i64,
    /// What they saved.
    pub saved: Saved,
}

/// Event `activity`: something that concerns the hearer came, changed or was taken back; or they have seen more of
/// it. They ask for what is new again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityEvent {
    /// The hearer's own revision before it; left out when something came, which has no revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<i64>,
    /// The hearer's own revision of this change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revision: Option<i64>,
}

/// What happened to a channel.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelChange {
    /// It was made.
    Created,
    /// Its own facts changed: name, topic, kind, or who may write in it.
    Changed,
}

/// Event `channel`: a channel was made, or its own facts changed. A public channel is in the directory,
/// so that this is a change of the place's stream. A change of a channel's own facts is also one of the
/// channel's stream: a member has `channel.revision - 1`, or has missed something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: ChannelChange,
    /// The place's revision before it; left out when the directory does not list the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<i64>,
    /// The place's revision of this change; left out when the directory does not list the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revision: Option<i64>,
    /// The channel's revision before it; left out when the channel was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel_since: Option<i64>,
    /// The channel in its new form.
    pub channel: ChannelInfo,
}

/// Event `delisted`: the directory does not list a channel any more. Whoever is not in it forgets it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelistedEvent {
    /// The place's revision before it.
    pub since: i64,
    /// The place's revision of this change.
    pub revision: i64,
    /// The id of the channel.
    pub channel: i64,
}

/// Event `lost`: the reader is not in a channel any more and may not know of it. They forget it with
/// all its messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct LostEvent {
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change.
    pub revision: i64,
    /// The id of the channel.
    pub channel: i64,
}

/// What happened to a membership.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MemberChange {
    /// The person joined.
    Joined,
    /// The person left.
    Left,
    /// The person became a host, or is none any more.
    Changed,
}

/// Event `member`: somebody joined or left, or is a host now or none any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: MemberChange,
    /// The id of the channel.
    pub channel: i64,
    /// The person.
    pub user: User,
    /// How many members the channel has now.
    pub member_count: i64,
}

/// Event `person`: somebody is new, or what others see of them changed: the name, the picture, what they
/// say of themselves, or whether they may come in. All that a person wrote shows the new name and picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonEvent {
    /// The place's revision before it.
    pub since: i64,
    /// The place's revision of this change.
    pub revision: i64,
    /// The person.
    pub user: User,
}

/// Event `membership`: the reader joined or left a channel, in any window or program.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembershipEvent {
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change.
    pub revision: i64,
    /// The channel as the reader sees it now.
    pub channel: Channel,
}

/// Event `read`: the reader's read mark moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadEvent {
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change; it is also the mark's `step`.
    pub revision: i64,
    /// The mark.
    #[serde(flatten)]
    pub state: ReadState,
}

/// What happened to a person.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserChange {
    /// Name, settings, password or last channel changed.
    Changed,
}

/// Event `user`: the reader's own account changed, in another window.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserEvent {
    /// What happened.
    #[serde(rename = "type")]
    pub change: UserChange,
    /// The reader's own revision before it.
    pub since: i64,
    /// The reader's own revision of this change.
    pub revision: i64,
    /// The account in its new form.
    pub me: Me,
}

/// Event `reports`: there are more or fewer messages with open reports. Only those who keep order hear it.
/// It has no revision: the count also comes with `heads`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportsEvent {
    /// How many messages have open reports now.
    pub open: i64,
}

/// Event `heads`: the revisions of streams. It comes on connecting for all streams that the client
/// hears, and for one stream some time after its last event. A client that has less asks for the
/// changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadsEvent {
    /// The id of the installation.
    pub instance: String,
    /// Another epoch than before means: forget everything and load it again.
    pub epoch: String,
    /// The revision of the reader's own stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub own: Option<i64>,
    /// The revision of the place's stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub place: Option<i64>,
    /// Pairs of channel and revision.
    pub heads: Vec<(i64, i64)>,
    /// Pairs of channel and number of members.
    pub members: Vec<(i64, i64)>,
    /// How many messages have open reports; only for those who keep order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reports: Option<i64>,
    /// How many names wait at the door; only for those who keep order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub waiting: Option<i64>,
}

/// Event `waiting`, for owners and moderators: how many names wait at the door changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingEvent {
    /// How many wait now.
    pub total: i64,
}

/// Event `invite`, for whoever made an invite or shows it on a projector: something about it changed. They
/// ask for it again.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteEvent {
    /// The id of the invite.
    pub invite: i64,
}

/// Every event of the namespace `/app`, by its name. No message has this shape: it is the list from
/// which clients get the types of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    /// A channel's content changed.
    pub message: MessageEvent,
    /// A message was pinned, or is not any more.
    pub pin: PinEvent,
    /// The hearer saved a message, or does not any more.
    pub saved: SavedEvent,
    /// The hearer follows a thread, or does not any more, or read on in it.
    pub follow: FollowEvent,
    /// Something that concerns the hearer came, or was seen.
    pub activity: ActivityEvent,
    /// A reaction to a message came or went.
    pub reaction: ReactionEvent,
    /// The directory of channels changed.
    pub channel: ChannelEvent,
    /// The directory does not list a channel any more.
    pub delisted: DelistedEvent,
    /// Somebody joined or left a channel.
    pub member: MemberEvent,
    /// The hearer joined or left a channel.
    pub membership: MembershipEvent,
    /// The hearer may not know of a channel any more.
    pub lost: LostEvent,
    /// Somebody is new in this place, or what others see of them changed.
    pub person: PersonEvent,
    /// The hearer's read mark moved.
    pub read: ReadEvent,
    /// The hearer's account changed.
    pub user: UserEvent,
    /// There are more or fewer messages with open reports.
    pub reports: ReportsEvent,
    /// Where streams stand.
    pub heads: HeadsEvent,
    /// How many wait at the door.
    pub waiting: WaitingEvent,
    /// Something about an invite changed.
    pub invite: InviteEvent,
    /// How the people are whom the client watches.
    pub presence: PresenceEvent,
    /// Somebody is typing in the channel that the client shows.
    pub typing: TypingEvent,
}

/// Every event that a client sends on the namespace `/app`, by its name, as [`Events`].
#[derive(Debug, ToSchema)]
pub struct ClientEvents {
    /// Whether the person is there, whom the client watches, and what it shows.
    pub presence: PresenceSaid,
    /// The person is typing.
    pub typing: TypingSaid,
}
