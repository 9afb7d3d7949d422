//! Transcripts of channels.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use rusqlite::{Connection, ToSql};

use super::SqliteStore;
use super::lines;
use super::messages::run_of;
use super::rows::head::Head;
use super::rows::log::{self, About};
use super::rows::messages::{MESSAGE, json_bytes, select_while};
use super::rows::{channels, sql_count, standing};
use super::writer::Tx;
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::lines::{Line, LineKind};
use crate::model::log::{Act, Doer};
use crate::model::messages::{MAX_ANSWER_BYTES, MAX_PAGE, Message, PageAt};
use crate::model::permissions::Action;
use crate::model::thread_pages::TranscriptPlace;
use crate::model::time::Timestamp;
use crate::store::{Result, Transcripts};

#[async_trait]
impl Transcripts for SqliteStore {
    async fn begin_transcript(&self, channel: ChannelId, by: Doer) -> Result<(Channel, Number)> {
        self.writer.run(move |tx| begin(tx, channel, &by)).await
    }

    async fn transcript_page(
        &self,
        channel: ChannelId,
        reader: UserId,
        after: TranscriptPlace,
        through: Number,
    ) -> Result<Vec<Message>> {
        self.readers
            .read(move |db| {
                let seen = standing::check(db, channel, reader, Action::Export, Timestamp(0))?;
                let mut messages = page(db, (channel, seen.head), reader, after)?;
                messages.retain(|message| message.number <= through);
                Ok(messages)
            })
            .await
    }
}

/// The rest of the thread that was read last, or the rows of the run behind it, up to the next thread.
fn page(
    db: &Connection,
    (channel, head): (ChannelId, Head),
    reader: UserId,
    after: TranscriptPlace,
) -> Result<Vec<Message>> {
    let TranscriptPlace { row, reply } = after;
    let threads = if row <= head.floor { i64::MIN..=head.floor.0 } else { row.0..=row.0 };
    let replies = beside_run(db, channel, head, reader, (row, reply), threads)?;
    if !replies.is_empty() {
        return Ok(replies);
    }
    let mut rows = run_of(db, (channel, head), reader, PageAt::After(row), MAX_PAGE)?;
    if let Some(first) = rows.iter().position(|row| row.thread.is_some()) {
        rows.truncate(first + 1);
    }
    Ok(rows)
}

/// Replies that are not of the run, by their threads, behind one of them.
fn beside_run(
    db: &Connection,
    channel: ChannelId,
    head: Head,
    reader: UserId,
    (root, reply): (Number, Number),
    threads: RangeInclusive<i64>,
) -> Result<Vec<Message>> {
    if head.off_count == 0 {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{MESSAGE} INDEXED BY messages_of_thread
         WHERE m.channel_id = ?1 AND m.root BETWEEN ?2 AND ?3 AND (m.root, m.number) > (?4, ?5)
           AND m.number > ?6 AND m.off_run = 1
         ORDER BY m.root, m.number LIMIT ?7"
    );
    let mut bytes = 0;
    let fits = |message: &Message| {
        let is_first = bytes == 0;
        bytes += json_bytes(message);
        is_first || bytes <= MAX_ANSWER_BYTES
    };
    let (first, last, most) = (threads.start(), threads.end(), sql_count(MAX_PAGE));
    let rest: [&dyn ToSql; 6] = [first, last, &root.0, &reply.0, &head.floor.0, &most];
    select_while(db, &sql, channel, Some(reader), &rest, fits)
}

fn begin(tx: &mut Tx<'_>, id: ChannelId, by: &Doer) -> Result<(Channel, Number)> {
    let seen = standing::check(tx.db, id, by.user, Action::Export, by.at)?;
    log::add(tx.db, by, Act::Export, &About { channel: Some(id), ..About::default() })?;
    lines::write(tx, id, by.user, by.at, &Line::of(LineKind::Exported))?;
    Ok((channels::existing(tx.db, id)?, seen.head.last_number))
}
