//! Seeing to it that what was deleted is in no file of the folder any more.

use super::{Chat, Result};

impl Chat {
    /// Removes the files that a backup held when they were deleted, and has the store forget what was
    /// deleted from it. What a reader of before prevents now is done by a later call.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn forget_deleted(&self) -> Result<()> {
        self.files.remove_held().await;
        if !self.store.forget_deleted().await? {
            tracing::debug!("a reader needs what was deleted for now");
        }
        Ok(())
    }
}
