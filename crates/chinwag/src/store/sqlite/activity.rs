//! What concerns people. It is written in the transaction of the message or the reaction that it is about: one
//! row for each person who is called, one for a call of everybody, and one for all reactions to a message.
//!
//! Who may see what is decided when it is read. Whoever does not see a channel when they are called there gets no
//! row: otherwise people in a private place could fill the list of somebody outside.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::rows::activity::{
    self as rows, DIRECT, EVERYBODY, INVITATION, MENTION, New, REACTION, REPLY,
};
use super::rows::head::Head;
use super::rows::{channels, members, messages, revisions, standing, users};
use super::writer::Tx;
use crate::model::activity::{
    Activity, ActivityFilter, ActivityKind, ActivityPage, ActivityPart, ActivitySeen, MANY_REACTED,
    MAX_ACTIVITY, MAX_ACTIVITY_PAGE, MAX_LATE, MAX_NEWS, NewCall, NewCalls,
};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::mentions::{Called, Mention};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::store::{Activities, Error, Result};

/// So many people are told at once that a call was taken back. The others find it out when they look again.
const MOST_TOLD: usize = 50;

#[async_trait]
impl Activities for SqliteStore {
    async fn activity(
        &self,
        user: UserId,
        filter: ActivityFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<ActivityPage> {
        self.readers.read(move |db| page(db, user, filter, before, limit)).await
    }

    async fn new_calls(&self, user: UserId) -> Result<NewCalls> {
        self.readers.read(move |db| new_calls(db, user)).await
    }

    async fn see_activity(&self, user: UserId, through: i64) -> Result<ActivitySeen> {
        self.writer.run(move |tx| see_through(tx, user, through)).await
    }

    async fn see_call(
        &self,
        user: UserId,
        channel: ChannelId,
        number: Number,
    ) -> Result<Option<ActivitySeen>> {
        self.writer.run(move |tx| see_call(tx, user, (channel, number))).await
    }
}

/// Follows a message that was posted, or edited (`edited`): its mentions are as they are now. Event for each
/// person whom it calls from now on, or does not call any more: `ActivityCame`.
pub(super) fn called(
    tx: &mut Tx<'_>,
    posted: &Message,
    mentions: &[Mention],
    at: Timestamp,
    edited: bool,
) -> Result<()> {
    let (message, author) = ((posted.channel, posted.number), posted.author.id);
    let people: BTreeSet<UserId> = mentions.iter().filter_map(person).collect();
    // In a thread it calls those who follow, who see the reply itself.
    let all = posted.in_run() && mentions.iter().any(|mention| mention.called == Called::Everybody);
    if edited {
        take_back(tx, message, &people, all)?;
    }
    let new = |user, late| {
        let (channel, number) = message;
        New { user, channel, number, kind: MENTION, at, by: author, late }
    };
    for user in people.into_iter().filter(|user| *user != author) {
        if edited && rows::has(tx.db, user, message, MENTION)? {
            continue;
        }
        if standing::seen(tx.db, message.0, user, at)?.is_none() {
            continue;
        }
        let member = members::row(tx.db, message.0, user)?;
        // What is in a thread alone is not read with the channel.
        let is_read = member.is_none_or(|member| member.read_number >= message.1);
        let late = is_read || !posted.in_run();
        rows::add(tx.db, new(user, late))?;
        tx.happened(Event::ActivityCame { user });
    }
    if all && !(edited && rows::has(tx.db, EVERYBODY, message, MENTION)?) {
        rows::add(tx.db, new(EVERYBODY, false))?;
        if edited {
            call_readers(tx, &|user| new(user, true), message, author)?;
        }
    }
    Ok(())
}

/// An edit calls everybody: those who have read the message find it in their activity, where they are not too many.
fn call_readers(
    tx: &mut Tx<'_>,
    new: &dyn Fn(UserId) -> New,
    message: (ChannelId, Number),
    author: UserId,
) -> Result<()> {
    let readers = rows::readers(tx.db, message, author, MAX_LATE + 1)?;
    if readers.len() > MAX_LATE {
        return Ok(());
    }
    for user in readers {
        if !rows::has(tx.db, user, message, MENTION)? {
            rows::add(tx.db, new(user))?;
            tx.happened(Event::ActivityCame { user });
        }
    }
    Ok(())
}

/// Follows a message that was posted in a direct conversation. Whoever is in it hears of the message itself.
pub(super) fn wrote(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    let Message { channel, number, created_at: at, .. } = *message;
    let (kind, by) = (DIRECT, message.author.id);
    rows::add_direct(tx.db, New { user: EVERYBODY, channel, number, kind, at, by, late: false })
}

/// Follows a person who was put into a channel by another one. Event: `ActivityCame`.
pub(super) fn invited(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    user: UserId,
    by: UserId,
    at: Timestamp,
) -> Result<()> {
    let Some(head) = channels::head(tx.db, channel)? else { return Ok(()) };
    // It stands beside the newest row: in a channel without any there is nowhere to put it.
    let number = head.last_number;
    if user != by && number > head.floor {
        rows::add(tx.db, New { user, channel, number, kind: INVITATION, at, by, late: true })?;
        tx.happened(Event::ActivityCame { user });
    }
    Ok(())
}

fn person(mention: &Mention) -> Option<UserId> {
    match mention.called {
        Called::Person(user) => Some(user),
        Called::Everybody => None,
    }
}

/// Removes the rows of those whom an edited message does not call any more.
fn take_back(
    tx: &mut Tx<'_>,
    message: (ChannelId, Number),
    people: &BTreeSet<UserId>,
    all: bool,
) -> Result<()> {
    if all {
        // It calls everybody who has a row, one way or the other.
        return Ok(());
    }
    rows::remove(tx.db, EVERYBODY, message, MENTION)?;
    let had = rows::people_of(tx.db, message, MENTION)?;
    for (at, user) in had.into_iter().filter(|user| !people.contains(user)).enumerate() {
        rows::remove(tx.db, user, message, MENTION)?;
        if at < MOST_TOLD {
            tx.happened(Event::ActivityCame { user });
        }
    }
    Ok(())
}

/// Follows a message that was deleted. Event for the people whom it concerned: `ActivityCame`.
pub(super) fn deleted(tx: &mut Tx<'_>, channel: ChannelId, number: Number) -> Result<()> {
    let had = rows::people_of(tx.db, (channel, number), MENTION)?;
    rows::forget(tx.db, channel, number)?;
    for user in had.into_iter().take(MOST_TOLD) {
        tx.happened(Event::ActivityCame { user });
    }
    Ok(())
}

/// Follows a reaction to a message that came (`on`) or was taken back. Event for the author, if they see the
/// message: `ActivityCame`.
pub(super) fn reacted(
    tx: &mut Tx<'_>,
    message: &Message,
    by: UserId,
    on: bool,
    at: Timestamp,
) -> Result<()> {
    let (channel, number, user) = (message.channel, message.number, message.author.id);
    if user == by {
        return Ok(());
    }
    let is_told =
        users::is_active(tx.db, user)? && standing::seen(tx.db, channel, user, at)?.is_some();
    if on && is_told {
        let new = New { user, channel, number, kind: REACTION, at, by, late: false };
        if !rows::stays_newest(tx.db, new)? {
            rows::add(tx.db, new)?;
        }
    } else if !on && !rows::is_reacted(tx.db, (channel, number), user)? {
        rows::remove(tx.db, user, (channel, number), REACTION)?;
    }
    if is_told {
        tx.happened(Event::ActivityCame { user });
    }
    Ok(())
}

/// What somebody sees of channels, each looked up once.
struct Sight<'db> {
    db: &'db Connection,
    viewer: UserId,
    known: HashMap<ChannelId, Option<Head>>,
}

