//! The directory of public channels.

use super::{Actor, Chat, Result};
use crate::model::directory::{DirectoryPage, DirectoryQuery, MAX_QUERY};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;

impl Chat {
    /// A page of the directory of public channels.
    ///
    /// # Errors
    /// `NotFound` for a guest, `Malformed` for more letters than [`MAX_QUERY`].
    pub async fn directory(&self, actor: &Actor, query: DirectoryQuery) -> Result<DirectoryPage> {
        actor.check(PlaceAction::Browse)?;
        if query.letters.chars().count() > MAX_QUERY {
            return Err(Refusal::Malformed { field: "letters" }.into());
        }
        Ok(self.store.directory(actor.id(), query).await?)
    }
}
