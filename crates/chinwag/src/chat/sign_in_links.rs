//! One-time sign-in links, for whoever is locked out.

use super::passwords::check_length;
use super::people::about_person;
use super::sign_in::actor;
use super::{Actor, Chat, Result, SignIn, SignedIn};
use crate::model::addresses::block;
use crate::model::ids::UserId;
use crate::model::names::DisplayName;
use crate::model::permissions::PlaceAction;
use crate::model::place::SIGN_IN_LINK_MS;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::secrets::Secret;

impl Chat {
    /// Makes a sign-in link for a person: its secret, for whom it is, and when it ends.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooMany`.
    pub async fn make_sign_in_link(
        &self,
        actor: &Actor,
        whom: UserId,
    ) -> Result<(Secret, User, Timestamp)> {
        actor.in_person()?;
        actor.check(PlaceAction::SeePeople)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let (secret, at) = (Secret::generate()?, self.clock.now());
        let ends_at = at.plus_ms(SIGN_IN_LINK_MS);
        let by = Some(actor.doer(at));
        let account = self.store.make_sign_in_link(by, whom, secret.hash(), at, ends_at).await;
        let account = account.map_err(about_person)?;
        Ok((secret, account.user, ends_at))
    }

    /// Ends the sign-in link of a person, if there is one.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooMany`.
    pub async fn end_sign_in_link(&self, actor: &Actor, whom: UserId) -> Result<()> {
        actor.in_person()?;
        actor.check(PlaceAction::SeePeople)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let by = actor.doer(self.clock.now());
        self.store.end_sign_in_link(by, whom).await.map_err(about_person)
    }

    /// The same by order of the operator. `None`: nobody has that name.
    ///
    /// # Errors
    /// `DisplayName`, or when the store cannot.
    pub async fn operators_sign_in_link(&self, name: &str) -> Result<Option<(Secret, User)>> {
        let name = DisplayName::parse(name).map_err(Refusal::DisplayName)?;
        let Some(account) = self.store.account_named(&name).await? else { return Ok(None) };
        let (secret, at) = (Secret::generate()?, self.clock.now());
        let (whom, ends_at) = (account.user.id, at.plus_ms(SIGN_IN_LINK_MS));
        self.store.make_sign_in_link(None, whom, secret.hash(), at, ends_at).await?;
        Ok(Some((secret, account.user)))
    }

    /// For whom a link is, and who made it.
    ///
    /// # Errors
    /// `LinkEnded`.
    pub async fn sign_in_link(&self, secret: &str) -> Result<(User, Option<User>)> {
        let secret = Secret::parse(secret).ok_or(Refusal::LinkEnded)?;
        let found = self.store.sign_in_link(secret.hash(), self.clock.now()).await?;
        Ok(found.ok_or(Refusal::LinkEnded)?)
    }

    /// Uses a link up: sets a new password, ends all other sessions, and signs in.
    ///
    /// # Errors
    /// `LinkEnded`, `PasswordLength`, `TooMany`.
    pub async fn use_sign_in_link(&self, secret: &str, request: SignIn) -> Result<SignedIn> {
        self.meters.sign_ins.take(block(request.address), self.clock.uptime())?;
        let secret = Secret::parse(secret).ok_or(Refusal::LinkEnded)?;
        let password = request.password.clone().unwrap_or_default();
        check_length(&password)?;
        let now = self.clock.now();
        let alive = self.store.sign_in_link(secret.hash(), now).await?;
        let (user, _) = alive.ok_or(Refusal::LinkEnded)?;
        let hash = self.passwords.hash(user.id, password).await?;
        let (token, device) = (Secret::generate()?, Secret::generate()?);
        let session = self.new_session(&request, &token, Some(&device), now);
        let used = self.store.use_sign_in_link(secret.hash(), hash, session).await?;
        let (account, session) = used.ok_or(Refusal::LinkEnded)?;
        let actor = actor(account, &session, request.address);
        Ok(SignedIn { actor, token, device: Some(device), created: false })
    }
}
