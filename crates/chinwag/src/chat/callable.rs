//! Whom somebody who writes may mean.

use super::{Actor, Chat, Result};
use crate::model::ids::ChannelId;
use crate::model::mentions::Callable;
use crate::model::readings::{Letters, MAX_LETTERS};
use crate::model::refusal::{Noun, Refusal};

impl Chat {
    /// The people whom the actor may mean by these letters in a channel, the likeliest first.
    ///
    /// # Errors
    /// `NotFound`; `Malformed` for more letters than [`MAX_LETTERS`].
    pub async fn callable(
        &self,
        actor: &Actor,
        channel: ChannelId,
        typed: &str,
    ) -> Result<Vec<Callable>> {
        if typed.chars().count() > MAX_LETTERS {
            return Err(Refusal::Malformed { field: "letters" }.into());
        }
        let found = self.store.callable(actor.id(), channel, Letters::of(typed)).await?;
        Ok(found.ok_or(Refusal::NotFound(Noun::Channel))?)
    }
}
