//! Who is here now, who watches whom, and who is typing. Nothing of it is stored.
//!
//! A connection takes part when it says so for the first time. It names the people whom it shows, at most
//! [`MAX_WATCHED`](crate::model::presence::MAX_WATCHED), and the one channel that it shows, with the thread beside
//! it. `chat/` decides
//! whom and what it may name; the changes that end such a right are heard here before they are told.

mod connections;
mod people;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use socketio::SocketId;
use tokio::time::Instant;

use connections::Connections;
pub use connections::{Open, Seat};
use people::{People, Short};

use crate::model::channels::ChannelKind;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, UserId};
use crate::model::presence::{Presence, PresenceNews, Spot};
use crate::model::roles::Role;
use crate::model::users::Account;

/// How often is looked whether there is something to tell.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The most connections that are told at one look: all others wait for the next one, so that messages that
/// are sent meanwhile do not stand behind thousands of frames.
const MOST_AT_ONCE: usize = 200;
/// So many connections are looked through under one hold of the lock, which the store's writer may wait for.
const PART: usize = 256;

/// Who is here now.
#[derive(Default)]
pub struct Presences {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    people: People,
    connections: Connections,
    /// How often anybody lost a right that matters here.
    losses: u64,
}

impl Presences {
    /// Gives a connection a place. It says nothing of its person yet.
    pub fn enter(&self, socket: SocketId, user: UserId) -> Option<Seat> {
        let who = Short::of(user)?;
        let mut inner = self.lock();
        let seat = inner.connections.add(socket, who)?;
        inner.people.enter(who);
        Some(seat)
    }

    /// A connection ended. With `lingers`, its person looks as before for some seconds, as they may come
    /// back.
    pub fn leave(&self, seat: Seat, lingers: bool) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.remove(seat) else { return };
        inner.people.leave(connection.user, connection.says, lingers, Instant::now());
    }

    /// Takes in what a person chose. It is asked for after [`Self::enter`], so that no change is missed.
    pub fn learn(&self, account: &Account) {
        self.lock().people.learn(account);
    }

    /// A connection says whether its person is there.
    pub fn says(&self, seat: Seat, now: Presence) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.get_mut(seat) else { return };
        let (who, before) = (connection.user, std::mem::replace(&mut connection.says, now));
        inner.people.says(who, before, now);
    }

    /// How often anybody lost a right that matters here. A caller reads it, asks what a person may see, and
    /// hands it back with the answer.
    pub fn losses(&self) -> u64 {
        self.lock().losses
    }

    /// Lets a connection watch those people, whom it may see, and tells it how they are. `false`: somebody
    /// lost a right since `losses` was read, so the caller asks again.
    pub fn watch(
        &self,
        seat: Seat,
        role: Role,
        whom: &[UserId],
        losses: u64,
        tell: impl FnOnce(SocketId, &PresenceNews),
    ) -> bool {
        let mut inner = self.lock();
        if inner.losses != losses {
            return false;
        }
        let whom = whom.iter().filter_map(|whom| Short::of(*whom)).collect();
        let Inner { people, connections, .. } = &mut *inner;
        if let Some(news) = connections.watch(seat, role == Role::Guest, whom, people) {
            tell(seat.socket(), &news);
        }
        true
    }

    /// Notes the channel that a connection shows, which it may see. `false` as in [`Self::watch`].
    pub fn show(&self, seat: Seat, open: Option<Open>, losses: u64) -> bool {
        let mut inner = self.lock();
        if open.is_some() && inner.losses != losses {
            return false;
        }
        inner.connections.show(seat, open);
        true
    }

    /// Tells those who show the same channel or thread that a person is typing, who may write there.
    pub fn typing(&self, seat: Seat, spot: Spot, tell: impl Fn(SocketId)) {
        let mut inner = self.lock();
        let Inner { people, connections, .. } = &mut *inner;
        connections.typing(seat, spot, people, Instant::now()).into_iter().for_each(tell);
    }

    /// Tells connections what changed of the people whom they watch, as far as their turn has come.
    pub fn tell(&self, now: Instant, mut tell: impl FnMut(SocketId, &PresenceNews)) {
        let mut left = {
            let mut inner = self.lock();
            inner.people.settle(now);
            inner.connections.len()
        };
        let mut most = MOST_AT_ONCE;
        while left > 0 && most > 0 {
            let part = left.min(PART);
            let mut inner = self.lock();
            let Inner { people, connections, .. } = &mut *inner;
            most -= connections.tell(part, most, people, now, &mut tell);
            left -= part;
        }
    }

    /// Up to `most` connections of guests who may not see all whom they watch any more, each with its
    /// person and whom it watches. They are told nothing until [`Self::watch`] is called again.
    pub fn stale(&self, most: usize) -> Vec<(Seat, UserId, Vec<UserId>)> {
        self.lock().connections.stale(most)
    }

    /// Hears of a change, before anybody is told of it.
    pub(super) fn hear(&self, event: &Event) {
        match event {
            Event::AccountChanged(account) => self.learn(account),
            Event::MemberJoined { channel, user, .. } => {
                self.lock().connections.joined(*channel, user.id);
            }
            Event::MemberLeft { channel, user, .. } => self.left(*channel, user.id),
            Event::MembershipLost { channel, user, .. }
            | Event::KeptOut { channel, user, kept_out: true } => self.left(*channel, *user),
            Event::ChannelDelisted { channel, .. } => self.close_to_others(*channel),
            Event::ChannelChanged { channel, .. } if channel.state.kind != ChannelKind::Public => {
                self.close_to_others(channel.id);
            }
            Event::RoleChanged { user, before, role }
                if (*before == Role::Guest) != (*role == Role::Guest) =>
            {
                let mut inner = self.lock();
                inner.losses += 1;
                inner.connections.clear(*user);
            }
            _ => {}
        }
    }

    fn left(&self, channel: ChannelId, user: UserId) {
        let mut inner = self.lock();
        inner.losses += 1;
        inner.connections.left(channel, user);
    }

    fn close_to_others(&self, channel: ChannelId) {
        let mut inner = self.lock();
        inner.losses += 1;
        inner.connections.close_to_others(channel);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
