//! Who is here and who is typing, on the wire: what clients say and what they are told. Nothing of it is stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::users::User;
use crate::model;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::presence::{Presence, PresenceNews, Spot};

/// Event `presence`: how the people are whom the client watches, by their ids. It has no revision, and
/// nothing of it is stored. It comes at once when the client names whom it watches, and then with what
/// changed, at most every 5 s. Nobody is named who is offline, invisible, unknown or not to be seen, unless
/// they were here or away before.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresenceEvent {
    /// Whether this is all: everybody who is not named counts as offline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// Those who are here now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub here: Vec<i64>,
    /// Those who are away now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<i64>,
    /// Those who are offline now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<i64>,
}

impl From<&PresenceNews> for PresenceEvent {
    fn from(news: &PresenceNews) -> Self {
        let ids = |people: &[UserId]| people.iter().map(|whom| whom.0).collect();
        let (here, away, gone) = (ids(&news.here), ids(&news.away), ids(&news.gone));
        Self { whole: news.whole, here, away, gone }
    }
}

/// Event `typing`: somebody is typing in the channel or in the thread that the client shows. It is over after
/// 6 s, or with their message.
#[derive(Debug, Serialize, ToSchema)]
pub struct TypingEvent {
    /// The id of the channel.
    pub channel: i64,
    /// The message that begins the thread; absent for the channel itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub thread: Option<i64>,
    /// Who is typing.
    pub user: User,
}

impl TypingEvent {
    /// Somebody is typing there.
    pub fn new(spot: Spot, who: &model::users::User) -> Self {
        let thread = spot.thread.map(|thread| thread.0);
        Self { channel: spot.channel.0, thread, user: who.into() }
    }
}

/// Whether the person is at this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientState {
    /// They are.
    Here,
    /// They have not moved for ten minutes, or do not see it.
    Away,
}

impl From<ClientState> for Presence {
    fn from(state: ClientState) -> Self {
        match state {
            ClientState::Here => Self::Here,
            ClientState::Away => Self::Away,
        }
    }
}

/// What a client says with the event `presence`, on connecting and whenever something changes; what is left
/// out stays as it is. Until the first time, its person is offline. It is acknowledged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresenceSaid {
    /// Whether the person is at this client.
    pub state: Option<ClientState>,
    /// The ids of the people whom the client shows; the first 240 count, and those whom the person may not
    /// see are ignored.
    pub watch: Option<Vec<i64>>,
    /// The id of the channel that the client shows; 0 for none.
    pub open: Option<i64>,
    /// The number of the message that begins the thread that the client shows beside the channel of `open`.
    /// Without it, `open` says that there is none.
    pub thread: Option<i64>,
}

/// What a client says with the event `typing` while the person is typing, every 3 s. It is told to the other
/// connections that show the channel or, with `thread`, that thread, if there are at most 200.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypingSaid {
    /// The id of the channel, which the client has said that it shows.
    pub channel: i64,
    /// The message that begins the thread, which the client has said that it shows; absent for the channel.
    pub thread: Option<i64>,
}

impl TypingSaid {
    /// Where the person is typing.
    pub fn spot(&self) -> Spot {
        Spot { channel: ChannelId(self.channel), thread: self.thread.map(Number) }
    }
}