impl<'db> Sight<'db> {
    fn of(db: &'db Connection, viewer: UserId) -> Self {
        Self { db, viewer, known: HashMap::new() }
    }

    /// Whether they see that message, if it was not deleted.
    fn sees(&mut self, channel: ChannelId, number: Number) -> Result<bool> {
        let head = match self.known.get(&channel) {
            Some(known) => *known,
            None => {
                let head = standing::head_for(self.db, channel, self.viewer)?;
                *self.known.entry(channel).or_insert(head)
            }
        };
        Ok(head.is_some_and(|head| number > head.floor && number <= head.last_number))
    }
}

fn page(
    db: &Connection,
    user: UserId,
    filter: ActivityFilter,
    before: Option<i64>,
    limit: usize,
) -> Result<ActivityPage> {
    let limit = limit.clamp(1, MAX_ACTIVITY_PAGE);
    let found = rows::list(db, user, filter, before, limit)?;
    let next = found.last().filter(|_| found.len() == limit).map(|last| last.turn);
    let mut page = ActivityPage { rows: Vec::new(), next };
    let mut sight = Sight::of(db, user);
    for row in found {
        if sight.sees(row.channel, row.number)? {
            page.rows.extend(shown(db, user, row)?);
        }
    }
    Ok(page)
}

