//! The people who are connected, and what others see of them.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::ids::UserId;
use crate::model::presence::Presence;
use crate::model::users::{Account, Aside};

/// How long whoever lost their last connection still looks as before: a page that is loaded again, or a
/// phone that changes its network, makes nobody blink.
pub(super) const LINGER: Duration = Duration::from_secs(5);

/// A person by a number of 30 bits, so that a watched one takes four bytes with what was told of them. Ids
/// of people are counted from 1, so all fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Short(pub(super) u32);

impl Short {
    /// `None` for an id that nobody has.
    pub(super) fn of(user: UserId) -> Option<Self> {
        u32::try_from(user.0).ok().filter(|id| *id < 1 << 30).map(Self)
    }

    pub(super) fn user(self) -> UserId {
        UserId(i64::from(self.0))
    }
}

/// Everybody who is connected.
#[derive(Default)]
pub(super) struct People {
    known: HashMap<Short, Person>,
    /// What others see of each person, by their number. It ends with the highest number that was seen.
    shown: Vec<Shown>,
    /// Who lost their last connection, and when.
    left: VecDeque<(Instant, Short)>,
    /// How often what others see changed.
    changes: u64,
}

/// A person who is connected, or was a moment ago.
#[derive(Default)]
struct Person {
    /// All of their connections.
    connections: u32,
    /// Those that say that they are here.
    here: u32,
    /// Those that say that they are away.
    away: u32,
    /// How they looked when they lost their last connection, for as long as that lasts.
    lingers: Presence,
    /// When that was.
    left: Option<Instant>,
    /// The newest account that was heard of. Until then they are hidden.
    chosen: Option<Chosen>,
}

/// What of an account matters here.
struct Chosen {
    revision: i64,
    hidden: bool,
    blocked: Box<[Short]>,
}

/// What others see of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shown {
    presence: Presence,
    /// Whether they blocked anybody, so that it depends on who looks.
    blocks: bool,
}

impl People {
    /// Counts a connection of a person, which says nothing yet.
    pub(super) fn enter(&mut self, who: Short) {
        self.known.entry(who).or_default().connections += 1;
    }

    /// A connection of a person says another presence than before.
    pub(super) fn says(&mut self, who: Short, before: Presence, now: Presence) {
        let Some(person) = self.known.get_mut(&who) else { return };
        if let Some(count) = person.counted(before) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = person.counted(now) {
            *count += 1;
        }
        if person.here + person.away > 0 {
            person.lingers = Presence::Offline;
        }
        self.refresh(who);
    }

    /// A connection of a person ended. With `lingers`, whoever has none any more looks as before for a
    /// moment.
    pub(super) fn leave(&mut self, who: Short, said: Presence, lingers: bool, now: Instant) {
        let Some(person) = self.known.get_mut(&who) else { return };
        if let Some(count) = person.counted(said) {
            *count = count.saturating_sub(1);
        }
        person.connections = person.connections.saturating_sub(1);
        if lingers && person.here + person.away == 0 && said != Presence::Offline {
            person.lingers = said;
            person.left = Some(now);
            self.left.push_back((now, who));
        }
        self.refresh(who);
        self.forget(who);
    }

    /// Takes in what a person chose, unless something newer is known.
    pub(super) fn learn(&mut self, account: &Account) {
        let Some(who) = Short::of(account.user.id) else { return };
        let Some(person) = self.known.get_mut(&who) else { return };
        let revision = account.revision.0;
        if person.chosen.as_ref().is_some_and(|chosen| chosen.revision > revision) {
            return;
        }
        let hidden = account.settings.invisible || account.deactivated_at.is_some();
        let blocks = account.aside.iter().filter(|(_, how)| *how == Aside::Block);
        let mut blocked: Vec<Short> = blocks.filter_map(|(whom, _)| Short::of(*whom)).collect();
        blocked.sort_unstable();
        let before = person.chosen.replace(Chosen { revision, hidden, blocked: blocked.into() });
        let after = person.blocked();
        if before.is_some_and(|before| *before.blocked != *after) {
            self.changes += 1;
        }
        self.refresh(who);
    }

    /// Ends the moment of those who left and did not come back.
    pub(super) fn settle(&mut self, now: Instant) {
        while let Some((at, who)) = self.left.front().copied() {
            if now.duration_since(at) < LINGER {
                return;
            }
            self.left.pop_front();
            // Whoever came back and left again lingers from then on.
            if let Some(person) = self.known.get_mut(&who).filter(|who| who.left == Some(at)) {
                person.lingers = Presence::Offline;
                self.refresh(who);
                self.forget(who);
            }
        }
    }

    /// What `viewer` sees of a person.
    pub(super) fn seen(&self, viewer: Short, whom: Short) -> Presence {
        let shown = self.shown.get(whom.0 as usize).copied().unwrap_or_default();
        let asks = shown.presence != Presence::Offline && (shown.blocks || self.blocks(viewer));
        shown.presence.seen(false, asks && self.apart(viewer, whom))
    }

    /// Whether one of two people blocked the other.
    pub(super) fn apart(&self, one: Short, other: Short) -> bool {
        let blocks = |who, whom| {
            let person: Option<&Person> = self.known.get(&who);
            person.is_some_and(|person| person.blocked().binary_search(&whom).is_ok())
        };
        blocks(one, other) || blocks(other, one)
    }

    /// Whether others may hear what a person does.
    pub(super) fn is_hidden(&self, who: Short) -> bool {
        self.known.get(&who).is_none_or(Person::is_hidden)
    }

    /// How often what others see changed.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.shown.iter().all(|shown| *shown == Shown::default())
    }

    fn blocks(&self, who: Short) -> bool {
        self.shown.get(who.0 as usize).is_some_and(|shown| shown.blocks)
    }

    /// Works out anew what others see of a person.
    fn refresh(&mut self, who: Short) {
        let shown = self.known.get(&who).map_or_else(Shown::default, Person::shown);
        let at = who.0 as usize;
        if self.shown.get(at).copied().unwrap_or_default() == shown {
            return;
        }
        if self.shown.len() <= at {
            self.shown.resize(at + 1, Shown::default());
        }
        if let Some(place) = self.shown.get_mut(at) {
            *place = shown;
        }
        self.changes += 1;
    }

    /// Forgets a person without connections who does not linger.
    fn forget(&mut self, who: Short) {
        let is_gone = self
            .known
            .get(&who)
            .is_some_and(|person| person.connections == 0 && person.lingers == Presence::Offline);
        if is_gone {
            self.known.remove(&who);
            self.refresh(who);
        }
    }
}

impl Person {
    fn counted(&mut self, presence: Presence) -> Option<&mut u32> {
        match presence {
            Presence::Here => Some(&mut self.here),
            Presence::Away => Some(&mut self.away),
            Presence::Offline => None,
        }
    }

    fn is_hidden(&self) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.hidden)
    }

    fn blocked(&self) -> &[Short] {
        self.chosen.as_ref().map_or(&[], |chosen| &chosen.blocked)
    }

    fn shown(&self) -> Shown {
        let presence = Presence::of(self.here, self.away).max(self.lingers);
        Shown {
            presence: presence.seen(self.is_hidden(), false),
            blocks: !self.blocked().is_empty(),
        }
    }
}
