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
    /// How many messages have open reports; told as counts of members are.
    reports: Quiet<(), i64>,
    /// How many wait at the door; told as counts of members are.
    waiting: Quiet<(), i64>,
}

impl QuietStreams {
    /// Notes the streams that an event changes now.
    pub(super) fn changed(&self, event: &Event, now: Instant) {
        let heads = of(event);
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        for (channel, revision) in heads.channels {
            changed.channels.again(channel, revision, now);
        }
        for (channel, count) in heads.members {
            changed.members.first(channel, count, now);
        }
        if let Some((user, revision)) = own(event) {
            changed.people.again(user, revision, now);
        }
        if let Some(place) = heads.place {
            changed.place.again((), place, now);
        }
        if let Some(reports) = heads.reports {
            changed.reports.first((), reports, now);
        }
        if let Some(waiting) = heads.waiting {
            changed.waiting.first((), waiting, now);
        }
    }

    /// Waits for the next look, and removes and returns the heads of streams that have been quiet
    /// for long enough.
    pub(super) async fn next(&self) -> Vec<(Audience, Heads)> {
        tokio::time::sleep(LOOK_EVERY).await;
        self.due(Instant::now())
    }

    /// Removes and returns the heads of streams that have been quiet for long enough.
    pub(super) fn due(&self, now: Instant) -> Vec<(Audience, Heads)> {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = Vec::new();
        for (channel, revision) in changed.channels.take(now) {
            let heads = Heads { channels: vec![(channel, revision)], ..Heads::default() };
            told.push((Audience::Channel(channel), heads));
        }
        for (channel, count) in changed.members.take(now) {
            let heads = Heads { members: vec![(channel, count)], ..Heads::default() };
            told.push((Audience::Channel(channel), heads));
        }
        for (user, revision) in changed.people.take(now) {
            let heads = Heads { own: Some(revision), ..Heads::default() };
            told.push((Audience::User(user), heads));
        }
        for ((), revision) in changed.place.take(now) {
            let heads = Heads { place: Some(revision), ..Heads::default() };
            told.push((Audience::Members, heads));
        }
        for ((), reports) in changed.reports.take(now) {
            let heads = Heads { reports: Some(reports), ..Heads::default() };
            told.push((Audience::Order, heads));
        }
        for ((), waiting) in changed.waiting.take(now) {
            let heads = Heads { waiting: Some(waiting), ..Heads::default() };
            told.push((Audience::Order, heads));
        }
        told
    }
}

