//! The book of who is here, by times that the test sets.

use super::connections::{TELL_EVERY, TYPING_EVERY};
use super::people::LINGER;
use super::*;
use crate::model::ids::{Number, Revision};
use crate::model::presence::{MAX_TYPING_HEARERS, MAX_WATCHED};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::model::users::{Aside, Settings, User};

const TEA: ChannelId = ChannelId(7);
const MOMENT: Duration = Duration::from_millis(1);

fn socket(number: i64) -> SocketId {
    format!("{number:020}").parse().unwrap()
}

fn account(id: i64, revision: i64) -> Account {
    Account {
        user: User { id: UserId(id), name: format!("p{id}"), picture: None },
        created_at: Timestamp(0),
        password_hash: None,
        data_removed_at: None,
        last_channel: None,
        settings: Settings::default(),
        revision: Revision(revision),
        named_role: Role::Member,
        visit_ends_at: None,
        profile: crate::model::profiles::Profile::default(),
        deactivated_at: None,
        muted_until: None,
        muted_by: None,
        aside: Vec::new(),
    }
}

/// A connection of a person, by the number of the connection.
fn enter(all: &Presences, number: i64, user: i64) -> Seat {
    let seat = all.enter(socket(number), UserId(user)).unwrap();
    all.learn(&account(user, 1));
    seat
}

fn watch(all: &Presences, seat: Seat, role: Role, whom: &[i64]) -> PresenceNews {
    let whom: Vec<UserId> = whom.iter().copied().map(UserId).collect();
    let mut told = None;
    let losses = all.losses();
    assert!(all.watch(seat, role, &whom, losses, |_, news| told = Some(news.clone())));
    told.unwrap()
}

/// What is told at `now`, and to whom.
fn told(all: &Presences, now: Instant) -> Vec<(SocketId, PresenceNews)> {
    let mut told = Vec::new();
    all.tell(now, |socket, news| told.push((socket, news.clone())));
    told
}

fn here(whom: &[i64]) -> PresenceNews {
    let here = whom.iter().copied().map(UserId).collect();
    PresenceNews { here, ..PresenceNews::default() }
}

#[test]
fn changes_are_told_together_and_not_more_often_than_every_five_seconds() {
    let (all, start) = (Presences::default(), Instant::now());
    let (viewer, ada, bob) = (enter(&all, 1, 1), enter(&all, 2, 2), enter(&all, 3, 3));
    watch(&all, viewer, Role::Member, &[2, 3]);
    all.says(ada, Presence::Here);
    assert_eq!(told(&all, start), [(socket(1), here(&[2]))]);
    all.says(ada, Presence::Away);
    all.says(bob, Presence::Here);
    assert_eq!(told(&all, start + TELL_EVERY - MOMENT), []);
    all.says(ada, Presence::Here);
    assert_eq!(told(&all, start + TELL_EVERY), [(socket(1), here(&[3]))], "Ada is as before");
    assert_eq!(told(&all, start + 3 * TELL_EVERY), [], "nothing is told twice");
}

#[test]
fn whoever_left_lingers_and_is_not_gone_when_they_come_back() {
    let (all, start) = (Presences::default(), Instant::now());
    let (viewer, ada) = (enter(&all, 1, 1), enter(&all, 2, 2));
    all.says(ada, Presence::Here);
    watch(&all, viewer, Role::Member, &[2]);
    all.leave(ada, true);
    assert_eq!(told(&all, start + LINGER - Duration::from_secs(1)), []);
    let again = enter(&all, 4, 2);
    all.says(again, Presence::Here);
    assert_eq!(told(&all, start + 3 * LINGER), [], "they were here all the time");
    all.leave(again, false);
    let gone = PresenceNews { gone: vec![UserId(2)], ..PresenceNews::default() };
    assert_eq!(
        told(&all, start + 3 * LINGER),
        [(socket(1), gone)],
        "whoever signed out is gone at once"
    );
}

#[test]
fn nobody_is_shown_before_what_they_chose_is_known_and_an_older_choice_changes_nothing() {
    let (all, start) = (Presences::default(), Instant::now());
    let viewer = enter(&all, 1, 1);
    let ada = all.enter(socket(2), UserId(2)).unwrap();
    watch(&all, viewer, Role::Member, &[2]);
    all.says(ada, Presence::Here);
    assert_eq!(told(&all, start), []);
    let mut hidden = account(2, 5);
    hidden.settings.invisible = true;
    all.hear(&Event::AccountChanged(hidden));
    all.learn(&account(2, 4));
    assert_eq!(told(&all, start), []);
    all.learn(&account(2, 6));
    assert_eq!(told(&all, start), [(socket(1), here(&[2]))]);
    let mut apart = account(2, 7);
    apart.aside = vec![(UserId(1), Aside::Block)];
    all.hear(&Event::AccountChanged(apart));
    let gone = PresenceNews { gone: vec![UserId(2)], ..PresenceNews::default() };
    assert_eq!(told(&all, start + TELL_EVERY), [(socket(1), gone)]);
}

