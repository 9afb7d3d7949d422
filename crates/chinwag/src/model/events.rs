//! Events: what happened, and who may hear of it.
//!
//! The store makes an [`Event`] of every change, in the order of the commits; `chat/` decides the
//! [`Audience`] (a security decision), and `live/` delivers.

use super::activity::ActivitySeen;
use super::channels::{Channel, ChannelView, MessageSummary, ReadState};
use super::ids::{ChannelId, Revision, SessionId, TokenId, UserId};
use super::keeping::{Pinned, Saved};
use super::messages::Message;
use super::reactions::Reacted;
use super::roles::Role;
use super::threads::{Follow, ThreadHead};
use super::users::{Account, User};

/// A change that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// In the channel's stream: a message was posted.
    MessagePosted(Message),
    /// In the channel's stream: a message was posted in a thread, and perhaps in the run too.
    Replied {
        /// The reply.
        message: Message,
        /// Its thread after that.
        head: ThreadHead,
    },
    /// In the person's own stream: they follow a thread, or do not any more, or read on in it.
    FollowChanged {
        /// The person.
        user: UserId,
        /// How they stand to the thread.
        follow: Follow,
    },
    /// In the channel's stream: the author changed a message. It has no reactions here: they are as before.
    MessageEdited(Message),
    /// In the channel's stream: a reaction came or went.
    Reacted(Reacted),
    /// In the channel's stream: a message was pinned, or is not any more.
    MessagePinned(Pinned),
    /// In the person's own stream: they saved a message, or do not any more.
    MessageSaved {
        /// The person.
        user: UserId,
        /// What they saved.
        saved: Saved,
    },
    /// Something that concerns a person came, changed or was taken back. It has no revision: they ask for what
    /// is new again, as they do on connecting.
    ActivityCame {
        /// The person.
        user: UserId,
    },
    /// In the person's own stream: they have seen more of what concerns them.
    ActivitySeen {
        /// The person.
        user: UserId,
        /// What they have seen.
        seen: ActivitySeen,
    },
    /// In the channel's stream: a line was written, or goes on.
    LineWritten(Message),
    /// In the channel's stream: a message was deleted.
    MessageDeleted {
        /// Its tombstone.
        message: Message,
        /// The channel's newest message after that, as in [`Channel::last_message`].
        last_message: Option<MessageSummary>,
        /// Its thread after that, if it was a reply.
        head: Option<ThreadHead>,
    },
    /// In the place's stream: a public channel was made. Its maker is a member; no separate
    /// [`Event::MemberJoined`] follows for them.
    ChannelCreated {
        /// The channel.
        channel: Channel,
        /// The place's revision of this change.
        place: Revision,
    },
    /// In the channel's stream, and in the place's if the channel is public: the channel's own facts
    /// changed. `channel.revision` is the channel's revision of this change.
    ChannelChanged {
        /// The channel.
        channel: Channel,
        /// The place's revision of this change; `None` when the directory does not list the channel.
        place: Option<Revision>,
    },
    /// In the place's stream: the directory does not list a channel any more. From now on only those
    /// who are in it may know of it.
    ChannelDelisted {
        /// The channel.
        channel: ChannelId,
        /// The place's revision of this change.
        place: Revision,
    },
    /// In the place's stream: what others see of a person changed. They are new, or have another name,
    /// picture or profile, or are deactivated or back.
    PersonChanged {
        /// The person.
        user: User,
        /// The place's revision of this change.
        place: Revision,
    },
    /// Somebody joined a channel. It takes no revision of the channel: what it changes is a count,
    /// which comes with every answer about the channel and with its idle heads.
    MemberJoined {
        /// The channel.
        channel: ChannelId,
        /// The person.
        user: User,
        /// How many people are in it now.
        member_count: i64,
    },
    /// Somebody left a channel.
    MemberLeft {
        /// The channel.
        channel: ChannelId,
        /// The person.
        user: User,
        /// How many people are in it now.
        member_count: i64,
    },
    /// A member of a channel became a host, or is none any more. It takes no revision of the channel, as
    /// [`Event::MemberJoined`].
    MemberChanged {
        /// The channel.
        channel: ChannelId,
        /// The person.
        user: User,
        /// How many people are in it.
        member_count: i64,
    },
    /// In the person's own stream: a person joined or left a channel. `view.own_revision` is the
    /// own revision of this change.
    MembershipChanged {
        /// The person.
        user: UserId,
        /// The channel as the person sees it now.
        view: ChannelView,
    },
    /// In the person's own stream: a person is not in a channel any more, and may not know of it either.
    MembershipLost {
        /// The person.
        user: UserId,
        /// The channel.
        channel: ChannelId,
        /// The own revision of this change.
        own: Revision,
    },
    /// A person may not come back into a channel, or may again. It has no revision: what they may not
    /// know of is left out of every answer.
    KeptOut {
        /// The channel.
        channel: ChannelId,
        /// The person.
        user: UserId,
        /// Whether they are kept out now.
        kept_out: bool,
    },
    /// In the person's own stream: a person's read mark moved. Its step is the own revision of this
    /// change.
    ReadMoved {
        /// The person.
        user: UserId,
        /// The mark, and what is unread above it.
        state: ReadState,
    },
    /// In the person's own stream: a person's name, settings, password or last channel
    /// changed.
    /// `revision` of the account is the own revision of this change.
    AccountChanged(Account),
    /// How many names wait at the door changed. It has no revision: what it changes is a count, which
    /// comes with every answer about the door and with heads.
    WaitingChanged {
        /// How many wait now.
        total: i64,
    },
    /// Something about an invite changed: its door, who came by it, who waits by it, or that it ended.
    /// Whoever shows it asks for it again.
    InviteChanged {
        /// The invite.
        invite: i64,
        /// Who made it.
        maker: UserId,
    },
    /// A name at the door was let in or refused.
    DoorAnswered {
        /// The name at the door.
        waiting: i64,
    },
    /// A person has another role now. What they see of it is in their account.
    RoleChanged {
        /// The person.
        user: UserId,
        /// The role, as it counted before.
        before: Role,
        /// The role, as it counts now.
        role: Role,
    },
    /// There are more or fewer messages with open reports. It has no revision: it is a count, which also
    /// comes with the heads of those who may hear of it.
    ReportsChanged {
        /// How many messages have open reports now.
        open: i64,
    },
    /// A browser was signed out.
    SessionEnded {
        /// The session.
        session: SessionId,
        /// The person whose it was.
        user: UserId,
    },
    /// A bot token was revoked.
    TokenRevoked {
        /// The token.
        token: TokenId,
        /// The person whose it was.
        user: UserId,
    },
}

/// Who hears an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All connections of the members of a channel.
    Channel(ChannelId),
    /// All connections of one person.
    User(UserId),
    /// All connections of members of the place: of everybody but guests.
    Members,
    /// The same, without the people who are kept out of this channel.
    MembersFor(ChannelId),
    /// All connections of those who keep order in the place: moderators and owners.
    Order,
    /// All connections of the guests who are in this channel.
    GuestsIn(ChannelId),
    /// The browser whose name waits, or waited, at the door under this id.
    AtTheDoor(i64),
    /// Nobody; the event only ends something.
    Nobody,
}
