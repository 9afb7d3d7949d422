//! Bot tokens: a person makes and revokes them in their browser.

use std::collections::BTreeSet;

use super::{Actor, Chat, Result};
use crate::model::ids::TokenId;
use crate::model::names::ChannelName;
use crate::model::permissions::PlaceAction;
use crate::model::reach::{MAX_REACH, Reach};
use crate::model::refusal::{Noun, Refusal};
use crate::model::sessions::Token;
use crate::secrets::Secret;

/// The most bot tokens that one person has at a time.
const MAX_TOKENS: usize = 50;

impl Chat {
    /// Makes a bot token. Its secret is in the answer and nowhere else.
    ///
    /// # Errors
    /// `Forbidden` for a bot token, `NotFound` for a guest and for a channel that they do not see,
    /// `TokenName`, `TooManyOf`, `TooMany`; `Malformed` when it is limited to no channel.
    pub async fn create_token(
        &self,
        actor: &Actor,
        name: &str,
        reach: Reach,
    ) -> Result<(Token, Secret)> {
        actor.in_person()?;
        actor.check(PlaceAction::MakeToken)?;
        let channels = reach.channels.as_ref().map_or(1, BTreeSet::len);
        if channels == 0 {
            return Err(Refusal::Malformed { field: "channels" }.into());
        }
        if channels > MAX_REACH {
            return Err(Refusal::TooManyOf { noun: Noun::Channel, max: MAX_REACH }.into());
        }
        // A token's name keeps the same rules as a channel's; it need not be unique.
        let name = ChannelName::parse(name).map_err(Refusal::TokenName)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        if self.store.tokens_of(actor.id()).await?.len() >= MAX_TOKENS {
            return Err(Refusal::TooManyOf { noun: Noun::Token, max: MAX_TOKENS }.into());
        }
        let secret = Secret::generate()?;
        let name = name.as_str().to_owned();
        let token = self
            .store
            .create_token(actor.id(), name, reach, secret.hash(), self.clock.now())
            .await?;
        Ok((token, secret))
    }

    /// The actor's bot tokens, oldest first.
    ///
    /// # Errors
    /// `Forbidden` for a bot token.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<Token>> {
        actor.in_person()?;
        Ok(self.store.tokens_of(actor.id()).await?)
    }

    /// Revokes one of the actor's bot tokens, and closes its sockets.
    ///
    /// # Errors
    /// `NotFound` when they have no such token.
    pub async fn revoke_token(&self, actor: &Actor, token: TokenId) -> Result<()> {
        actor.in_person()?;
        if self.store.revoke_token(actor.id(), token).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound(Noun::Token).into())
        }
    }
}
