//! Streams that went quiet: their heads are told once.

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

/// The streams that changed lately. There are no more of them than channels and people; an entry is
/// removed when its head is told.
#[derive(Default)]
pub(super) struct QuietStreams {
    changed: Mutex<Changed>,
}

#[derive(Default)]
struct Changed {
    channels: Quiet<ChannelId, Revision>,
    /// Counts of members. They are told [`HEADS_AFTER`] after the first change that was not told
    /// yet: a channel where people come and go all the time is never quiet.
    members: Quiet<ChannelId, i64>,
    people: Quiet<UserId, Revision>,
    /// The one stream of the place.
    place: Quiet<(), Revision>,
}

impl QuietStreams {
    /// Notes the streams that an event changes.
    pub(super) fn changed(&self, event: &Event) {
        let heads = of(event);
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        for (channel, revision) in heads.channels {
            changed.channels.again(channel, revision);
        }
        for (channel, count) in heads.members {
            changed.members.first(channel, count);
        }
        if let Some((user, revision)) = own(event) {
            changed.people.again(user, revision);
        }
        if let Some(place) = heads.place {
            changed.place.again((), place);
        }
    }

    /// Waits for the next look, and removes and returns the heads of streams that have been quiet
    /// for long enough.
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

/// Where the streams of an event stand after it.
pub(super) fn of(event: &Event) -> Heads {
    let mut heads = Heads { own: own(event).map(|(_, revision)| revision), ..Heads::default() };
    match event {
        Event::MessagePosted(message) | Event::MessageDeleted { message, .. } => {
            heads.channels.push((message.channel, message.revision));
        }
        Event::ChannelChanged { channel, place } => {
            heads.channels.push((channel.id, channel.revision));
            heads.place = Some(*place);
        }
        Event::ChannelCreated { place, .. } | Event::PersonNamed { place, .. } => {
            heads.place = Some(*place);
        }
        Event::MemberJoined { channel, member_count, .. }
        | Event::MemberLeft { channel, member_count, .. } => {
            heads.members.push((*channel, *member_count));
        }
        Event::MembershipChanged { .. }
        | Event::ReadMoved { .. }
        | Event::AccountChanged(_)
        | Event::SessionEnded { .. }
        | Event::TokenRevoked { .. } => {}
    }
    heads
}

/// The person in whose own stream an event is, and its revision there.
fn own(event: &Event) -> Option<(UserId, Revision)> {
    match event {
        Event::MembershipChanged { user, view } => Some((*user, view.own_revision)),
        Event::ReadMoved { user, state } => Some((*user, state.read.step)),
        Event::AccountChanged(account) => Some((account.user.id, account.revision)),
        _ => None,
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
    /// Notes a value; the stream is quiet from now on.
    fn again(&mut self, key: K, value: V) {
        self.0.insert(key, (value, Instant::now()));
    }

    /// Notes a value; the stream waits since the first change that was not told.
    fn first(&mut self, key: K, value: V) {
        self.0.entry(key).or_insert((value, Instant::now())).0 = value;
    }

    /// Removes and returns what has waited for [`HEADS_AFTER`].
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