#[test]
fn a_guest_is_told_nothing_between_the_loss_of_a_right_and_the_next_look() {
    let (all, start) = (Presences::default(), Instant::now());
    let (guest, member, ada) = (enter(&all, 1, 1), enter(&all, 2, 2), enter(&all, 3, 3));
    watch(&all, guest, Role::Guest, &[3]);
    watch(&all, member, Role::Member, &[3]);
    let losses = all.losses();
    let user = User { id: UserId(3), name: String::new(), picture: None };
    all.hear(&Event::MemberLeft { channel: TEA, user, member_count: 1 });
    all.says(ada, Presence::Here);
    assert_eq!(told(&all, start), [(socket(2), here(&[3]))], "not the guest");
    assert_eq!(all.stale(9), [(guest, UserId(1), vec![UserId(3)])]);
    let asked = all.watch(guest, Role::Guest, &[UserId(3)], losses, |_, _| unreachable!());
    assert!(!asked, "an answer of before does not count");
    assert_eq!(watch(&all, guest, Role::Guest, &[]), PresenceNews { whole: true, ..here(&[]) });
    assert_eq!((all.stale(9), told(&all, start + TELL_EVERY)), (vec![], vec![]));
}

#[test]
fn whoever_becomes_a_guest_watches_nobody_until_they_say_so_again() {
    let (all, start) = (Presences::default(), Instant::now());
    let (viewer, ada) = (enter(&all, 1, 1), enter(&all, 2, 2));
    watch(&all, viewer, Role::Member, &[2]);
    let user = UserId(1);
    all.hear(&Event::RoleChanged { user, before: Role::Member, role: Role::Guest });
    all.says(ada, Presence::Here);
    assert_eq!(told(&all, start), []);
}

#[test]
fn everybody_has_their_turn_when_many_are_to_be_told() {
    let (all, start) = (Presences::default(), Instant::now());
    let ada = enter(&all, 0, 1);
    let many = MOST_AT_ONCE as i64 * 2 + 50;
    for number in 1..=many {
        watch(&all, enter(&all, number, 1_000 + number), Role::Member, &[1]);
    }
    all.says(ada, Presence::Here);
    let mut heard = std::collections::HashSet::new();
    for most in [MOST_AT_ONCE, MOST_AT_ONCE, 50, 0] {
        let now = told(&all, start);
        assert_eq!(now.len(), most);
        assert!(now.into_iter().all(|(socket, _)| heard.insert(socket)));
    }
}

#[test]
fn a_list_is_bounded_and_an_id_that_nobody_has_takes_no_part() {
    let all = Presences::default();
    let viewer = enter(&all, 1, 1);
    let last = MAX_WATCHED as i64 + 10;
    let seats: Vec<Seat> = (2..=last).map(|id| enter(&all, id, id)).collect();
    seats.iter().for_each(|seat| all.says(*seat, Presence::Here));
    let whom: Vec<i64> = [i64::MIN, -1, 1 << 30, i64::MAX].into_iter().chain(2..=last).collect();
    assert_eq!(watch(&all, viewer, Role::Member, &whom).here.len(), MAX_WATCHED);
    assert_eq!(all.enter(socket(9), UserId(i64::MAX)), None);
}

#[test]
fn a_connection_that_ended_is_forgotten_with_all_that_it_said() {
    let all = Presences::default();
    for round in 0..3 {
        let seats: Vec<Seat> = (1..50).map(|id| enter(&all, round * 100 + id, id)).collect();
        for seat in &seats {
            all.says(*seat, Presence::Here);
            watch(&all, *seat, Role::Guest, &[1, 2, 3]);
            all.show(*seat, Some(Open { channel: TEA, thread: None, inside: true }), all.losses());
        }
        seats.iter().for_each(|seat| all.leave(*seat, false));
        seats.iter().for_each(|seat| all.leave(*seat, false));
    }
    let inner = all.lock();
    assert_eq!(inner.connections.len(), 49, "places are taken again");
    assert!(inner.people.is_empty() && inner.connections.is_empty());
}

