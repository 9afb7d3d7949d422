//! The directory of public channels.

use std::collections::BTreeSet;

use super::{Actor, Chat, Result};
use crate::model::directory::{DirectoryPage, DirectoryQuery, MAX_QUERY};
use crate::model::markup::add_possible;
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;

/// So many names are looked up for one page of messages.
const MOST_NAMES: usize = 300;

impl Chat {
    /// The public channels that texts may name, among those that the actor may see. A channel that they may not
    /// know of costs what one costs that is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn channels_in<'a>(
        &self,
        actor: &Actor,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        texts.for_each(|text| add_possible(text, &mut names, MOST_NAMES));
        if names.is_empty() || actor.reach.is_narrow() {
            return Ok(BTreeSet::new());
        }
        Ok(self.store.public_names(actor.id(), names).await?)
    }

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
