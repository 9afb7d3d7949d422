//! The connections that say whether their person is there: whom each watches, and which channel and thread it
//! shows.

use std::collections::HashMap;
use std::time::Duration;

use socketio::SocketId;
use tokio::time::Instant;

use super::people::{People, Short};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::presence::{MAX_TYPING_HEARERS, MAX_WATCHED, Presence, PresenceNews, Spot};

/// A connection is told what changed at most so often.
pub(super) const TELL_EVERY: Duration = Duration::from_secs(5);
/// What a connection says of typing counts at most so often.
pub(super) const TYPING_EVERY: Duration = Duration::from_secs(3);
/// The most that is told of typing in one place within [`TYPING_EVERY`]: more names nobody reads.
const MOST_TYPING: u8 = 10;

/// The place of a connection among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    index: u32,
    /// Tells it from the one that had the place before.
    socket: SocketId,
}

impl Seat {
    /// The connection that has it.
    pub(super) fn socket(self) -> SocketId {
        self.socket
    }
}

/// A connection.
pub(super) struct Connection {
    pub(super) socket: SocketId,
    pub(super) user: Short,
    pub(super) says: Presence,
    /// Whether it watches as a guest, who sees only those who share a channel with them.
    guest: bool,
    /// Whether it may not see all whom it watches any more. It is told nothing until that was looked up.
    pub(super) stale: bool,
    /// In order of their ids.
    watched: Box<[Watched]>,
    /// [`People::changes`] when it was looked through last.
    looked: u64,
    /// When it was told last.
    told: Option<Instant>,
    /// The channel that it shows.
    pub(super) open: Option<Open>,
    /// When it said last that its person is typing.
    typed: Option<Instant>,
}

/// A channel that a connection shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// The channel.
    pub channel: ChannelId,
    /// The message that begins the thread that stands beside it.
    pub thread: Option<Number>,
    /// Whether the person is in it, and does not only look.
    pub inside: bool,
}

impl Open {
    /// Where the connection hears who is typing.
    fn spots(self) -> impl Iterator<Item = Spot> {
        let thread = self.thread.map(Some);
        [None].into_iter().chain(thread).map(move |thread| Spot { channel: self.channel, thread })
    }
}

/// A watched person and what was told of them, in four bytes.
#[derive(Clone, Copy)]
struct Watched(u32);

impl Watched {
    fn new(whom: Short, told: Presence) -> Self {
        Self(whom.0 << 2 | told as u32)
    }

    fn whom(self) -> Short {
        Short(self.0 >> 2)
    }

    /// Whether something else was told than that.
    fn is_not(self, now: Presence) -> bool {
        self.0 & 3 != now as u32
    }
}

/// All connections.
#[derive(Default)]
pub(super) struct Connections {
    slots: Vec<Option<Connection>>,
    free: Vec<u32>,
    /// Which of them show a channel, or a thread.
    shown: HashMap<Spot, Hearers>,
    /// How many watch as guests.
    guests: usize,
    /// The next one to be told what changed.
    cursor: usize,
}

/// The connections that show a channel or a thread, and how much was told of typing there lately.
#[derive(Default)]
struct Hearers {
    slots: Vec<u32>,
    since: Option<Instant>,
    told: u8,
}

