//! Messages: the trait, and reading pages and digests.

use async_trait::async_trait;
use rusqlite::{Connection, ToSql};
use sha2::{Digest as _, Sha256};

use super::SqliteStore;
use super::changes::changes;
use super::posting::{delete, post};
use super::rows::head::Head;
use super::rows::messages::{MESSAGE, select_while};
use super::rows::{sql_count, standing};
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
    let messages = run_of(db, (channel, head.floor), viewer, at, limit.clamp(1, MAX_PAGE))?;
    // Above the floor, numbers have no gaps: the ends of the run tell whether there are more.
    let (has_older, has_newer) = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) => {
            (first.number.0 > head.floor.0 + 1, last.number < head.last_number)
        }
        _ => beside_nothing(at, head),
    };
    let Head { revision, last_number, .. } = head;
    Ok(Some(MessagePage { channel, revision, last_number, messages, has_older, has_newer }))
}

fn digest(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    last: usize,
) -> Result<Option<Digest>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let oldest = (head.last_number.0 - sql_count(last.min(MAX_DIGEST))).max(head.floor.0);
    let mut find = db.prepare_cached(
        "SELECT number, revision FROM messages WHERE channel_id = ?1 AND number > ?2
         ORDER BY number",
    )?;
    let mut found = find.query([channel.0, oldest])?;
    let mut hasher = Sha256::new();
    while let Some(row) = found.next()? {
        hasher.update(format!("{}:{}\n", row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    }
    let digest = hex(&hasher.finalize());
    Ok(Some(Digest { channel, revision: head.revision, digest }))
}

/// The messages of a page as `reader` sees them, ascending by number: at most `limit`, and at most as many lines between them.
pub(super) fn run_of(
    db: &Connection,
    (channel, floor): (ChannelId, Number),
    reader: UserId,
    at: PageAt,
    limit: usize,
) -> Result<Vec<Message>> {
    let older = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number < ?2 AND m.number > ?4
         ORDER BY m.number DESC LIMIT ?3"
    );
    let newer = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number > ?2 AND m.number > ?4
         ORDER BY m.number LIMIT ?3"
    );
    let (sql, from, descending) = match at {
        PageAt::Newest => (older, i64::MAX, true),
        PageAt::Before(number) => (older, number.0, true),
        PageAt::After(number) => (newer, number.0, false),
    };
    let (mut bytes, mut count) = (0, 0);
    let fits = |message: &Message| {
        bytes += json_bytes(message);
        count += usize::from(message.line.is_none());
        count <= limit && (bytes <= MAX_ANSWER_BYTES || bytes == json_bytes(message))
    };
    let rest: [&dyn ToSql; 3] = [&from, &sql_count(2 * limit), &floor.0];
    let mut messages = select_while(db, &sql, channel, Some(reader), &rest, fits)?;
    if descending {
        messages.reverse();
    }
    Ok(messages)
}

/// Whether there are older and newer messages than a page that is empty.
fn beside_nothing(at: PageAt, head: Head) -> (bool, bool) {
    let any = head.last_number > head.floor;
    match at {
        PageAt::Newest => (false, false),
        PageAt::Before(_) => (false, any),
        PageAt::After(_) => (any, false),
    }
}

/// About how many bytes a message takes as JSON.
fn json_bytes(message: &Message) -> usize {
    /// What the fields take beside the text of a message, or beside the name of a file.
    const FRAME: usize = 300;
    let files = message.attachments.iter().map(|file| FRAME + file.name.len());
    let people = message.line.iter().flat_map(|line| &line.people);
    let people = people.map(|person| FRAME / 2 + person.who.name.len());
    let named = message.author.name.len() + people.sum::<usize>();
    let kinds = FRAME / 3 * message.reactions.len();
    let quote = if message.quote.is_some() { 1_000 } else { 0 };
    let forwarded = message.forwarded.iter().map(|forwarded| FRAME + forwarded.text.len());
    let carried = files.sum::<usize>() + forwarded.sum::<usize>();
    FRAME + message.text.len() + named + carried + kinds + quote
}
