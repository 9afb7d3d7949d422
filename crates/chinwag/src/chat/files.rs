//! Stored files, for those who may read them.

use super::{Actor, Chat, Result, Visitor};
use crate::model::ids::{ChannelId, UploadId, UserId};
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::{Attachment, Upload};

/// A file that may be read.
pub struct StoredFile {
    /// What is known of it.
    pub attachment: Attachment,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its bytes, open at the start.
    pub file: tokio::fs::File,
    /// Its length in bytes.
    pub length: u64,
}

impl Chat {
    /// Opens a file or its thumbnail for somebody who may read it: its sender, and once it is in a
    /// message, everybody who may read the channel.
    ///
    /// # Errors
    /// `NotFound`, also when the actor may not know of it.
    pub async fn file(&self, actor: &Actor, id: UploadId, thumbnail: bool) -> Result<StoredFile> {
        let missing = || Refusal::NotFound(Noun::Upload);
        let upload = self.readable(actor, id).await?.ok_or_else(missing)?;
        let (file, length) = self.files.read(id, thumbnail).await?.ok_or_else(missing)?;
        Ok(StoredFile { attachment: upload.attachment, sha256: upload.sha256, file, length })
    }

    /// Whether a visitor is still that person, and may still read a file that they began to read.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn still_reads(&self, visitor: &Visitor, who: UserId, id: UploadId) -> Result<bool> {
        let Some(actor) = self.actor(visitor).await?.filter(|actor| actor.id() == who) else {
            return Ok(false);
        };
        Ok(self.readable(&actor, id).await?.is_some())
    }

    /// A file that the actor may read.
    async fn readable(&self, actor: &Actor, id: UploadId) -> Result<Option<Upload>> {
        let upload = self.store.readable_upload(id, actor.id()).await?;
        // A narrow token reads only what is in a message of its channels.
        let reaches = |channel: Option<ChannelId>| match channel {
            Some(channel) => actor.reach.covers(channel),
            None => !actor.reach.is_narrow(),
        };
        Ok(upload.filter(|upload| reaches(upload.message.map(|(channel, _)| channel))))
    }
}
