//! Uploads: files from the first byte until a message carries them.
//!
//! A file is sent at one go or promised and sent in parts ([`resumable`]). Both ways meet in
//! [`receiving`], which takes bytes, and in [`keeping`], which stores the file and its row.

mod checksum;
mod copying;
pub(super) mod description;
mod keeping;
mod quota;
mod receiving;
mod resumable;
mod sweeping;

pub use checksum::Checksum;
pub use quota::Quota;
pub use receiving::Receiving;
pub use resumable::{NewUpload, Progress};

use super::{Actor, Chat, Result};
use crate::model::ids::UploadId;
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::Attachment;

impl Chat {
    /// The largest file, in bytes.
    #[must_use]
    pub fn upload_limit_bytes(&self) -> u64 {
        self.rules.upload_limit_bytes
    }

    /// What is known of a stored file of the actor's, in a message or not yet.
    ///
    /// # Errors
    /// `NotFound`, also when it is somebody else's.
    pub async fn upload(&self, actor: &Actor, id: UploadId) -> Result<Attachment> {
        let upload = self.store.upload(id).await?.filter(|upload| upload.owner == actor.id());
        Ok(upload.ok_or(Refusal::NotFound(Noun::Upload))?.attachment)
    }

    /// Removes a stored file of the actor's that is in no message.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete_upload(&self, actor: &Actor, id: UploadId) -> Result<()> {
        if !self.store.delete_upload(actor.id(), id).await? {
            return Err(Refusal::NotFound(Noun::Upload).into());
        }
        self.files.remove(id).await;
        Ok(())
    }
}