/// Where the streams of an event stand after it.
pub(super) fn of(event: &Event) -> Heads {
    let mut heads = Heads { own: own(event).map(|(_, revision)| revision), ..Heads::default() };
    match event {
        Event::MessagePosted(message)
        | Event::Replied { message, .. }
        | Event::MessageEdited(message)
        | Event::LineWritten(message)
        | Event::MessageDeleted { message, .. } => {
            heads.channels.push((message.channel, message.revision));
        }
        Event::MessagePinned(pinned) => heads.channels.push((pinned.channel, pinned.revision)),
        Event::Reacted(reacted) => heads.channels.push((reacted.channel, reacted.revision)),
        Event::ChannelChanged { channel, place } => {
            heads.channels.push((channel.id, channel.revision));
            heads.place = *place;
        }
        Event::ChannelCreated { place, .. }
        | Event::ChannelDelisted { place, .. }
        | Event::PersonChanged { place, .. } => {
            heads.place = Some(*place);
        }
        Event::MemberJoined { channel, member_count, .. }
        | Event::MemberLeft { channel, member_count, .. }
        | Event::MemberChanged { channel, member_count, .. } => {
            heads.members.push((*channel, *member_count));
        }
        Event::ReportsChanged { open } => heads.reports = Some(*open),
        Event::WaitingChanged { total } => heads.waiting = Some(*total),
        Event::InviteChanged { .. }
        | Event::DoorAnswered { .. }
        | Event::MembershipChanged { .. }
        | Event::MessageSaved { .. }
        | Event::FollowChanged { .. }
        | Event::ActivityCame { .. }
        | Event::ActivitySeen { .. }
        | Event::MembershipLost { .. }
        | Event::KeptOut { .. }
        | Event::RoleChanged { .. }
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
        Event::MembershipLost { user, own, .. } => Some((*user, *own)),
        Event::FollowChanged { user, follow } => Some((*user, follow.own_revision)),
        Event::MessageSaved { user, saved } => Some((*user, saved.own_revision)),
        Event::ActivitySeen { user, seen } => Some((*user, seen.own_revision)),
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
    fn again(&mut self, key: K, value: V, now: Instant) {
        self.0.insert(key, (value, now));
    }

    /// Notes a value; the stream waits since the first change that was not told.
    fn first(&mut self, key: K, value: V, now: Instant) {
        self.0.entry(key).or_insert((value, now)).0 = value;
    }

    /// Removes and returns what has waited for [`HEADS_AFTER`].
    fn take(&mut self, now: Instant) -> Vec<(K, V)> {
        let mut due = Vec::new();
        self.0.retain(|key, (value, since)| {
            let waits = now.duration_since(*since) < HEADS_AFTER;
            if !waits {
                due.push((*key, *value));
            }
            waits
        });
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::channels::{Channel, ChannelState, ChannelView, ReadMark, ReadState};
    use crate::model::ids::Number;
    use crate::model::time::Timestamp;
    use crate::model::users::User;

    const TEA: ChannelId = ChannelId(7);
    const ADA: UserId = UserId(3);

    fn ada() -> User {
        User { id: ADA, name: "Ada".to_owned(), picture: None }
    }

    fn tea(revision: i64) -> Channel {
        Channel {
            id: TEA,
            name: "tea".to_owned(),
            state: ChannelState::default(),
            topic: String::new(),
            created_at: Timestamp(0),
            created_by: ada(),
            member_count: 1,
            revision: Revision(revision),
            last_number: Number(0),
            last_in_run: Number(0),
            floor: Number(0),
            last_message: None,
            locked_by: None,
            archived_at: None,
            muted_by: None,
            people: Vec::new(),
        }
    }

    fn topic(revision: i64, place: i64) -> Event {
        Event::ChannelChanged { channel: tea(revision), place: Some(Revision(place)) }
    }

    fn joined(member_count: i64) -> Event {
        Event::MemberJoined { channel: TEA, user: ada(), member_count }
    }

    fn read(step: i64) -> Event {
        let read = ReadMark { number: Number(1), step: Revision(step) };
        let state =
            ReadState { channel: TEA, read, unread: 0, mentions: 0, channel_revision: Revision(1) };
        Event::ReadMoved { user: ADA, state }
    }

    fn channel(revision: i64) -> (Audience, Heads) {
        let heads = Heads { channels: vec![(TEA, Revision(revision))], ..Heads::default() };
        (Audience::Channel(TEA), heads)
    }

    fn members(count: i64) -> (Audience, Heads) {
        (Audience::Channel(TEA), Heads { members: vec![(TEA, count)], ..Heads::default() })
    }

    fn own(revision: i64) -> (Audience, Heads) {
        (Audience::User(ADA), Heads { own: Some(Revision(revision)), ..Heads::default() })
    }

    fn place(revision: i64) -> (Audience, Heads) {
        (Audience::Members, Heads { place: Some(Revision(revision)), ..Heads::default() })
    }

    #[test]
    fn each_stream_is_told_once_when_it_is_quiet_and_to_its_hearers_alone() {
        let (quiet, start) = (QuietStreams::default(), Instant::now());
        for event in [topic(5, 8), joined(4), read(6)] {
            quiet.changed(&event, start);
        }
        assert_eq!(quiet.due(start + HEADS_AFTER - Duration::from_millis(1)), []);
        let told = quiet.due(start + HEADS_AFTER);
        assert_eq!(told, [channel(5), members(4), own(6), place(8)]);
        assert_eq!(quiet.due(start + 2 * HEADS_AFTER), []);
    }

    #[test]
    fn a_count_of_reports_is_told_again_to_those_who_keep_order() {
        let (quiet, start) = (QuietStreams::default(), Instant::now());
        quiet.changed(&Event::ReportsChanged { open: 2 }, start);
        quiet.changed(&Event::ReportsChanged { open: 1 }, start + HEADS_AFTER / 2);
        let heads = Heads { reports: Some(1), ..Heads::default() };
        assert_eq!(quiet.due(start + HEADS_AFTER), [(Audience::Order, heads)]);
    }

    #[test]
    fn how_many_wait_is_told_again_to_those_who_let_in() {
        let (quiet, start) = (QuietStreams::default(), Instant::now());
        for total in [1, 2] {
            quiet.changed(&Event::WaitingChanged { total }, start);
        }
        let heads = Heads { waiting: Some(2), ..Heads::default() };
        assert_eq!(quiet.due(start + HEADS_AFTER), [(Audience::Order, heads)]);
    }

    #[test]
    fn a_stream_that_goes_on_waits_and_a_count_of_members_does_not() {
        let (quiet, start) = (QuietStreams::default(), Instant::now());
        for event in [topic(5, 8), joined(4), read(6)] {
            quiet.changed(&event, start);
        }
        let later = start + HEADS_AFTER / 2;
        for event in [topic(6, 9), joined(5), read(7)] {
            quiet.changed(&event, later);
        }
        assert_eq!(quiet.due(start + HEADS_AFTER), [members(5)], "the newest count");
        assert_eq!(quiet.due(later + HEADS_AFTER), [channel(6), own(7), place(9)]);
    }

    #[test]
    fn an_event_has_the_heads_of_all_streams_that_it_is_in() {
        let heads = of(&topic(5, 8));
        assert_eq!((heads.channels, heads.place), (vec![(TEA, Revision(5))], Some(Revision(8))));
        let view = ChannelView { channel: tea(5), membership: None, own_revision: Revision(9) };
        let left = Event::MembershipChanged { user: ADA, view };
        assert_eq!((of(&left), of(&read(6))), (own(9).1, own(6).1));
    }
}
