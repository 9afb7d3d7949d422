//! Uploaded files: their rows. The bytes are elsewhere, and so is deciding who may read them.

use std::collections::HashSet;

use async_trait::async_trait;
use rusqlite::OptionalExtension;

use super::SqliteStore;
use super::rows::{standing, uploads, users};
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::store::{Result, Uploads};

#[async_trait]
impl Uploads for SqliteStore {
    async fn add_upload(&self, upload: Upload) -> Result<()> {
        self.writer
            .run(move |tx| {
                users::check_heard(tx.db, upload.owner, upload.created_at)?;
                uploads::add(tx.db, &upload)
            })
            .await
    }

    async fn upload(&self, id: UploadId) -> Result<Option<Upload>> {
        self.readers.read(move |db| uploads::upload(db, id)).await
    }

    async fn readable_upload(&self, id: UploadId, viewer: UserId) -> Result<Option<Upload>> {
        self.readers
            .read(move |db| {
                let found = uploads::upload(db, id)?;
                // The same two statements for a file that is not there and for one that is.
                let channel = found.as_ref().and_then(|upload| upload.message);
                let (channel, number) = channel.unwrap_or((ChannelId(0), Number(0)));
                let head = standing::head_for(db, channel, viewer)?;
                let seen = head.is_some_and(|head| number > head.floor);
                Ok(found
                    .filter(|upload| seen || (upload.message.is_none() && upload.owner == viewer)))
            })
            .await
    }

    async fn stored_bytes(&self, owner: UserId) -> Result<(i64, i64)> {
        self.readers
            .look_up(|db| {
                let mut find = db.prepare_cached("SELECT bytes FROM stored WHERE owner = ?1")?;
                let mut bytes_of =
                    |owner: i64| find.query_row([owner], |row| row.get(0)).optional();
                Ok((bytes_of(owner.0)?.unwrap_or(0), bytes_of(0)?.unwrap_or(0)))
            })
            .await
    }

    async fn delete_upload(&self, owner: UserId, id: UploadId) -> Result<bool> {
        self.writer
            .run_freeing(move |tx| {
                let mut delete = tx.db.prepare_cached(
                    "DELETE FROM uploads WHERE id = ?1 AND owner = ?2 AND channel_id IS NULL",
                )?;
                Ok(delete.execute((id.0, owner.0))? > 0)
            })
            .await
    }

    async fn sweep_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>> {
        self.writer
            .run_freeing(move |tx| {
                let mut delete = tx.db.prepare_cached(
                    "DELETE FROM uploads WHERE channel_id IS NULL AND created_at < ?1 RETURNING id",
                )?;
                let swept = delete.query_map([before.0], |row| Ok(UploadId(row.get(0)?)))?;
                Ok(swept.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    async fn unknown_uploads(&self, among: Vec<UploadId>) -> Result<Vec<UploadId>> {
        self.readers
            .read(move |db| {
                let mut find = db.prepare_cached("SELECT 1 FROM uploads WHERE id = ?1")?;
                let mut unknown = HashSet::new();
                for id in &among {
                    if !find.exists([id.0])? {
                        unknown.insert(*id);
                    }
                }
                Ok(unknown.into_iter().collect())
            })
            .await
    }
}
