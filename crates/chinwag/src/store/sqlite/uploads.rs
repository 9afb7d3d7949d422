//! Rows of files. The bytes are not here, and neither is deciding who may read them.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::writer::Tx;
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::model::uploads::{Attachment, Upload};
use crate::store::Result;

const ATTACHMENT: &str = "id, name, size_bytes, media_type, width, height, thumbnail";

/// Behind the media type of a picture of several frames, in the column of the type.
const MOVES: &str = "; moving";

pub(super) fn add(tx: &mut Tx<'_>, upload: &Upload) -> Result<()> {
    let file = &upload.attachment;
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO uploads (id, owner, created_at, name, size_bytes, media_type, width, height,
                              thumbnail, sha256)
         VALUES (:id, :owner, :at, :name, :size, :type, :width, :height, :thumbnail, :sha256)",
    )?;
    insert.execute(named_params! {
        ":id": file.id.0,
        ":owner": upload.owner.0,
        ":at": upload.created_at.0,
        ":name": file.name,
        ":size": file.size_bytes,
        ":type": format!("{}{}", file.media_type, if file.moving { MOVES } else { "" }),
        ":width": file.pixels.map(|(width, _)| width),
        ":height": file.pixels.map(|(_, height)| height),
        ":thumbnail": file.thumbnail,
        ":sha256": upload.sha256,
    })?;
    Ok(())
}

pub(super) fn upload(db: &Connection, id: UploadId) -> Result<Option<Upload>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ATTACHMENT}, owner, created_at, sha256, channel_id, message_number
         FROM uploads WHERE id = ?1"
    ))?;
    Ok(find.query_row([id.0], read_upload).optional()?)
}

pub(super) fn unknown(db: &Connection, among: &[UploadId]) -> Result<Vec<UploadId>> {
    let mut find = db.prepare_cached("SELECT 1 FROM uploads WHERE id = ?1")?;
    let mut unknown = HashSet::new();
    for id in among {
        if !find.exists([id.0])? {
            unknown.insert(*id);
        }
    }
    Ok(unknown.into_iter().collect())
}

/// Files in the order of their ids, at most `limit`, those behind `after`.
pub(super) fn after(db: &Connection, after: Option<UploadId>, limit: usize) -> Result<Vec<Upload>> {
    // No id is shorter than an empty one.
    let after: &[u8] = after.as_ref().map_or(&[], |id| &id.0);
    let mut find = db.prepare_cached(&format!(
        "SELECT {ATTACHMENT}, owner, created_at, sha256, channel_id, message_number
         FROM uploads WHERE id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = find.query_map((after, limit), read_upload)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The files of a message, in the author's order.
pub(super) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Vec<Attachment>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ATTACHMENT} FROM uploads WHERE channel_id = ?1 AND message_number = ?2
         ORDER BY position"
    ))?;
    let found = find.query_map([channel.0, number.0], read_attachment)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Ties the files of a message that is stored already to it.
pub(super) fn attach(db: &Connection, message: &Message) -> Result<()> {
    for (position, file) in (0_i64..).zip(&message.attachments) {
        let mut update = db.prepare_cached(
            "UPDATE uploads SET channel_id = ?2, message_number = ?3, position = ?4
             WHERE id = ?1",
        )?;
        update.execute((file.id.0, message.channel.0, message.number.0, position))?;
    }
    Ok(())
}

/// Removes the rows of a message's files, and says which they were.
pub(super) fn forget_of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Vec<UploadId>> {
    let mut delete = db.prepare_cached(
        "DELETE FROM uploads WHERE channel_id = ?1 AND message_number = ?2 RETURNING id",
    )?;
    let freed = delete.query_map([channel.0, number.0], |row| Ok(UploadId(row.get(0)?)))?;
    Ok(freed.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn delete(tx: &mut Tx<'_>, owner: UserId, id: UploadId) -> Result<bool> {
    let mut delete = tx.db.prepare_cached(
        "DELETE FROM uploads WHERE id = ?1 AND owner = ?2 AND channel_id IS NULL",
    )?;
    Ok(delete.execute((id.0, owner.0))? > 0)
}

pub(super) fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<UploadId>> {
    let mut delete = tx.db.prepare_cached(
        "DELETE FROM uploads WHERE channel_id IS NULL AND created_at < ?1 RETURNING id",
    )?;
    let swept = delete.query_map([before.0], |row| Ok(UploadId(row.get(0)?)))?;
    Ok(swept.collect::<rusqlite::Result<_>>()?)
}

/// How many bytes of files somebody has, those in no message yet included; and all together.
pub(super) fn stored_bytes(db: &Connection, owner: UserId) -> Result<(i64, i64)> {
    let mut find = db.prepare_cached("SELECT bytes FROM stored WHERE owner = ?1")?;
    let mut bytes_of = |owner: i64| find.query_row([owner], |row| row.get(0)).optional();
    Ok((bytes_of(owner.0)?.unwrap_or(0), bytes_of(0)?.unwrap_or(0)))
}

fn read_attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let width: Option<u32> = row.get(4)?;
    let height: Option<u32> = row.get(5)?;
    let mut media_type: String = row.get(3)?;
    let moving = media_type.ends_with(MOVES);
    if moving {
        media_type.truncate(media_type.len() - MOVES.len());
    }
    Ok(Attachment {
        id: UploadId(row.get(0)?),
        name: row.get(1)?,
        size_bytes: row.get(2)?,
        media_type,
        pixels: width.zip(height),
        moving,
        thumbnail: row.get(6)?,
    })
}

fn read_upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let channel: Option<i64> = row.get(10)?;
    let number: Option<i64> = row.get(11)?;
    Ok(Upload {
        attachment: read_attachment(row)?,
        owner: UserId(row.get(7)?),
        created_at: Timestamp(row.get(8)?),
        sha256: row.get(9)?,
        message: channel.zip(number).map(|(channel, number)| (ChannelId(channel), Number(number))),
    })
}
