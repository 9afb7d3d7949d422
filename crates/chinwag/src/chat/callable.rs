//! Whom somebody who writes may mean.

use super::{Actor, Chat, Result};
use crate::model::ids::ChannelId;
use crate::model::mentions::{Callable, Called, Mention};
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
        let found = self.store.callable(actor.id(), channel, letters(typed)?).await?;
        let mut found = found.ok_or(Refusal::NotFound(Noun::Channel))?;
        // Those in the channel come first, so that none of them was left out for another.
        found.retain(|person| person.inside || !actor.reach.is_narrow());
        Ok(found)
    }

    /// Whom a text by the actor calls in a channel. A narrow token knows only those who are in it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn called(
        &self,
        actor: &Actor,
        channel: ChannelId,
        text: &str,
    ) -> Result<Vec<Mention>> {
        let found = self.store.called(actor.id(), text).await?;
        if !actor.reach.is_narrow() {
            return Ok(found);
        }
        let mut known = Vec::with_capacity(found.len());
        for mention in found {
            let is_known = match mention.called {
                Called::Everybody => true,
                Called::Person(person) => {
                    let view = self.store.channel(channel, person).await?;
                    view.is_some_and(|view| view.membership.is_some())
                }
            };
            if is_known {
                known.push(mention);
            }
        }
        Ok(known)
    }
}

/// The letters that somebody typed to find people.
///
/// # Errors
/// `Malformed` for more than [`MAX_LETTERS`].
pub(super) fn letters(typed: &str) -> Result<Letters> {
    if typed.chars().count() > MAX_LETTERS {
        return Err(Refusal::Malformed { field: "letters" }.into());
    }
    Ok(Letters::of(typed))
}
