//! Presence: whether people are here now, and who may see it. Nothing of it is stored but the wish to be
//! invisible.

use super::ids::{ChannelId, Number, UserId};

/// The most people whom one connection watches. More are ignored.
pub const MAX_WATCHED: usize = 240;
/// The most connections that hear who is typing where they all look. If more look there, nobody hears it.
pub const MAX_TYPING_HEARERS: usize = 200;

/// Whether somebody is here. The greater one counts where a person has several connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// No connection of theirs says that they are there.
    #[default]
    Offline,
    /// They have not moved for ten minutes, or look at something else.
    Away,
    /// They are here.
    Here,
}

impl Presence {
    /// The presence of whoever has so many connections that say `Here`, and so many that say `Away`.
    #[must_use]
    pub const fn of(here: u32, away: u32) -> Self {
        match (here, away) {
            (0, 0) => Self::Offline,
            (0, _) => Self::Away,
            _ => Self::Here,
        }
    }

    /// What others see of it. Whoever is hidden looks as if they were offline, and so does each of two
    /// people of whom one blocked the other.
    #[must_use]
    pub const fn seen(self, hidden: bool, blocked: bool) -> Self {
        if hidden || blocked { Self::Offline } else { self }
    }
}

/// Where somebody types: in a channel, or in a thread of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The channel.
    pub channel: ChannelId,
    /// The message that begins the thread; `None` for the channel itself.
    pub thread: Option<Number>,
}

/// What one connection is told of the people whom it watches. Nobody is named who was offline all the time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PresenceNews {
    /// Whether this is all: everybody who is not named is offline, or not to be seen.
    pub whole: bool,
    /// Those who are here now.
    pub here: Vec<UserId>,
    /// Those who are away now.
    pub away: Vec<UserId>,
    /// Those who are offline now and were not before.
    pub gone: Vec<UserId>,
}

impl PresenceNews {
    /// Adds a person as they are now.
    pub fn add(&mut self, whom: UserId, now: Presence) {
        match now {
            Presence::Here => self.here.push(whom),
            Presence::Away => self.away.push(whom),
            Presence::Offline => self.gone.push(whom),
        }
    }

    /// Whether nothing is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.here.is_empty() && self.away.is_empty() && self.gone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_connection_counts() {
        let table = [
            ((0, 0), Presence::Offline),
            ((0, 1), Presence::Away),
            ((0, 9), Presence::Away),
            ((1, 0), Presence::Here),
            ((1, 9), Presence::Here),
        ];
        for ((here, away), presence) in table {
            assert_eq!(Presence::of(here, away), presence, "{here} here, {away} away");
        }
    }

    #[test]
    fn whoever_is_hidden_or_blocked_cannot_be_told_from_whoever_is_offline() {
        for presence in [Presence::Offline, Presence::Away, Presence::Here] {
            assert_eq!(presence.seen(false, false), presence);
            for (hidden, blocked) in [(true, false), (false, true), (true, true)] {
                assert_eq!(presence.seen(hidden, blocked), Presence::Offline);
            }
        }
    }
}
