//! How much the files of one person, and of all people, may take of the disk.
//!
//! The store counts what is stored. A file that has begun to arrive counts with all of its bytes
//! (`files/uploads/begun.rs`) until its row is written.

use crate::chat::{Actor, Chat, Result};
use crate::files::Claim;
use crate::model::refusal::Refusal;

/// The bytes that files may take; 0 is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quota {
    /// The files of one person, in bytes.
    pub person_bytes: u64,
    /// The files of everybody together, in bytes.
    pub all_bytes: u64,
}

impl Chat {
    /// Refuses a file that there is no room for. The claim was made before this call, so of several
    /// files that begin at once each sees those before it.
    ///
    /// # Errors
    /// `QuotaReached`, `StorageLow`, or when the store cannot be read.
    pub(super) async fn room_for(&self, actor: &Actor, claim: &Claim) -> Result<()> {
        self.files.check_floor().await?;
        let quota = self.rules.quota;
        if quota.person_bytes == 0 && quota.all_bytes == 0 {
            return Ok(());
        }
        let (person, all) = self.store.stored_bytes(actor.id()).await?;
        let fits = |stored: i64, begun: u64, most: u64| {
            most == 0 || u64::try_from(stored).unwrap_or(0).saturating_add(begun) <= most
        };
        if !fits(person, claim.person_bytes, quota.person_bytes) {
            return Err(Refusal::QuotaReached { max_bytes: quota.person_bytes }.into());
        }
        if !fits(all, claim.all_bytes, quota.all_bytes) {
            return Err(Refusal::StorageLow.into());
        }
        Ok(())
    }
}
