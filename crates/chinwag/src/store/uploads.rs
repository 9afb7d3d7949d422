//! Uploaded files. The store holds what is known of them; their bytes are elsewhere.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{UploadId, UserId};
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;

/// Rows of uploaded files.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Adds a file whose bytes are on disk already and that is in no message yet.
    ///
    /// # Errors
    /// `Denied` when its owner is muted everywhere.
    async fn add_upload(&self, upload: Upload) -> Result<()>;

    /// The file with that id, whoever may read it.
    async fn upload(&self, id: UploadId) -> Result<Option<Upload>>;

    /// The file with that id, if `viewer` may read it: it is theirs and in no message yet, or in a message
    /// of a channel that they see.
    async fn readable_upload(&self, id: UploadId, viewer: UserId) -> Result<Option<Upload>>;

    /// How many bytes of files a person has, those in no message included, and how many all people
    /// have together. It is looked up, not counted.
    async fn stored_bytes(&self, owner: UserId) -> Result<(i64, i64)>;

    /// Forgets a file of a person that is in no message; `false` when there is no such file.
    async fn delete_upload(&self, owner: UserId, id: UploadId) -> Result<bool>;

    /// Forgets the files that are in no message and were uploaded before `before`. The caller deletes
    /// their bytes.
    async fn sweep_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>>;

    /// Those of the ids that the store does not know, each once, in no order.
    async fn unknown_uploads(&self, among: Vec<UploadId>) -> Result<Vec<UploadId>>;
}
