//! The slots of connections, by a clock that the tests set.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;

use super::slots::{ANSWERS_BYTES, Connections, Crowded, SPARED_MS};
use super::{Connection, ConnectionLimits, NoSlot};
use crate::http::bodies::Bodies;

const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));
const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 2));

/// Connections with a clock that stands still until it is set.
fn connections(in_all: usize, per_address: usize) -> (Arc<Connections>, Arc<AtomicU64>) {
    let clock = Arc::new(AtomicU64::new(10_000));
    let now = Arc::clone(&clock);
    let limits = ConnectionLimits { in_all, per_address, stall: Duration::from_secs(60) };
    let all = Connections::with_clock(limits, Box::new(move || now.load(Relaxed)));
    (all, clock)
}

fn is_cut(connection: &Connection) -> bool {
    !connection.connections.table().entries.contains_key(&connection.id)
}

#[test]
fn who_waits_longest_gives_way_and_who_is_answered_never_does() {
    let (all, clock) = connections(4, 4);
    let busy = Connection::open(&all, Some(A)).unwrap();
    busy.begin();
    let half_said = Connection::open(&all, Some(A)).unwrap();
    half_said.begin();
    half_said.awaits_body(true);
    let idle = Connection::open(&all, Some(A)).unwrap();
    clock.fetch_add(500, Relaxed);
    let stuck = Connection::open(&all, Some(A)).unwrap();
    stuck.begin();
    stuck.keeps(10).unwrap();
    stuck.owes(10);
    stuck.is_blocked();
    assert_eq!(
        Connection::open(&all, Some(B)).err(),
        Some(NoSlot::InAll),
        "none has waited for long"
    );
    clock.fetch_add(SPARED_MS, Relaxed);
    let _new = Connection::open(&all, Some(B)).unwrap();
    assert!(is_cut(&half_said) && is_cut(&idle) && is_cut(&stuck) && !is_cut(&busy));
    assert_eq!(all.table().answers, 0);
}

#[test]
fn an_address_has_its_own_places_and_only_its_own_give_way() {
    let (all, clock) = connections(10, 1);
    let (a, b) =
        (Connection::open(&all, Some(A)).unwrap(), Connection::open(&all, Some(B)).unwrap());
    assert_eq!(Connection::open(&all, Some(A)).err(), Some(NoSlot::ForAddress));
    clock.fetch_add(SPARED_MS, Relaxed);
    let again = Connection::open(&all, Some(A)).unwrap();
    assert!(is_cut(&a) && !is_cut(&b));
    drop((a, b, again));
    assert!(all.table().entries.is_empty() && all.table().by_address.is_empty());
}

#[test]
fn a_proxys_connection_is_counted_for_whoever_it_serves() {
    let (all, _clock) = connections(10, 1);
    let (one, two) = (Connection::open(&all, None).unwrap(), Connection::open(&all, None).unwrap());
    one.begin();
    one.is_for(A).unwrap();
    two.begin();
    assert_eq!(two.is_for(A), Err(Crowded));
    two.is_for(B).unwrap();
    one.owes(5);
    one.wrote(5);
    two.is_for(A).unwrap();
    assert_eq!(all.table().held(B), None);
}

#[test]
fn answers_that_nobody_reads_give_way_to_others() {
    let (all, clock) = connections(1_000, 1_000);
    let half = ANSWERS_BYTES / 2;
    let answering = || {
        let connection = Connection::open(&all, Some(A)).unwrap();
        connection.begin();
        connection.keeps(half).unwrap();
        connection.owes(half as u64);
        connection
    };
    let (read, stuck) = (answering(), answering());
    stuck.is_blocked();
    clock.fetch_add(SPARED_MS, Relaxed);
    let _third = answering();
    assert!(is_cut(&stuck) && !is_cut(&read));
    // All of them are read: up to the second bound they may be more.
    let _more = (answering(), answering());
    let last = Connection::open(&all, Some(B)).unwrap();
    assert_eq!(last.keeps(1), Err(Crowded));
    drop(read);
    assert_eq!(last.keeps(1), Ok(()));
}

