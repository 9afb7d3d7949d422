//! Answering a search.

use rusqlite::Connection;

use super::hits::{At, Hits, newest};
use super::marks;
use super::resolving::resolve;
use super::time::Time;
use super::wanted::Wanted;
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, UserId};
use crate::model::messages::Message;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::search::{
    Counted, Document, Found, Hit, Kind, MAX_COUNT, MAX_HITS, MAX_RANKED, Order, Place,
    SearchQuery, best_first, marks as marks_in,
};
use crate::model::users::User;
use crate::store::Result;
use crate::store::sqlite::rows::{channels, messages, users};

/// See [`Searching::search`](crate::store::Searching::search). `behind` are the channels that may have messages that the
/// index does not have yet.
pub(super) fn search(
    db: &Connection,
    viewer: UserId,
    query: &SearchQuery,
    behind: &[ChannelId],
    time: &Time,
) -> Result<Found> {
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
    if !may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse) {
        return Ok(found);
    }
    found.unfinished = marks::unfinished(db, viewer)?;
    if finds {
        match query.order {
            Order::Newest => newest_first(db, &wanted, query, (behind, time), &mut found)?,
            Order::Best => best_of_newest(db, &wanted, query, (behind, time), &mut found)?,
        }
        if found.count == 0 && !wanted.any && wanted.phrases.len() > 1 {
            let one = Wanted { any: true, ..wanted };
            let hits = newest(db, &one, behind, None, MAX_COUNT, time)?;
            let many = hits.places.len().min(MAX_COUNT);
            // Where nothing was found in time, it is not known.
            found.any = (many > 0 || !hits.gave_up).then_some(many);
        }
    }
    beside(db, viewer, &mut found)?;
    Ok(found)
}

fn newest_first(
    db: &Connection,
    wanted: &Wanted,
    query: &SearchQuery,
    (behind, time): (&[ChannelId], &Time),
    found: &mut Found,
) -> Result<()> {
    let (below, told) = match query.after {
        Some(Place::Behind { at, channel, number, count, is_more }) => {
            (Some((at, channel, number)), Some((count, is_more)))
        }
        _ => (None, None),
    };
    // The first page counts them; the others tell what it told. One more says whether there are more.
    let limit = if told.is_some() { MAX_HITS + 1 } else { MAX_COUNT + 1 };
    let hits = newest(db, wanted, behind, below, limit, time)?;
    (found.count, found.is_more) = told.unwrap_or_else(|| counted(&hits));
    found.hits = read(db, wanted, hits.places.iter().take(MAX_HITS))?;
    let last = hits.places.get(MAX_HITS).and_then(|_| hits.places.get(MAX_HITS - 1));
    found.next = last.map(|(at, channel, number)| Place::Behind {
        at: *at,
        channel: *channel,
        number: *number,
        count: found.count,
        is_more: found.is_more,
    });
    Ok(())
}

fn best_of_newest(
    db: &Connection,
    wanted: &Wanted,
    query: &SearchQuery,
    (behind, time): (&[ChannelId], &Time),
    found: &mut Found,
) -> Result<()> {
    let hits = newest(db, wanted, behind, None, MAX_COUNT + 1, time)?;
    (found.count, found.is_more) = counted(&hits);
    let mut places = Vec::new();
    let mut words = Vec::new();
    for at in hits.places.iter().take(MAX_RANKED) {
        if time.is_over() {
            found.is_more = true;
            break;
        }
        if let Some(message) = messages::message(db, at.1, at.2)? {
            let document = Document::of_message(&message).words(wanted.kind);
            words.push(Counted::of(&document, &wanted.phrases));
            places.push(at);
        }
    }
    let begin = match query.after {
        Some(Place::Skip(skip)) => skip.min(MAX_RANKED),
        _ => 0,
    };
    let order = best_first(&words);
    let rest = order.get(begin..).unwrap_or_default();
    found.hits = read(db, wanted, rest.iter().take(MAX_HITS).map(|place| places[*place]))?;
    found.next = rest.get(MAX_HITS).map(|_| Place::Skip(begin + MAX_HITS));
    Ok(())
}

fn counted(hits: &Hits) -> (usize, bool) {
    let many = hits.places.len();
    (many.min(MAX_COUNT), many > MAX_COUNT || hits.gave_up)
}

/// The messages of these places, as the viewer sees them.
fn read<'a>(
    db: &Connection,
    wanted: &Wanted,
    places: impl Iterator<Item = &'a At>,
) -> Result<Vec<Hit>> {
    let mut hits = Vec::with_capacity(MAX_HITS);
    // Words that are looked for in names of files may stand in texts by chance.
    let phrases = if wanted.kind == Kind::Files { &[] } else { &wanted.phrases[..] };
    for (_, channel, number) in places {
        let found = messages::message_for(db, *channel, *number, wanted.viewer)?;
        let stands = |message: &Message| message.deleted_at.is_none();
        hits.extend(
            found
                .filter(stands)
                .map(|message| Hit { marks: marks_in(&message.text, phrases), message }),
        );
    }
    Ok(hits)
}

/// The people and channels of the hits, and those that the query names.
fn beside(db: &Connection, viewer: UserId, found: &mut Found) -> Result<()> {
    let mut people: Vec<User> = Vec::new();
    for hit in &found.hits {
        if !people.iter().any(|person| person.id == hit.message.author.id) {
            people.push(hit.message.author.clone());
        }
    }
    for person in &found.query.from {
        if !people.iter().any(|known| known.id == *person) {
            people.extend(users::account(db, *person)?.map(|account| account.user));
        }
    }
    let mut seen: Vec<Channel> = Vec::new();
    let of_hits = found.hits.iter().map(|hit| hit.message.channel);
    for channel in of_hits.chain(found.query.inside.iter().copied()) {
        if !seen.iter().any(|known| known.id == channel) {
            seen.extend(channels::view(db, channel, viewer)?.map(|view| view.channel));
        }
    }
    (found.people, found.channels) = (people, seen);
    Ok(())
}
