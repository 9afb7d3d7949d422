//! Streams that went quiet, so that their heads can be told once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::events::{Audience, Event};
use crate::model::ids::{ChannelId, Revision, UserId};
use crate::model::streams::Heads;

/// How long a stream is quiet before its head is told.
pub const HEADS_AFTER: Duration = Duration::from_secs(30);
/// How often quiet streams are looked for: once per period for all streams together.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The streams that changed lately. Bounded by the numbers of channels and people; an entry is gone
/// as soon as its head was told.
#[derive(Default)]
pub(super) struct QuietStreams {
    changed: Mutex<Changed>,
}

#[derive(Default)]
struct Changed {
    channels: Quiet<ChannelId, Revision>,
    /// Counts of members. Told so long after the first change that was not told yet: where people
    /// come and go all the time it would never be quiet.
    members: Quiet<ChannelId, i64>,
    people: Quiet<UserId, Revision>,
    /// There is one place.
    place: Quiet<(), Revision>,
}

impl QuietStreams {
    /// Notes what an event changes.
    pub(super) fn changed(&self, event: &Event) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::MessagePosted(message) | Event::MessageDeleted { message, .. } => {
                changed.channels.again(message.channel, message.revision);
            }
            Event::ChannelChanged { channel, place } => {
                changed.channels.again(channel.id, channel.revision);
                changed.place.again((), *place);
            }
            Event::ChannelCreated { place, .. } | Event::PersonCreated { place, .. } => {
                changed.place.again((), *place);
            }
            Event::MemberJoined { channel, member_count, .. }
            | Event::MemberLeft { channel, member_count, .. } => {
                changed.members.first(*channel, *member_count);
            }
            Event::MembershipChanged { user, view } => {
                changed.people.again(*user, view.own_revision)
            }
            Event::ReadMoved { user, state } => changed.people.again(*user, state.read.step),
            Event::AccountChanged(account) => {
                changed.people.again(account.user.id, account.revision)
            }
            Event::SessionEnded { .. } | Event::TokenRevoked { .. } => {}
        }
    }

    /// Waits for the next look, and takes those that have been quiet long enough.
    pub(super) async fn next(&self) -> Vec<(Audience, Heads)> {
        tokio::time::sleep(LOOK_EVERY).await;
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = Vec::new();
        for (channel, revision) in changed.channels.take() {
            let heads = Heads { channels: vec![(channel, revision)], ..Heads::default() };
            told.push((Audience::Channel(channel), heads));
        }
        for (channel, count) in changed.members.take() {
            let heads = Heads { members: vec![(channel, count)], ..Heads::default() };
            told.push((Audience::Channel(channel), heads));
        }
        for (user, revision) in changed.people.take() {
            let heads = Heads { own: Some(revision), ..Heads::default() };
            told.push((Audience::User(user), heads));
        }
        for ((), revision) in changed.place.take() {
            let heads = Heads { place: Some(revision), ..Heads::default() };
            told.push((Audience::Everyone, heads));
        }
        told
    }
}

/// Where an event leaves its streams: what is told of one that cannot be told itself.
pub(super) fn of(event: &Event) -> Heads {
    let own = |own| Heads { own: Some(own), ..Heads::default() };
    let place = |place: &Revision| Heads { place: Some(*place), ..Heads::default() };
    match event {
        Event::MessagePosted(message) | Event::MessageDeleted { message, .. } => {
            Heads { channels: vec![(message.channel, message.revision)], ..Heads::default() }
        }
        Event::ChannelChanged { channel, place: revision } => {
            Heads { channels: vec![(channel.id, channel.revision)], ..place(revision) }
        }
        Event::ChannelCreated { place: revision, .. }
        | Event::PersonCreated { place: revision, .. } => place(revision),
        Event::MemberJoined { channel, member_count, .. }
        | Event::MemberLeft { channel, member_count, .. } => {
            Heads { members: vec![(*channel, *member_count)], ..Heads::default() }
        }
        Event::MembershipChanged { view, .. } => own(view.own_revision),
        Event::ReadMoved { state, .. } => own(state.read.step),
        Event::AccountChanged(account) => own(account.revision),
        Event::SessionEnded { .. } | Event::TokenRevoked { .. } => Heads::default(),
    }
}

/// The newest value of each stream, and since when it waits to be told.
struct Quiet<K, V>(HashMap<K, (V, Instant)>);

impl<K, V> Default for Quiet<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Copy, V: Copy> Quiet<K, V> {
    /// It is quiet from now on.
    fn again(&mut self, key: K, value: V) {
        self.0.insert(key, (value, Instant::now()));
    }

    /// It waits since the first change that was not told.
    fn first(&mut self, key: K, value: V) {
        self.0.entry(key).or_insert((value, Instant::now())).0 = value;
    }

    fn take(&mut self) -> Vec<(K, V)> {
        let mut due = Vec::new();
        self.0.retain(|key, (value, since)| {
            let waits = since.elapsed() < HEADS_AFTER;
            if !waits {
                due.push((*key, *value));
            }
            waits
        });
        due
    }
}
