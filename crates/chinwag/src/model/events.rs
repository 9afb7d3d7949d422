//! What happened, and who may hear of it.
//!
//! The store makes an [`Event`] of every change, in the order of the commits; `chat/` decides the
//! [`Audience`] (a security decision), and `live/` delivers.

use super::channels::Channel;
use super::ids::{ChannelId, Number, SessionId, TokenId, UserId};
use super::messages::Message;
use super::users::{Account, User};

/// A change that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A message was posted.
    MessagePosted(Message),
    /// A message was deleted; this is its tombstone.
    MessageDeleted(Message),
    /// A channel was made. Its maker is a member; no separate [`Event::MemberJoined`] follows.
    ChannelCreated(Channel),
    /// A channel's topic changed.
    ChannelChanged(Channel),
    /// Somebody joined a channel.
    MemberJoined {
        /// Which channel.
        channel: ChannelId,
        /// Who.
        user: User,
        /// How many are in it now.
        member_count: i64,
    },
    /// Somebody left a channel.
    MemberLeft {
        /// Which channel.
        channel: ChannelId,
        /// Who.
        user: User,
        /// How many are in it now.
        member_count: i64,
    },
    /// A person read further in a channel.
    ReadMoved {
        /// Who.
        user: UserId,
        /// Where.
        channel: ChannelId,
        /// The newest message she has read.
        number: Number,
    },
    /// A person's settings, password or last channel changed.
    AccountChanged(Account),
    /// A browser was signed out.
    SessionEnded {
        /// Which session.
        session: SessionId,
        /// Whose.
        user: UserId,
    },
    /// A bot token was revoked.
    TokenRevoked {
        /// Which token.
        token: TokenId,
        /// Whose.
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
