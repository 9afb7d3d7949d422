//! Namespaces, and the rooms in them that connections are joined to.

use crate::model::ids::{ChannelId, SessionId, TokenId, UserId};

/// The namespace of the web app and of bots.
pub const APP: &str = "/app";
/// The namespace of the origin's page.
pub const CLASSIC: &str = "/";
/// The room on [`CLASSIC`] of clients that hear every public channel: those that never asked for a
/// channel of their own.
pub const CLASSIC_ALL: &str = "all";

/// The room of all connections of a person.
#[must_use]
pub fn user_room(user: UserId) -> String {
    format!("u{user}")
}

/// The room of all connections of a session.
#[must_use]
pub fn session_room(session: SessionId) -> String {
    format!("s{session}")
}

/// The room of all connections of a bot token.
#[must_use]
pub fn token_room(token: TokenId) -> String {
    format!("t{token}")
}

/// The room of all connections of a person's bot tokens that are limited to channels. They are not in the
/// person's room: they hear nothing of the person's stream.
#[must_use]
pub fn narrow_room(user: UserId) -> String {
    format!("n{user}")
}

/// Those of them whose token may know of a channel.
#[must_use]
pub fn narrow_room_in(user: UserId, channel: ChannelId) -> String {
    format!("n{user}c{channel}")
}

/// The room of all connections of members of the place: of everybody but guests, who hear nothing of the
/// place's stream.
pub const MEMBERS: &str = "members";

/// The room of all connections of those who keep order in the place: moderators and owners.
pub const ORDER: &str = "order";

/// The namespace of browsers whose name waits at the door. They are nobody yet, and hear one thing: that
/// they were let in or refused.
pub const DOOR: &str = "/door";

/// The room, on [`DOOR`], of the browser whose name waits under that id.
#[must_use]
pub fn waiting_room(waiting: i64) -> String {
    format!("w{waiting}")
}

/// The room of all connections that look at a public channel whose person is not in it.
#[must_use]
pub fn preview_room(channel: ChannelId) -> String {
    format!("p{channel}")
}

/// The room of all connections of people who are kept out of a channel.
#[must_use]
pub fn kept_out_room(channel: ChannelId) -> String {
    format!("o{channel}")
}

/// The room of all connections of a channel's members.
#[must_use]
pub fn channel_room(channel: ChannelId) -> String {
    format!("c{channel}")
}
