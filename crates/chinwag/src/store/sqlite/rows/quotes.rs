//! What messages say of the messages that they quote.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use rusqlite::{Connection, Row};

use super::users;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;
use crate::model::quotes::{MAX_BEGINNING, Original, Quote};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;

/// Fills in the originals of the messages that quote one. One statement for all of them, and none if there are
/// no quotes; what is below the channel's floor is not kept any more.
pub(crate) fn fill(db: &Connection, channel: ChannelId, messages: &mut [Message]) -> Result<()> {
    let quoted = messages.iter().filter_map(|message| message.quote.as_ref());
    let quoted: BTreeSet<i64> = quoted.map(|quote| quote.number.0).collect();
    if quoted.is_empty() {
        return Ok(());
    }
    let originals = originals(db, channel, &quoted)?;
    for quote in messages.iter_mut().filter_map(|message| message.quote.as_mut()) {
        quote.original = originals.get(&quote.number).cloned();
    }
    Ok(())
}

/// The quote of a message that may be quoted: it stands, and is no line. `None` for any other number.
pub(crate) fn of_standing(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Quote>> {
    let original = originals(db, channel, &BTreeSet::from([number.0]))?.remove(&number);
    // A line is a tombstone from the start.
    let standing = original.filter(|original| original.deleted_at.is_none());
    Ok(standing.map(|original| Quote { number, original: Some(original) }))
}

fn originals(
    db: &Connection,
    channel: ChannelId,
    numbers: &BTreeSet<i64>,
) -> Result<HashMap<Number, Original>> {
    let mut list = String::from("[");
    for number in numbers {
        let comma = if list.len() > 1 { "," } else { "" };
        let _ = write!(list, "{comma}{number}");
    }
    list.push(']');
    // A line's text is no text: it is a tombstone.
    let mut find = db.prepare_cached(
        "SELECT m.number, m.edits, m.author_id,
                CASE WHEN m.deleted_at IS NULL THEN substr(m.text, 1, ?3) ELSE '' END,
                CASE WHEN m.text = '' AND m.attachments > 0 THEN
                    (SELECT u.name FROM uploads u
                     WHERE u.channel_id = m.channel_id AND u.message_number = m.number
                     ORDER BY u.position LIMIT 1)
                END,
                m.created_at, m.deleted_at,
                m.deleted_at IS NOT NULL AND EXISTS (
                    SELECT 1 FROM removals r
                    WHERE r.channel_id = m.channel_id AND r.number = m.number),
                CASE WHEN m.off_run THEN m.root END
         FROM json_each(?2) q
         JOIN channels c ON c.id = ?1
         JOIN messages m ON m.channel_id = c.id AND m.number = q.value AND m.number > c.floor",
    )?;
    let most = super::sql_count(MAX_BEGINNING);
    let mut found = find.query((channel.0, list, most))?;
    let mut authors = HashMap::new();
    let mut originals = HashMap::new();
    while let Some(row) = found.next()? {
        let author = UserId(row.get(2)?);
        let author = match authors.get(&author) {
            Some(known) => Clone::clone(known),
            None => {
                let user = users::user(db, author)?;
                authors.insert(author, user.clone());
                user
            }
        };
        originals.insert(Number(row.get(0)?), read(row, author)?);
    }
    Ok(originals)
}

fn read(row: &Row<'_>, author: User) -> rusqlite::Result<Original> {
    Ok(Original {
        edits: row.get(1)?,
        author,
        beginning: row.get(3)?,
        file: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        deleted_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        removed: row.get(7)?,
        aside: row.get::<_, Option<i64>>(8)?.map(Number),
    })
}
