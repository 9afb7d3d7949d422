//! Answering a search.

use std::cmp::Reverse;

use rusqlite::Connection;

use super::resolving::resolve;
use super::wanted::{Readable, Wanted};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::search::{
    Counted, Document, Found, Hit, MAX_COUNT, MAX_HITS, MAX_RANKED, Order, Place, Resolved,
    SearchQuery, best_first, marks,
};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;
use crate::store::sqlite::rows::{channels, messages, users};

/// Where a message stands among all: newer ones have a higher place.
type At = (Timestamp, ChannelId, Number);

/// See [`Searching::search`](crate::store::Searching::search).
pub(super) fn search(db: &Connection, viewer: UserId, query: &SearchQuery) -> Result<Found> {
    let (asked, finds) = resolve(db, viewer, query)?;
    let wanted = Wanted::new(viewer, query, asked);
    let mut found = Found {
        query: wanted.asked.clone(),
        hits: Vec::new(),
        channels: Vec::new(),
        people: Vec::new(),
        count: 0,
        is_more: false,
        any: None,
        next: None,
        unfinished: None,
    };
    if finds && may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse) {
        page(db, &wanted, query, &mut found)?;
        if found.count == 0 && !wanted.any && wanted.phrases.len() > 1 {
            let one = Wanted {
                any: true,
                phrases: wanted.phrases.clone(),
                asked: wanted.asked.clone(),
                ..wanted
            };
            found.any = Some(all(db, &one)?.len().min(MAX_COUNT));
        }
    }
    beside(db, viewer, &mut found)?;
    Ok(found)
}

fn page(db: &Connection, wanted: &Wanted, query: &SearchQuery, found: &mut Found) -> Result<()> {
    let hits = all(db, wanted)?;
    found.count = hits.len().min(MAX_COUNT);
    found.is_more = hits.len() > MAX_COUNT;
    match query.order {
        Order::Newest => {
            let begin = match query.after {
                Some(Place::Behind { at, channel, number, .. }) => {
                    hits.partition_point(|message| place(message) >= (at, channel, number))
                }
                _ => 0,
            };
            let rest = &hits[begin..];
            found.hits = rest.iter().take(MAX_HITS).map(|message| hit(message, wanted)).collect();
            found.next = rest.get(MAX_HITS).and(found.hits.last()).map(|last| {
                let (at, channel, number) = place(&last.message);
                Place::Behind { at, channel, number, count: found.count, is_more: found.is_more }
            });
        }
        Order::Best => {
            let ranked = &hits[..hits.len().min(MAX_RANKED)];
            let counted: Vec<Counted> = ranked
                .iter()
                .map(|message| {
                    Counted::of(&Document::of_message(message).words(wanted.kind), &wanted.phrases)
                })
                .collect();
            let begin = match query.after {
                Some(Place::Skip(skip)) => skip.min(MAX_RANKED),
                _ => 0,
            };
            let order = best_first(&counted);
            let rest = order.get(begin..).unwrap_or_default();
            found.hits = rest.iter().take(MAX_HITS).map(|at| hit(&ranked[*at], wanted)).collect();
            found.next = rest.get(MAX_HITS).map(|_| Place::Skip(begin + MAX_HITS));
        }
    }
    Ok(())
}

fn hit(message: &Message, wanted: &Wanted) -> Hit {
    Hit { marks: marks(&message.text, &wanted.phrases), message: message.clone() }
}

fn place(message: &Message) -> At {
    (message.created_at, message.channel, message.number)
}

/// All messages that fit, the newest first.
fn all(db: &Connection, wanted: &Wanted) -> Result<Vec<Message>> {
    let mut readable = Readable::new(db, wanted.viewer);
    let mut find = db.prepare_cached("SELECT id FROM channels")?;
    let ids = find.query_map([], |row| row.get(0).map(ChannelId))?;
    let ids: Vec<ChannelId> = ids.collect::<rusqlite::Result<_>>()?;
    let mut hits = Vec::new();
    for id in ids {
        let Some(floor) = readable.above(id)? else { continue };
        let sql = format!(
            "{} WHERE m.channel_id = ?1 AND m.number > ?2 AND m.deleted_at IS NULL",
            messages::MESSAGE
        );
        let found = messages::select(db, &sql, id, Some(wanted.viewer), &[&floor.0])?;
        hits.extend(found.into_iter().filter(|message| wanted.fits(message)));
    }
    hits.sort_by_key(|message| Reverse(place(message)));
    Ok(hits)
}

/// The people and channels of the hits, and those that the query names.
fn beside(db: &Connection, viewer: UserId, found: &mut Found) -> Result<()> {
    let Resolved { from, inside, .. } = &found.query;
    let mut people: Vec<User> = Vec::new();
    for hit in &found.hits {
        if !people.iter().any(|person| person.id == hit.message.author.id) {
            people.push(hit.message.author.clone());
        }
    }
    for person in from {
        if !people.iter().any(|known| known.id == *person) {
            people.extend(users::account(db, *person)?.map(|account| account.user));
        }
    }
    let mut seen: Vec<Channel> = Vec::new();
    let of_hits = found.hits.iter().map(|hit| hit.message.channel);
    for channel in of_hits.chain(inside.iter().copied()) {
        if !seen.iter().any(|known| known.id == channel) {
            seen.extend(channels::view(db, channel, viewer)?.map(|view| view.channel));
        }
    }
    (found.people, found.channels) = (people, seen);
    Ok(())
}
