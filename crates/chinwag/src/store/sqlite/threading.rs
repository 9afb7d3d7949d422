//! Threads: what a reply changes beside its own row, who follows, and reading.

use async_trait::async_trait;
use rusqlite::{Connection, ToSql};

use super::SqliteStore;
use super::rows::head::Head;
use super::rows::messages::{MESSAGE, json_bytes, select_while};
use super::rows::threads;
use super::rows::{aside, follows, members, messages, revisions, sql_count, standing};
use super::writer::Tx;
use crate::model::channels::MarkKind;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::mentions::Called;
use crate::model::messages::{MAX_ANSWER_BYTES, MAX_PAGE, Message, PageAt};
use crate::model::permissions::{Action, may};
use crate::model::thread_pages::{
    FollowedThread, MAX_THREADS_PAGE, ThreadPage, ThreadsPage, ThreadsPart, ThreadsPlace,
};
use crate::model::threads::{Follow, Reply, ThreadHead};
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Result, Threads};

/// How many of its newest replies are shown of a thread in the list of those that somebody follows.
const NEWEST: usize = 2;

#[async_trait]
impl Threads for SqliteStore {
    async fn thread(
        &self,
        channel: ChannelId,
        root: Number,
        viewer: UserId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<ThreadPage>> {
        self.readers.read(move |db| page(db, (channel, root), viewer, at, limit)).await
    }

    async fn follow(
        &self,
        channel: ChannelId,
        root: Number,
        user: UserId,
        following: bool,
        at: Timestamp,
    ) -> Result<Option<Follow>> {
        self.writer.run(move |tx| follow(tx, (channel, root), user, following, at)).await
    }

    async fn mark_thread_read(
        &self,
        channel: ChannelId,
        root: Number,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<Follow>> {
        self.writer.run_freeing(move |tx| mark_read(tx, (channel, root), user, number, kind)).await
    }

    async fn follows(&self, user: UserId) -> Result<Vec<Follow>> {
        self.readers.read(move |db| follows::all(db, user)).await
    }

    async fn threads(&self, user: UserId, part: ThreadsPart) -> Result<ThreadsPage> {
        self.readers.read(move |db| list(db, user, part)).await
    }
}

/// The message that begins a thread, or could begin one: it is of the run and answers nothing, is no line,
/// and stands or has been answered.
pub(super) fn root(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    head: Head,
) -> Result<Option<Message>> {
    let found = messages::message(db, channel, number)?.filter(|_| number > head.floor);
    Ok(found.filter(|message| {
        let stands = message.deleted_at.is_none() || message.thread.is_some();
        message.reply.is_none() && message.line.is_none() && stands
    }))
}

/// Follows a reply that was just stored: counts it under its root. Returns the thread after that.
pub(super) fn replied(tx: &mut Tx<'_>, message: &Message, reply: Reply) -> Result<ThreadHead> {
    threads::replied(tx.db, message, reply.root)?;
    let head = threads::changed(tx.db, message.channel, reply.root, message.revision)?;
    head.ok_or_else(|| Error::Corrupt(format!("thread {} is missing", reply.root)))
}

/// Lets follow a thread whoever takes part in it with a reply that was just stored: its author, the author of
/// the root, and whom it mentions; the others not if they chose not to. Events: `FollowChanged`.
pub(super) fn take_part(tx: &mut Tx<'_>, message: &Message, root: &Message) -> Result<()> {
    let thread = (message.channel, root.number);
    let author = message.author.id;
    if follows::follows(tx.db, author, thread.0, thread.1)? != Some(true) {
        begin(tx, thread, author, message.number)?;
    }
    let mut others = vec![root.author.id];
    others.extend(message.mentions.iter().filter_map(|mention| match mention.called {
        Called::Person(person) => Some(person),
        Called::Everybody => None,
    }));
    others.sort_unstable();
    others.dedup();
    for other in others.into_iter().filter(|other| *other != author) {
        let is_inside = members::row(tx.db, thread.0, other)?.is_some();
        let stands = follows::follows(tx.db, other, thread.0, thread.1)?.is_some();
        if is_inside && !stands && aside::of(tx.db, other, author)?.is_none() {
            begin(tx, thread, other, Number(message.number.0 - 1))?;
        }
    }
    Ok(())
}

/// Lets a person follow a thread, unless they follow as many as they may.
fn begin(
    tx: &mut Tx<'_>,
    thread: (ChannelId, Number),
    user: UserId,
    read: Number,
) -> Result<Option<Follow>> {
    let known = follows::follows(tx.db, user, thread.0, thread.1)?.is_some();
    if !known && follows::are_full(tx.db, user)? {
        return Ok(None);
    }
    write(tx, thread, user, true, read).map(Some)
}

fn write(
    tx: &mut Tx<'_>,
    thread: (ChannelId, Number),
    user: UserId,
    following: bool,
    read: Number,
) -> Result<Follow> {
    let own = revisions::next_own(tx.db, user)?;
    follows::set(tx.db, user, thread, following, read, own)?;
    let follow = follows::of_thread(tx.db, user, thread.0, thread.1)?;
    let follow = follow.ok_or_else(|| Error::Corrupt("a follow is missing".to_owned()))?;
    tx.happened(Event::FollowChanged { user, follow: follow.clone() });
    Ok(follow)
}

fn follow(
    tx: &mut Tx<'_>,
    (channel, number): (ChannelId, Number),
    user: UserId,
    following: bool,
    at: Timestamp,
) -> Result<Option<Follow>> {
    let Some(seen) = standing::seen(tx.db, channel, user, at)? else { return Ok(None) };
    let Some(root) = root(tx.db, channel, number, seen.head)? else { return Ok(None) };
    may(seen.standing, Action::Follow, seen.state).map_err(Error::Denied)?;
    let before = follows::of_thread(tx.db, user, channel, number)?;
    if let Some(before) = before.as_ref().filter(|before| before.following == following) {
        return Ok(Some(before.clone()));
    }
    let thread = (channel, number);
    if let Some(before) = before {
        return write(tx, thread, user, following, before.read.number).map(Some);
    }
    if follows::are_full(tx.db, user)? {
        return Err(Error::Conflict(Constraint::Follows));
    }
    let newest = root.thread.map_or(number, |thread| thread.last_number);
    write(tx, thread, user, following, newest).map(Some)
}

fn mark_read(
    tx: &mut Tx<'_>,
    (channel, root): (ChannelId, Number),
    user: UserId,
    number: Number,
    kind: MarkKind,
) -> Result<Option<Follow>> {
    let Some(seen) = standing::seen(tx.db, channel, user, Timestamp(0))? else { return Ok(None) };
    let Some(before) = follows::of_thread(tx.db, user, channel, root)? else { return Ok(None) };
    let number = Number(number.0.clamp(root.0, seen.head.last_number.0));
    let moves = match kind {
        MarkKind::Read => number > before.read.number,
        MarkKind::Mark => number != before.read.number,
    };
    if !moves {
        return Ok(Some(before));
    }
    write(tx, (channel, root), user, before.following, number).map(Some)
}

pub(super) fn page(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    viewer: UserId,
    at: PageAt,
    limit: usize,
) -> Result<Option<ThreadPage>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let limit = limit.clamp(1, MAX_PAGE);
    let number = threads::root_of(db, channel, number)?.unwrap_or(number);
    let (replies, is_cut) = replies(db, (channel, number), head, viewer, at, limit)?;
    let kept = number > head.floor;
    let root = match root(db, channel, number, head)? {
        Some(_) => messages::message_for(db, channel, number, viewer)?,
        // Of a thread whose root was cleared, what came later may stand.
        None if !kept && !replies.is_empty() => None,
        None => return Ok(None),
    };
    let beside = |from: i64, to: i64| any(db, (channel, number), from, to);
    let (first, last) = match (replies.first(), replies.last()) {
        (Some(first), Some(last)) => (first.number.0, last.number.0),
        _ => match at {
            PageAt::Newest => (0, i64::MAX),
            PageAt::Before(number) => (0, number.0.saturating_sub(1)),
            PageAt::After(number) => (number.0.saturating_add(1), i64::MAX),
        },
    };
    let (has_older, has_newer) = match at {
        PageAt::Newest => (is_cut, false),
        PageAt::Before(_) => (is_cut, beside(last.saturating_add(1), i64::MAX)?),
        PageAt::After(_) => (beside(head.floor.0 + 1, first - 1)?, is_cut),
    };
    let follow = follows::of_thread(db, viewer, channel, number)?;
    let revision = head.revision;
    let followers = follows::others(db, viewer, channel, number)?;
    Ok(Some(ThreadPage {
        channel,
        revision,
        number,
        root,
        replies,
        has_older,
        has_newer,
        follow,
        followers,
    }))
}

/// The replies of a page, ascending, and whether there are more on its way.
fn replies(
    db: &Connection,
    (channel, root): (ChannelId, Number),
    head: Head,
    reader: UserId,
    at: PageAt,
    limit: usize,
) -> Result<(Vec<Message>, bool)> {
    let (filter, order, from) = match at {
        PageAt::Newest => ("<", "DESC", i64::MAX),
        PageAt::Before(number) => ("<", "DESC", number.0),
        PageAt::After(number) => (">", "", number.0),
    };
    let sql = format!(
        "{MESSAGE} INDEXED BY messages_of_thread
         WHERE m.channel_id = ?1 AND m.root = ?2 AND m.number {filter} ?3 AND m.number > ?4
         ORDER BY m.number {order} LIMIT ?5"
    );
    let (mut bytes, mut count, mut is_cut) = (0, 0, false);
    let fits = |message: &Message| {
        bytes += json_bytes(message);
        count += 1;
        is_cut = count > limit || (bytes > MAX_ANSWER_BYTES && count > 1);
        !is_cut
    };
    let most = sql_count(limit + 1);
    let rest: [&dyn ToSql; 4] = [&root.0, &from, &head.floor.0, &most];
    let mut replies = select_while(db, &sql, channel, Some(reader), &rest, fits)?;
    if order == "DESC" {
        replies.reverse();
    }
    Ok((replies, is_cut))
}

/// Whether a thread has a reply from one number to another.
fn any(db: &Connection, (channel, root): (ChannelId, Number), from: i64, to: i64) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM messages INDEXED BY messages_of_thread
         WHERE channel_id = ?1 AND root = ?2 AND number BETWEEN ?3 AND ?4",
    )?;
    Ok(find.exists((channel.0, root.0, from, to))?)
}

