//! Messages: the trait, and reading pages and digests.

use async_trait::async_trait;
use rusqlite::{Connection, ToSql};
use sha2::{Digest as _, Sha256};

use super::SqliteStore;
use super::changes::changes;
use super::posting::post;
use super::reading;
use super::rows::head::Head;
use super::rows::messages::{MESSAGE, json_bytes, select_while};
use super::rows::run::{self, Stretch};
use super::rows::{sql_count, standing};
use super::tombstones::delete;
use crate::model::hex::hex;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::messages::{
    Changes, Digest, MAX_ANSWER_BYTES, MAX_PAGE, Message, MessagePage, PageAt,
};
use crate::model::time::Timestamp;
use crate::store::{DeleteOutcome, MAX_DIGEST, Messages, NewMessage, PostOutcome, Result};

#[async_trait]
impl Messages for SqliteStore {
    async fn post_message(&self, message: NewMessage) -> Result<PostOutcome> {
        self.writer.run(move |tx| post(tx, &message)).await
    }

    async fn delete_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        at: Timestamp,
    ) -> Result<DeleteOutcome> {
        self.writer.run_freeing(move |tx| delete(tx, channel, number, by, at)).await
    }

    async fn messages(
        &self,
        channel: ChannelId,
        viewer: UserId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<MessagePage>> {
        self.readers.read(move |db| page(db, channel, viewer, at, limit)).await
    }

    async fn in_run_above(
        &self,
        channel: ChannelId,
        viewer: UserId,
        number: Number,
    ) -> Result<Option<i64>> {
        self.readers.read(move |db| in_run_above(db, channel, viewer, number)).await
    }

    async fn changes(
        &self,
        channel: ChannelId,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<Changes>> {
        self.readers.read(move |db| changes(db, channel, user, since, limit)).await
    }

    async fn digest(
        &self,
        channel: ChannelId,
        viewer: UserId,
        last: usize,
    ) -> Result<Option<Digest>> {
        self.readers.read(move |db| digest(db, channel, viewer, last)).await
    }
}

pub(super) fn page(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    at: PageAt,
    limit: usize,
) -> Result<Option<MessagePage>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let messages = run_of(db, (channel, head), viewer, at, limit.clamp(1, MAX_PAGE))?;
    // Above the floor, nothing is missing between the rows of the run: its ends tell whether there are more.
    let (has_older, has_newer) = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) => {
            (first.number.0 - first.gap > head.floor.0 + 1, last.number < head.last_in_run)
        }
        _ => beside_nothing(at, head),
    };
    let Head { revision, last_number, .. } = head;
    Ok(Some(MessagePage { channel, revision, last_number, messages, has_older, has_newer }))
}

fn in_run_above(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    number: Number,
) -> Result<Option<i64>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let number = Number(number.0.clamp(head.floor.0, head.last_number.0));
    let off = head.off_count - reading::off_count(db, channel, head, number)?;
    Ok(Some(head.last_number.0 - number.0 - off))
}

pub(super) fn digest(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    last: usize,
) -> Result<Option<Digest>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let mut find = db.prepare_cached(
        "SELECT number, revision FROM messages
         WHERE channel_id = ?1 AND number BETWEEN ?2 AND ?3 AND off_run = 0
         ORDER BY number DESC LIMIT ?4",
    )?;
    let last = last.min(MAX_DIGEST);
    let mut rows: Vec<(i64, i64)> = Vec::with_capacity(last);
    let mut from = i64::MAX;
    while rows.len() < last {
        let Some(stretch) = run::before(db, channel, head, from)? else { break };
        from = stretch.from;
        let most = sql_count(last - rows.len());
        let found = find.query_map((channel.0, stretch.from, stretch.to, most), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for row in found {
            rows.push(row?);
        }
    }
    let mut hasher = Sha256::new();
    for (number, revision) in rows.iter().rev() {
        hasher.update(format!("{number}:{revision}\n"));
    }
    let digest = hex(&hasher.finalize());
    Ok(Some(Digest { channel, revision: head.revision, digest }))
}

/// The messages of a page as `reader` sees them, ascending by number: at most `limit`, and at most as many
/// lines between them.
pub(super) fn run_of(
    db: &Connection,
    (channel, head): (ChannelId, Head),
    reader: UserId,
    at: PageAt,
    limit: usize,
) -> Result<Vec<Message>> {
    let (mut from, descending) = match at {
        PageAt::Newest => (i64::MAX, true),
        PageAt::Before(number) => (number.0, true),
        PageAt::After(number) => (number.0, false),
    };
    let order = if descending { "DESC" } else { "" };
    let sql = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number BETWEEN ?2 AND ?3 AND m.off_run = 0
         ORDER BY m.number {order} LIMIT ?4"
    );
    let (mut bytes, mut count, mut is_full) = (0, 0, false);
    let mut messages: Vec<Message> = Vec::new();
    while !is_full {
        let stretch = if descending {
            run::before(db, channel, head, from)?
        } else {
            run::after(db, channel, head, from)?
        };
        let Some(Stretch { from: first, to: last }) = stretch else { break };
        from = if descending { first } else { last };
        let most = sql_count(2 * limit - messages.len());
        let fits = |message: &Message| {
            bytes += json_bytes(message);
            count += usize::from(message.line.is_none());
            is_full = count > limit || (bytes > MAX_ANSWER_BYTES && bytes != json_bytes(message));
            !is_full
        };
        let rest: [&dyn ToSql; 3] = [&first, &last, &most];
        messages.extend(select_while(db, &sql, channel, Some(reader), &rest, fits)?);
        is_full |= count == limit || messages.len() == 2 * limit;
    }
    if descending {
        messages.reverse();
    }
    Ok(messages)
}

/// Whether there are older and newer messages than a page that is empty.
fn beside_nothing(at: PageAt, head: Head) -> (bool, bool) {
    let any = head.last_in_run > head.floor;
    match at {
        PageAt::Newest => (false, false),
        PageAt::Before(_) => (false, any),
        PageAt::After(_) => (any, false),
    }
}