impl Connections {
    pub(super) fn add(&mut self, socket: SocketId, user: Short) -> Option<Seat> {
        let connection = Connection {
            socket,
            user,
            says: Presence::Offline,
            guest: false,
            stale: false,
            watched: Box::default(),
            looked: 0,
            told: None,
            open: None,
            typed: None,
        };
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                let index = u32::try_from(self.slots.len()).ok()?;
                self.slots.push(None);
                index
            }
        };
        *self.slots.get_mut(index as usize)? = Some(connection);
        Some(Seat { index, socket })
    }

    pub(super) fn get_mut(&mut self, seat: Seat) -> Option<&mut Connection> {
        let slot = self.slots.get_mut(seat.index as usize)?.as_mut();
        slot.filter(|connection| connection.socket == seat.socket)
    }

    pub(super) fn remove(&mut self, seat: Seat) -> Option<Connection> {
        self.get_mut(seat)?;
        self.show(seat, None);
        let connection = self.slots.get_mut(seat.index as usize)?.take()?;
        self.guests -= usize::from(connection.guest);
        self.free.push(seat.index);
        Some(connection)
    }

    /// Lets a connection watch other people than before, and returns how they are now.
    pub(super) fn watch(
        &mut self,
        seat: Seat,
        guest: bool,
        mut whom: Vec<Short>,
        people: &People,
    ) -> Option<PresenceNews> {
        whom.sort_unstable();
        whom.dedup();
        whom.truncate(MAX_WATCHED);
        let connection = self.get_mut(seat)?;
        let viewer = connection.user;
        let mut news = PresenceNews { whole: true, ..PresenceNews::default() };
        let watched = whom.into_iter().map(|whom| {
            let now = people.seen(viewer, whom);
            if now != Presence::Offline {
                news.add(whom.user(), now);
            }
            Watched::new(whom, now)
        });
        connection.watched = watched.collect();
        connection.looked = people.changes();
        connection.stale = false;
        let was_guest = std::mem::replace(&mut connection.guest, guest);
        self.guests = self.guests + usize::from(guest) - usize::from(was_guest);
        Some(news)
    }

    /// Lets a connection show something else than before.
    pub(super) fn show(&mut self, seat: Seat, open: Option<Open>) {
        let Some(connection) = self.get_mut(seat) else { return };
        let before = std::mem::replace(&mut connection.open, open);
        for spot in before.into_iter().flat_map(Open::spots) {
            self.hears_no_more(spot, seat.index);
        }
        for spot in open.into_iter().flat_map(Open::spots) {
            self.shown.entry(spot).or_default().slots.push(seat.index);
        }
    }

    fn hears_no_more(&mut self, spot: Spot, index: u32) {
        let Some(hearers) = self.shown.get_mut(&spot) else { return };
        hearers.slots.retain(|slot| *slot != index);
        if hearers.slots.is_empty() {
            self.shown.remove(&spot);
        }
    }

    /// The connections that hear that the person of one is typing in the channel or the thread that it shows.
    /// Nobody, when it said so a moment ago, when it only looks, or when too many would hear it.
    pub(super) fn typing(
        &mut self,
        seat: Seat,
        spot: Spot,
        people: &People,
        now: Instant,
    ) -> Vec<SocketId> {
        let is_due = |since: Option<Instant>| {
            since.is_none_or(|since| now.duration_since(since) >= TYPING_EVERY)
        };
        let Some(connection) = self.get_mut(seat) else { return Vec::new() };
        let user = connection.user;
        let open = connection.open.filter(|open| open.inside);
        let shows = open.is_some_and(|open| open.spots().any(|shown| shown == spot));
        if !shows || !is_due(connection.typed) || people.is_hidden(user) {
            return Vec::new();
        }
        connection.typed = Some(now);
        let Some(hearers) = self.shown.get_mut(&spot) else { return Vec::new() };
        if is_due(hearers.since) {
            (hearers.since, hearers.told) = (Some(now), 0);
        }
        if hearers.told >= MOST_TYPING || hearers.slots.len() > MAX_TYPING_HEARERS {
            return Vec::new();
        }
        hearers.told += 1;
        let others =
            hearers.slots.iter().filter_map(|slot| self.slots.get(*slot as usize)?.as_ref());
        let hears = |other: &&Connection| other.user != user && !people.apart(user, other.user);
        others.filter(hears).map(|other| other.socket).collect()
    }

    /// Tells up to `most` connections what changed, among the next `count`; returns how many were told.
    pub(super) fn tell(
        &mut self,
        count: usize,
        most: usize,
        people: &People,
        now: Instant,
        tell: &mut impl FnMut(SocketId, &PresenceNews),
    ) -> usize {
        let mut told = 0;
        for _ in 0..count {
            if told == most {
                break;
            }
            let at = if self.cursor < self.slots.len() { self.cursor } else { 0 };
            self.cursor = at + 1;
            let Some(Some(connection)) = self.slots.get_mut(at) else { continue };
            let Some(news) = connection.news(people, now) else { continue };
            tell(connection.socket, &news);
            told += 1;
        }
        told
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.guests == 0 && self.slots.iter().all(Option::is_none)
    }

    /// How many places there are, taken or free.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// A person left a channel: they show it no more, and guests may not see each other any more.
    pub(super) fn left(&mut self, channel: ChannelId, user: UserId) {
        let Some(who) = Short::of(user) else { return };
        self.close(channel, |connection| connection.user == who);
        if self.guests == 0 {
            return;
        }
        for connection in self.slots.iter_mut().flatten().filter(|connection| connection.guest) {
            let found = connection.watched.binary_search_by_key(&who, |watched| watched.whom());
            connection.stale |= connection.user == who || found.is_ok();
        }
    }

    /// A person is in a channel now.
    pub(super) fn joined(&mut self, channel: ChannelId, user: UserId) {
        let Some(hearers) = self.shown.get(&Spot { channel, thread: None }) else { return };
        for slot in &hearers.slots {
            let Some(Some(connection)) = self.slots.get_mut(*slot as usize) else { continue };
            if let Some(open) = connection.open.as_mut()
                && connection.user.user() == user
            {
                open.inside = true;
            }
        }
    }

    /// A channel is for those who are in it alone.
    pub(super) fn close_to_others(&mut self, channel: ChannelId) {
        self.close(channel, |connection| connection.open.is_some_and(|open| !open.inside));
    }

    /// The connections of a person watch nobody and show nothing, until they say so again.
    pub(super) fn clear(&mut self, user: UserId) {
        for index in 0..self.slots.len() {
            let Some(Some(connection)) = self.slots.get_mut(index) else { continue };
            if connection.user.user() != user {
                continue;
            }
            connection.watched = Box::default();
            let seat = Seat { index: index as u32, socket: connection.socket };
            self.show(seat, None);
        }
    }

    /// Up to `most` connections that may not see all whom they watch any more, and whom they watch.
    pub(super) fn stale(&self, most: usize) -> Vec<(Seat, UserId, Vec<UserId>)> {
        if self.guests == 0 {
            return Vec::new();
        }
        let all = self.slots.iter().enumerate();
        let stale = all.filter_map(|(index, slot)| {
            let connection = slot.as_ref().filter(|connection| connection.stale)?;
            let seat = Seat { index: u32::try_from(index).ok()?, socket: connection.socket };
            let watched = connection.watched.iter().map(|watched| watched.whom().user());
            Some((seat, connection.user.user(), watched.collect()))
        });
        stale.take(most).collect()
    }

    fn close(&mut self, channel: ChannelId, whose: impl Fn(&Connection) -> bool) {
        let spot = Spot { channel, thread: None };
        let Some(hearers) = self.shown.get_mut(&spot) else { return };
        let mut threads = Vec::new();
        hearers.slots.retain(|slot| {
            let Some(Some(connection)) = self.slots.get_mut(*slot as usize) else { return false };
            let closes = whose(connection);
            if closes {
                let open = connection.open.take();
                threads.extend(open.and_then(|open| open.thread).map(|thread| (thread, *slot)));
            }
            !closes
        });
        if hearers.slots.is_empty() {
            self.shown.remove(&spot);
        }
        for (thread, slot) in threads {
            self.hears_no_more(Spot { channel, thread: Some(thread) }, slot);
        }
    }
}

impl Connection {
    /// What it is told now; it counts as told. `None`: nothing, or not yet.
    fn news(&mut self, people: &People, now: Instant) -> Option<PresenceNews> {
        let is_early = self.told.is_some_and(|told| now.duration_since(told) < TELL_EVERY);
        if self.stale || is_early || self.looked == people.changes() {
            return None;
        }
        self.looked = people.changes();
        let mut news = PresenceNews::default();
        for watched in &mut self.watched {
            let whom = watched.whom();
            let seen = people.seen(self.user, whom);
            if watched.is_not(seen) {
                *watched = Watched::new(whom, seen);
                news.add(whom.user(), seen);
            }
        }
        if news.is_empty() {
            return None;
        }
        self.told = Some(now);
        Some(news)
    }
}
