//! Waiting at the door, and letting in.

use super::entry::{Waits, invite_hash, not_in};
use super::sign_in::actor;
use super::{Actor, Chat, Result, SignIn, SignedIn};
use crate::model::addresses::block;
use crate::model::ids::{SecretHash, UserId};
use crate::model::names::DisplayName;
use crate::model::permissions::PlaceAction;
use crate::model::place::{AtTheDoor, MAX_SAYS, Waiting};
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::Role;
use crate::secrets::Secret;
use crate::store::NewWaiting;

/// The most names at the door that one answer lists.
const MAX_LISTED: usize = 100;

impl Chat {
    /// Puts a name at the door; `returns` is the guest who comes back under it.
    pub(super) async fn wait(
        &self,
        request: SignIn,
        name: DisplayName,
        password_hash: Option<String>,
        returns: Option<UserId>,
    ) -> Result<Waits> {
        let secret = match request.waiting {
            Some(secret) => secret,
            None => Secret::generate()?,
        };
        let new = NewWaiting {
            secret: secret.hash(),
            name: name.clone(),
            block: block(request.address).to_string(),
            says: request.says.trim().chars().filter(|c| !c.is_control()).take(MAX_SAYS).collect(),
            password_hash,
            invite: request.invite.as_deref().and_then(invite_hash),
            returns,
            at: self.clock.now(),
        };
        self.store.wait(new).await.map_err(not_in)?;
        Ok(Waits { name: name.as_str().to_owned(), secret })
    }

    /// How it stands with the name that the browser with that secret asked for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn at_the_door(&self, secret: &Secret) -> Result<AtTheDoor> {
        Ok(self.store.at_the_door(secret.hash(), self.clock.now()).await?)
    }

    /// The id of the name that the browser with that secret asked for, under which its events come. `None`:
    /// there is no such name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn name_at_the_door(&self, secret: SecretHash) -> Result<Option<i64>> {
        Ok(self.store.name_at_the_door(secret).await?)
    }

    /// Whether the name of the browser with that secret still waits.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn still_waits(&self, secret: SecretHash) -> Result<bool> {
        let at = self.store.at_the_door(secret, self.clock.now()).await?;
        Ok(matches!(at, AtTheDoor::Waits { .. }))
    }

    /// Takes the name of that browser from the door.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn stop_waiting(&self, secret: &Secret) -> Result<()> {
        Ok(self.store.stop_waiting(secret.hash()).await?)
    }

    /// Signs in whoever was let in, once. `None`: nobody let them in.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn enter_by_door(
        &self,
        waiting: &Secret,
        request: SignIn,
    ) -> Result<Option<SignedIn>> {
        let token = Secret::generate()?;
        let device = match &request.device {
            Some(device) => device.clone(),
            None => Secret::generate()?,
        };
        let session = self.new_session(&request, &token, Some(&device), self.clock.now());
        let Some((account, session)) = self.store.enter(waiting.hash(), session).await? else {
            return Ok(None);
        };
        let actor = actor(account, &session, request.address);
        Ok(Some(SignedIn { actor, token, device: Some(device), created: true }))
    }

    /// The names that wait, in the order in which they came, at most 100; and how many there are.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` for a guest.
    pub async fn waiting(&self, actor: &Actor) -> Result<(Vec<Waiting>, i64)> {
        actor.check(PlaceAction::LetIn)?;
        Ok(self.store.waiting(actor.doer(self.clock.now()), MAX_LISTED).await?)
    }

    /// Lets a name in; whoever keeps the door of the invite by which it came may do it too.
    ///
    /// # Errors
    /// `Forbidden` for whoever keeps no door that it waits at, `NotFound`; when the name is not free any
    /// more, or the invite has ended.
    pub async fn let_in(&self, actor: &Actor, id: i64) -> Result<()> {
        no_guest(actor)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let done = self.store.let_in(id, actor.doer(self.clock.now())).await.map_err(not_in)?;
        if done { Ok(()) } else { Err(Refusal::NotFound(Noun::Waiting).into()) }
    }

    /// Refuses a name; whoever keeps the door of the invite by which it came may do it too.
    ///
    /// # Errors
    /// As for letting it in.
    pub async fn refuse(&self, actor: &Actor, id: i64) -> Result<()> {
        no_guest(actor)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let done = self.store.refuse(id, actor.doer(self.clock.now())).await?;
        if done { Ok(()) } else { Err(Refusal::NotFound(Noun::Waiting).into()) }
    }
}

/// To a guest the door is an address where there is nothing.
fn no_guest(actor: &Actor) -> Result<()> {
    match actor.role() {
        Role::Guest => Err(Refusal::NotFound(Noun::Page).into()),
        _ => Ok(()),
    }
}