#[test]
fn not_all_that_wait_give_way_at_once_but_those_that_waited_longest() {
    let (all, clock) = connections(40, 40);
    let waiting: Vec<Connection> = (0..40)
        .map(|_| {
            clock.fetch_add(1, Relaxed);
            Connection::open(&all, Some(A)).unwrap()
        })
        .collect();
    clock.fetch_add(SPARED_MS, Relaxed);
    let _new = Connection::open(&all, Some(B)).unwrap();
    let left: Vec<bool> = waiting.iter().map(|one| !is_cut(one)).collect();
    assert_eq!(left.iter().filter(|left| **left).count(), 8);
    assert!(left[32..].iter().all(|left| *left), "the last that came stay");
}

#[test]
fn the_next_one_may_give_way_at_once() {
    let (all, clock) = connections(2, 2);
    let _idle = Connection::open(&all, Some(A)).unwrap();
    let busy = Connection::open(&all, Some(A)).unwrap();
    busy.begin();
    clock.fetch_add(SPARED_MS, Relaxed);
    let second = Connection::open(&all, Some(B)).unwrap();
    second.begin();
    busy.is_blocked();
    let third = Connection::open(&all, Some(B));
    assert!(third.is_ok() && is_cut(&busy) && !is_cut(&second));
}

#[test]
fn an_answer_that_is_out_weighs_nothing() {
    let (all, _clock) = connections(10, 10);
    let one = Connection::open(&all, Some(A)).unwrap();
    one.begin();
    // A single answer is always given, however large.
    one.keeps(4 * ANSWERS_BYTES).unwrap();
    one.owes(7);
    one.wrote(7);
    assert_eq!(all.table().answers, 0);
}

#[test]
fn only_as_many_answers_as_needed_give_way_and_only_those_that_nobody_reads() {
    let (all, clock) = connections(10, 10);
    let quarter = ANSWERS_BYTES / 4;
    let answering = |weight: usize| {
        let connection = Connection::open(&all, Some(A)).unwrap();
        connection.begin();
        connection.keeps(weight).unwrap();
        connection.owes(u64::MAX);
        connection
    };
    let streams = answering(0);
    streams.is_blocked();
    let (longest, stuck, reads_again) =
        (answering(quarter), answering(quarter), answering(quarter));
    longest.is_blocked();
    reads_again.is_blocked();
    clock.fetch_add(1, Relaxed);
    stuck.wrote(1);
    stuck.is_blocked();
    reads_again.wrote(1);
    clock.fetch_add(SPARED_MS, Relaxed);
    let fresh = answering(quarter);
    fresh.is_blocked();
    let _new = answering(quarter);
    assert!(is_cut(&longest));
    assert!(!is_cut(&stuck), "one was enough");
    assert!(!is_cut(&streams), "it would free nothing");
    let _second = answering(quarter);
    assert!(is_cut(&stuck));
    let _third = answering(quarter);
    assert!(!is_cut(&reads_again), "its client reads again");
    fresh.wrote(1);
    fresh.is_blocked();
    let _fourth = answering(quarter);
    assert!(!is_cut(&fresh), "it has not waited for long");
}

#[test]
fn whoever_gives_up_on_a_body_waits_for_it_no_longer() {
    let (all, clock) = connections(1, 1);
    let connection = Arc::new(Connection::open(&all, Some(A)).unwrap());
    connection.begin();
    let never = futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>();
    let body = Body::from_stream(never);
    let (mut body, _share) =
        Arc::new(Bodies::default()).bound(body, A, 10, Some(Arc::clone(&connection)));
    assert!(body.frame().now_or_never().is_none());
    drop(body);
    clock.fetch_add(SPARED_MS, Relaxed);
    assert_eq!(Connection::open(&all, Some(B)).err(), Some(NoSlot::InAll));
    assert!(!is_cut(&connection), "its request is being answered");
}