/// A row as it is shown, with its message. `None`: nothing of it is left to show.
fn shown(db: &Connection, user: UserId, row: rows::Found) -> Result<Option<Activity>> {
    let rows::Found { channel, number, turn, at, new, .. } = row;
    let message = messages::message_for(db, channel, number, user)?;
    // Whoever was put into a channel was put in, whatever became of the message there.
    let stands = |message: &Message| row.kind == INVITATION || message.deleted_at.is_none();
    let Some(message) = message.filter(stands) else { return Ok(None) };
    let (by, others) = if row.kind == REACTION {
        let people = rows::reacted(db, (channel, number), user, MANY_REACTED + 1)?;
        let last = people.iter().find(|one| **one == row.by).or(people.first());
        let Some(last) = last else { return Ok(None) };
        (*last, people.len() - 1)
    } else {
        (row.by, 0)
    };
    let calls = |called| message.mentions.iter().any(|mention| mention.called == called);
    let kind = match row.kind {
        REACTION => ActivityKind::Reaction,
        REPLY => ActivityKind::Reply,
        INVITATION => ActivityKind::Invitation,
        DIRECT => ActivityKind::Direct,
        _ if calls(Called::Person(user)) => ActivityKind::Mention,
        _ => ActivityKind::Everybody,
    };
    let by = users::user(db, by)?;
    Ok(Some(Activity { kind, turn, at, new, message, by, others }))
}

fn new_calls(db: &Connection, user: UserId) -> Result<NewCalls> {
    let through = rows::last_turn(db)?;
    let filter = ActivityFilter { only_new: true, part: ActivityPart::Counted };
    let mut sight = Sight::of(db, user);
    let mut calls = Vec::new();
    for row in rows::list(db, user, filter, None, MAX_ACTIVITY)? {
        let rows::Found { channel, number, late, .. } = row;
        if calls.len() < MAX_NEWS && sight.sees(channel, number)? {
            calls.push(NewCall { channel, number, late });
        }
    }
    Ok(NewCalls { calls, through })
}

fn see_through(tx: &mut Tx<'_>, user: UserId, through: i64) -> Result<ActivitySeen> {
    let (before, own_revision) = seen(tx.db, user)?;
    let through = through.min(rows::last_turn(tx.db)?);
    if through <= before {
        return Ok(ActivitySeen { through: before, own_revision });
    }
    note(tx, user, through)
}

fn see_call(
    tx: &mut Tx<'_>,
    user: UserId,
    message: (ChannelId, Number),
) -> Result<Option<ActivitySeen>> {
    if !Sight::of(tx.db, user).sees(message.0, message.1)? {
        return Ok(None);
    }
    let (through, own_revision) = seen(tx.db, user)?;
    let is_inside = members::row(tx.db, message.0, user)?.is_some();
    if rows::see_own(tx.db, user, message)?
        || (is_inside && rows::see_everybodys(tx.db, user, message)?)
    {
        return note(tx, user, through).map(Some);
    }
    Ok(Some(ActivitySeen { through, own_revision }))
}

fn seen(db: &Connection, user: UserId) -> Result<(i64, Revision)> {
    rows::seen(db, user)?.ok_or_else(|| Error::Corrupt(format!("person {user} is missing")))
}

fn note(tx: &mut Tx<'_>, user: UserId, through: i64) -> Result<ActivitySeen> {
    let own_revision = revisions::next_own(tx.db, user)?;
    rows::set_seen(tx.db, user, through, own_revision)?;
    let seen = ActivitySeen { through, own_revision };
    tx.happened(Event::ActivitySeen { user, seen });
    Ok(seen)
}
