//! Rows of uploaded files.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::sql_count;
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::model::uploads::{Attachment, Upload};
use crate::store::Result;

/// The columns that [`read_attachment`] reads.
const ATTACHMENT: &str = "id, name, size_bytes, media_type, width, height, thumbnail";

/// Follows the media type in its column if the picture has several frames.
const MOVES: &str = "; moving";

/// Adds a file that is in no message yet.
pub(crate) fn add(db: &Connection, upload: &Upload) -> Result<()> {
    let file = &upload.attachment;
    let mut insert = db.prepare_cached(
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

/// The file with that id.
pub(crate) fn upload(db: &Connection, id: UploadId) -> Result<Option<Upload>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ATTACHMENT}, owner, created_at, sha256, channel_id, message_number
         FROM uploads WHERE id = ?1"
    ))?;
    Ok(find.query_row([id.0], read_upload).optional()?)
}

/// Files in the order of their ids, at most `limit`, from the one after `after` on.
pub(crate) fn after(db: &Connection, after: Option<UploadId>, limit: usize) -> Result<Vec<Upload>> {
    // An empty id sorts before all others.
    let after: &[u8] = after.as_ref().map_or(&[], |id| &id.0);
    let mut find = db.prepare_cached(&format!(
        "SELECT {ATTACHMENT}, owner, created_at, sha256, channel_id, message_number
         FROM uploads WHERE id > ?1 ORDER BY id LIMIT ?2"
    ))?;
    let found = find.query_map((after, sql_count(limit)), read_upload)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The files of a message, in the order that the author gave them.
pub(crate) fn of_message(
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

/// Notes that the files of a message, which is stored already, are in it.
pub(crate) fn attach(db: &Connection, message: &Message) -> Result<()> {
    for (position, file) in (0_i64..).zip(&message.attachments) {
        let mut update = db.prepare_cached(
            "UPDATE uploads SET channel_id = ?2, message_number = ?3, position = ?4
             WHERE id = ?1",
        )?;
        update.execute((file.id.0, message.channel.0, message.number.0, position))?;
    }
    Ok(())
}

/// Removes the row of a file.
pub(crate) fn forget(db: &Connection, id: UploadId) -> Result<()> {
    db.prepare_cached("DELETE FROM uploads WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

/// Removes the rows of the files of a message; returns their ids.
pub(crate) fn forget_of_message(
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