fn typing(all: &Presences, seat: Seat) -> usize {
    let heard = std::cell::Cell::new(0);
    all.typing(seat, spot(None), |_| heard.set(heard.get() + 1));
    heard.get()
}

fn spot(thread: Option<i64>) -> Spot {
    Spot { channel: TEA, thread: thread.map(Number) }
}

/// Who hears that somebody types there, by the numbers of their connections.
fn hearers(all: &Presences, seat: Seat, thread: i64) -> Vec<SocketId> {
    let heard = std::cell::RefCell::new(Vec::new());
    all.typing(seat, spot(Some(thread)), |socket| heard.borrow_mut().push(socket));
    heard.into_inner()
}

fn open(all: &Presences, count: usize) -> Vec<Seat> {
    let seats = (1..=count as i64).map(|id| {
        let seat = enter(all, id, id);
        assert!(all.show(
            seat,
            Some(Open { channel: TEA, thread: None, inside: true }),
            all.losses()
        ));
        seat
    });
    seats.collect()
}

#[test]
fn typing_is_told_to_at_most_two_hundred_and_of_a_few_at_a_time() {
    let all = Presences::default();
    let seats = open(&all, MAX_TYPING_HEARERS);
    assert_eq!(typing(&all, seats[0]), MAX_TYPING_HEARERS - 1);
    assert_eq!(typing(&all, seats[0]), 0, "again within {TYPING_EVERY:?}");
    let named = seats.iter().filter(|seat| typing(&all, **seat) > 0).count();
    assert_eq!(named, 9, "more names nobody reads");
    let all = Presences::default();
    let seats = open(&all, MAX_TYPING_HEARERS + 1);
    assert_eq!(typing(&all, seats[0]), 0);
    all.leave(seats[1], true);
    assert_eq!(typing(&all, seats[2]), MAX_TYPING_HEARERS - 1);
}

#[test]
fn a_right_that_ended_since_it_was_looked_up_opens_nothing() {
    let all = Presences::default();
    let seats = open(&all, 3);
    let losses = all.losses();
    all.hear(&Event::MembershipLost { channel: TEA, user: UserId(2), own: Revision(1) });
    assert_eq!(typing(&all, seats[0]), 1, "not the one who lost it");
    assert!(!all.show(seats[1], Some(Open { channel: TEA, thread: None, inside: true }), losses));
    assert_eq!(typing(&all, seats[1]), 0);
    all.hear(&Event::ChannelDelisted { channel: TEA, place: Revision(1) });
    assert_eq!(typing(&all, seats[2]), 1, "members go on");
}

#[test]
fn typing_in_a_thread_is_told_to_those_who_show_that_thread_and_to_not_more_than_two_hundred() {
    let all = Presences::default();
    let open = |number: i64, thread: Option<i64>| {
        let seat = enter(&all, number, number);
        let open = Open { channel: TEA, thread: thread.map(Number), inside: true };
        assert!(all.show(seat, Some(open), all.losses()));
        seat
    };
    let (ada, bob) = (open(1, Some(7)), open(2, Some(7)));
    let (eve, _beside) = (open(3, Some(9)), open(4, None));
    assert_eq!(hearers(&all, ada, 7), [socket(2)]);
    assert_eq!(hearers(&all, eve, 7), [], "they do not show it");
    assert_eq!(typing(&all, bob), 3, "those who show a thread show its channel too");
    // Another thread, and the right to the channel, end it.
    let other = Open { channel: TEA, thread: Some(Number(9)), inside: true };
    assert!(all.show(bob, Some(other), all.losses()));
    assert_eq!(hearers(&all, eve, 9), [socket(2)]);
    all.hear(&Event::MembershipLost { channel: TEA, user: UserId(3), own: Revision(1) });
    assert_eq!(hearers(&all, eve, 9), []);
    let fresh = open(5, Some(9));
    assert_eq!(hearers(&all, fresh, 9), [socket(2)], "not the one who lost it");
    let many: Vec<Seat> =
        (100..100 + MAX_TYPING_HEARERS as i64).map(|id| open(id, Some(8))).collect();
    assert_eq!(hearers(&all, many[0], 8).len(), MAX_TYPING_HEARERS - 1);
    let above = open(99, Some(8));
    assert_eq!(hearers(&all, many[1], 8), [], "too many would hear it");
    all.leave(above, false);
    assert_eq!(hearers(&all, many[2], 8).len(), MAX_TYPING_HEARERS - 1);
}
