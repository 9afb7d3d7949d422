//! Copies of stored files, for a message that is forwarded.

use crate::chat::{Actor, Chat, Result};
use crate::files::Claim;
use crate::model::forwards::FileCopy;
use crate::model::refusal::{Noun, Refusal};
use crate::model::uploads::Attachment;
use crate::secrets;

/// Copies that no row names yet. As long as this lives, they count against the room of their owner.
pub(in crate::chat) struct Copies {
    pub(in crate::chat) copies: Vec<FileCopy>,
    _claims: Vec<Claim>,
}

impl Chat {
    /// Copies files, each under a new id, as uploads of the actor's. The caller has checked that they may read them.
    ///
    /// # Errors
    /// `QuotaReached`, `StorageLow`, `TooMany`, `NotFound` when a file is gone, or what the disk says. Then no copy
    /// stays.
    pub(in crate::chat) async fn copy_files(
        &self,
        actor: &Actor,
        files: &[Attachment],
    ) -> Result<Copies> {
        let (mut copies, mut claims) = (Vec::new(), Vec::new());
        let copied = async {
            for file in files {
                self.meters.uploads.take(actor, self.clock.uptime())?;
                let id = secrets::upload_id()?;
                let bytes = u64::try_from(file.size_bytes).unwrap_or(u64::MAX);
                let claim = self.files.claim(id, actor.id(), bytes)?;
                self.room_for(actor, &claim).await?;
                claims.push(claim);
                copies.push(FileCopy { of: file.id, id });
                if !self.files.copy(file.id, id).await? {
                    return Err(Refusal::NotFound(Noun::Upload).into());
                }
            }
            Ok(())
        };
        match copied.await {
            Ok(()) => Ok(Copies { copies, _claims: claims }),
            Err(error) => {
                self.forget_copies(&copies).await;
                Err(error)
            }
        }
    }

    /// Removes copies that no message carries.
    pub(in crate::chat) async fn forget_copies(&self, copies: &[FileCopy]) {
        for copy in copies {
            self.files.remove(copy.id).await;
        }
    }
}
