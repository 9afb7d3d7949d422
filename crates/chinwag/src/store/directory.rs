//! The directory of public channels.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Result;
use crate::model::directory::{DirectoryPage, DirectoryQuery};
use crate::model::ids::UserId;

/// The directory of public channels, a page at a time.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A page of it for a person. Channels that they are kept out of are not in it.
    ///
    /// # Errors
    /// `Denied(NotFound)` for a guest, and when there is no such person.
    async fn directory(&self, viewer: UserId, query: DirectoryQuery) -> Result<DirectoryPage>;

    /// Those of these names that public channels have which `viewer` may see, as they are written.
    async fn public_names(
        &self,
        viewer: UserId,
        names: BTreeSet<String>,
    ) -> Result<BTreeSet<String>>;
}
