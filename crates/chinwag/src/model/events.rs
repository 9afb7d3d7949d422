//! Events: what happened, and who may hear of it.
//!
//! The store makes an [`Event`] of every change, in the order of the commits; `chat/` decides the
//! [`Audience`] (a security decision), and `live/` delivers.

use super::channels::{Channel, ChannelView, MessageSummary, ReadState};
use super::ids::{ChannelId, Revision, SessionId, TokenId, UserId};
use super::messages::Message;
use super::users::{Account, User};

/// A change that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// In the channel's stream: a message was posted.
    MessagePosted(Message),
    /// In the channel's stream: a message was deleted.
    MessageDeleted {
        /// Its tombstone.
        message: Message,
        /// The channel's newest message after that, as in [`Channel::last_message`].
        last_message: Option<MessageSummary>,
    },
    /// In the place's stream: a channel was made. Its maker is a member; no separate
    /// [`Event::MemberJoined`] follows.
    ChannelCreated {
        /// The channel.
        channel: Channel,
        /// The place's revision of this change.
        place: Revision,
    },
    /// In the channel's and the place's stream: a channel's topic changed. `channel.revision` is
    /// the channel's revision of this change.
    ChannelChanged {
        /// The channel.
        channel: Channel,
        /// The place's revision of this change.
        place: Revision,
    },
    /// In the place's stream: somebody new took a name, or somebody took another name.
    PersonNamed {
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
    /// In the person's own stream: a person joined or left a channel. `view.own_revision` is the
    /// own revision of this change.
    MembershipChanged {
        /// The person.
        user: UserId,
        /// The channel as the person sees it now.
        view: ChannelView,
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
    /// Everybody who is signed in.
    Everyone,
    /// Nobody; the event only ends something.
    Nobody,
}
