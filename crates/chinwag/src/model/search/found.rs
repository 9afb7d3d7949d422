//! A search that the store is asked for, and what it found.

use std::fmt;
use std::ops::Range;

use super::{Asked, Has, Is, Kind, Order};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::model::users::User;

/// A search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// What was typed.
    pub asked: Asked,
    /// By whom; it wins over what was typed.
    pub from: Vec<UserId>,
    /// In which channels; it wins over what was typed.
    pub inside: Vec<ChannelId>,
    /// Whether one of the words is enough.
    pub any: bool,
    /// What the words are looked for in.
    pub kind: Kind,
    /// Which hits come first.
    pub order: Order,
    /// Where the page begins; `None` for the first.
    pub after: Option<Place>,
}

impl SearchQuery {
    /// Whether anything is asked for.
    #[must_use]
    pub fn asks(&self) -> bool {
        !(self.asked.is_empty() && self.from.is_empty() && self.inside.is_empty())
    }
}

/// What was asked for, with names looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The words, as they were typed.
    pub words: Vec<String>,
    /// By whom.
    pub from: Vec<UserId>,
    /// In which channels.
    pub inside: Vec<ChannelId>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// At this moment or later.
    pub after: Option<Timestamp>,
    /// What it has.
    pub has: Vec<Has>,
    /// What it is.
    pub is: Vec<Is>,
    /// Whether it mentions whoever asks.
    pub mentions_me: bool,
    /// Filters that mean nothing to whoever asks, as they were typed.
    pub unknown: Vec<String>,
}

/// Where a page of hits begins: behind a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Newest first: behind this message.
    Behind {
        /// When it was posted.
        at: Timestamp,
        /// Its channel.
        channel: ChannelId,
        /// Its number.
        number: Number,
        /// How many hits there are in all, as the first page told.
        count: usize,
        /// Whether there are more than that.
        is_more: bool,
    },
    /// Best first: behind so many hits.
    Skip(usize),
}

impl Place {
    /// Reads a place that was told as text. `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(skip) = text.strip_prefix("b.") {
            return skip.parse().ok().map(Self::Skip);
        }
        let mut parts = text.strip_prefix("n.")?.split('.').map(|part| part.parse::<i64>().ok());
        let mut next = || parts.next().flatten();
        let (at, channel, number, count) = (next()?, next()?, next()?, next()?);
        let is_more = match next()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        Some(Self::Behind {
            at: Timestamp(at),
            channel: ChannelId(channel),
            number: Number(number),
            count: usize::try_from(count).ok()?.min(super::MAX_COUNT),
            is_more,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behind { at, channel, number, count, is_more } => {
                write!(to, "n.{}.{channel}.{number}.{count}.{}", at.0, u8::from(*is_more))
            }
            Self::Skip(skip) => write!(to, "b.{skip}"),
        }
    }
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The message, as whoever asks sees it.
    pub message: Message,
    /// Where the words stand in its text, in UTF-16 code units.
    pub marks: Vec<Range<usize>>,
}

/// How far an index is that is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    /// How many messages are in it.
    pub done: i64,
    /// How many there are.
    pub all: i64,
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was asked for.
    pub query: Resolved,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// The channels of the hits, and those that the query names, if whoever asks may know of them.
    pub channels: Vec<Channel>,
    /// Who wrote the hits, and the people whom the query names.
    pub people: Vec<User>,
    /// How many hits there are in all, up to [`MAX_COUNT`](super::MAX_COUNT).
    pub count: usize,
    /// Whether there are more than that.
    pub is_more: bool,
    /// How many messages have one of the words, if none has all of several.
    pub any: Option<usize>,
    /// Where the next page begins; `None` when there is none.
    pub next: Option<Place>,
    /// How far the index is; `None` when it is complete.
    pub unfinished: Option<Unfinished>,
}
