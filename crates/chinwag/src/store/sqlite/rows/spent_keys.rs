//! Keys of messages that were cleared.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest as _, Sha256};

use crate::model::ids::{ChannelId, MessageKey, Number, UserId};
use crate::store::Result;

/// Notes the keys of the messages of a channel up to `through`, at most `most` of them, the first ones.
pub(crate) fn spend(db: &Connection, channel: ChannelId, through: i64, most: i64) -> Result<()> {
    let mut find = db.prepare_cached(
        "SELECT author_id, key, number FROM messages WHERE channel_id = ?1 AND number <= ?2
         ORDER BY number LIMIT ?3",
    )?;
    let mut spend =
        db.prepare_cached("INSERT OR REPLACE INTO spent_keys (digest, number) VALUES (?1, ?2)")?;
    let mut rows = find.query((channel.0, through, most))?;
    while let Some(row) = rows.next()? {
        let (author, key) = (UserId(row.get(0)?), MessageKey(row.get(1)?));
        spend.execute((digest(author, key), row.get::<_, i64>(2)?))?;
    }
    Ok(())
}

/// The number that the cleared message of that key had.
pub(crate) fn number(db: &Connection, author: UserId, key: MessageKey) -> Result<Option<Number>> {
    let mut find = db.prepare_cached("SELECT number FROM spent_keys WHERE digest = ?1")?;
    Ok(find.query_row([digest(author, key)], |row| row.get(0).map(Number)).optional()?)
}

fn digest(author: UserId, key: MessageKey) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(author.0.to_be_bytes());
    hasher.update(key.0);
    hasher.finalize().into()
}