fn list(db: &Connection, user: UserId, part: ThreadsPart) -> Result<ThreadsPage> {
    let mut found = Vec::new();
    for (follow, at) in follows::all_answered(db, user)? {
        if part.mine && !threads::is_begun_by(db, follow.channel, follow.root, user)? {
            continue;
        }
        let place = ThreadsPlace {
            is_read: follow.unread == 0,
            turned_at: -at.0,
            channel: follow.channel,
            root: follow.root,
        };
        if part.after.is_none_or(|after| place > after) {
            found.push((place, follow));
        }
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    let next = found.get(MAX_THREADS_PAGE - 1).map(|(place, _)| *place);
    let next = next.filter(|_| found.len() > MAX_THREADS_PAGE);
    let mut threads = Vec::with_capacity(MAX_THREADS_PAGE);
    for (_, follow) in found.into_iter().take(MAX_THREADS_PAGE) {
        let (channel, number) = (follow.channel, follow.root);
        let Some(head) = standing::head_for(db, channel, user)? else { continue };
        let Some(root) = messages::message_for(db, channel, number, user)? else { continue };
        let thread = (channel, number);
        let (newest, _) = replies(db, thread, head, user, PageAt::Newest, NEWEST)?;
        threads.push(FollowedThread { follow, root, newest });
    }
    Ok(ThreadsPage { threads, next })
}
