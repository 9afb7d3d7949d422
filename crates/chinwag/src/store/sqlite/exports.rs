//! Reading all that a person wrote.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::SqliteStore;
use super::rows::messages::{MESSAGE, select_while};
use super::rows::{sql_count, standing};
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::{MAX_ANSWER_BYTES, Message};
use crate::store::{Exports, Place, Result, WrittenPage};

/// The most messages of one part.
const MOST: usize = 500;

#[async_trait]
impl Exports for SqliteStore {
    async fn written_page(
        &self,
        whom: UserId,
        everywhere: bool,
        after: Place,
    ) -> Result<WrittenPage> {
        self.readers.read(move |db| page(db, whom, everywhere, after)).await
    }
}

/// The rest of the channel that was read last, or the next channel.
fn page(db: &Connection, whom: UserId, everywhere: bool, after: Place) -> Result<WrittenPage> {
    let (channel, number) = after;
    let mut find = db
        .prepare_cached("SELECT id, kind, name FROM channels WHERE id >= ?1 ORDER BY id LIMIT 1")?;
    let found = find.query_row([channel.0.max(1)], |row| {
        let kind = ChannelKind::of_code(row.get_ref(1)?.as_str()?);
        Ok((ChannelId(row.get(0)?), kind.unwrap_or(ChannelKind::Direct), row.get::<_, String>(2)?))
    });
    let Some((id, kind, name)) = found.optional()? else {
        let channel = (ChannelKind::Public, String::new());
        return Ok(WrittenPage { channel, messages: Vec::new(), next: None });
    };
    let number = if id == channel { number } else { Number(0) };
    let reads = everywhere || standing::head_for(db, id, whom)?.is_some();
    let messages = if reads { theirs(db, whom, id, number)? } else { Vec::new() };
    let next = match messages.last() {
        Some(last) => (id, last.number),
        None => (ChannelId(id.0 + 1), Number(0)),
    };
    Ok(WrittenPage { channel: (kind, name), messages, next: Some(next) })
}

fn theirs(db: &Connection, whom: UserId, id: ChannelId, after: Number) -> Result<Vec<Message>> {
    let sql = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number > ?2 AND m.author_id = ?3
             AND m.deleted_at IS NULL ORDER BY m.number LIMIT ?4"
    );
    let mut bytes = 0;
    let fits = |message: &Message| {
        let is_first = bytes == 0;
        let forwarded = message.forwarded.iter().map(|forwarded| forwarded.text.len());
        bytes += message.text.len() + forwarded.sum::<usize>() + 1;
        is_first || bytes <= MAX_ANSWER_BYTES
    };
    select_while(db, &sql, id, Some(whom), &[&after.0, &whom.0, &sql_count(MOST)], fits)
}
