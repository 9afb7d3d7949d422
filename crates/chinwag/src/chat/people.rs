//! People: who they are for others, what they are in the place, and who may come in no more.

use super::{Actor, Chat, Error, Result};
use crate::model::ids::{PictureId, UploadId, UserId};
use crate::model::names::DisplayName;
use crate::model::people::{PeoplePage, Person, Together, Which};
use crate::model::permissions::{Denial, PlaceAction};
use crate::model::profiles::Profile;
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::model::users::{Account, Aside, User};
use crate::secrets;
use crate::store::{Constraint, Error as StoreError, NewPicture};

impl Chat {
    /// A person as the actor sees them, and where the two are together.
    ///
    /// # Errors
    /// `NotFound`, also for a guest who shares no channel with them.
    pub async fn person(&self, actor: &Actor, whom: UserId) -> Result<(Person, Together)> {
        let person = self.store.person(actor.id(), whom).await?;
        let mut person = person.ok_or(Refusal::NotFound(Noun::User))?;
        person.profile = person.profile.at(self.clock.now());
        Ok((person, self.store.together(actor.id(), whom).await?))
    }

    /// The person of this name, as far as the actor may know of them.
    ///
    /// # Errors
    /// `NotFound`, by the same look-ups for whoever is not there and for whom the actor may not know of.
    pub async fn person_named(&self, actor: &Actor, name: &str) -> Result<User> {
        let held = match DisplayName::parse(name) {
            Ok(name) => self.store.account_named(&name).await?,
            Err(_) => None,
        };
        let id = held.map_or(UserId(0), |account| account.user.id);
        let person = self.store.person(actor.id(), id).await?;
        Ok(person.ok_or(Refusal::NotFound(Noun::User))?.user)
    }

    /// The people of the place with their roles, those after `after`.
    ///
    /// # Errors
    /// `NotFound` for a guest, `Forbidden` for whoever does not keep order.
    pub async fn list_people(
        &self,
        actor: &Actor,
        query: &str,
        which: Which,
        after: Option<UserId>,
    ) -> Result<PeoplePage> {
        actor.check(PlaceAction::SeePeople)?;
        let page = self.store.list_people(actor.id(), query.trim(), which, after).await;
        page.map_err(about_person)
    }

    /// Gives a person another role.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token, `NotFound`, `LastOwner`, `TooMany`.
    pub async fn set_role(&self, actor: &Actor, whom: UserId, role: Role) -> Result<()> {
        self.keep_order(actor)?;
        let given = self.store.set_role(actor.doer(self.clock.now()), whom, role).await;
        given.map(drop).map_err(about_person)
    }

    /// Deactivates a person's account: their sessions, tokens and sockets end now.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token, `NotFound`, `TooMany`.
    pub async fn deactivate(&self, actor: &Actor, whom: UserId) -> Result<()> {
        self.keep_order(actor)?;
        self.store.deactivate(actor.doer(self.clock.now()), whom).await.map_err(about_person)
    }

    /// Brings a person's account back.
    ///
    /// # Errors
    /// As [`deactivate`](Self::deactivate).
    pub async fn bring_back(&self, actor: &Actor, whom: UserId) -> Result<()> {
        self.keep_order(actor)?;
        self.store.bring_back(actor.doer(self.clock.now()), whom).await.map_err(about_person)
    }

    /// Mutes a person everywhere for so many minutes, or for good. It ends by itself.
    ///
    /// # Errors
    /// As [`deactivate`](Self::deactivate), and `Malformed`.
    pub async fn mute_person(
        &self,
        actor: &Actor,
        whom: UserId,
        minutes: Option<u32>,
    ) -> Result<()> {
        let until = self.end_of_mute(minutes)?;
        self.set_mute_everywhere(actor, whom, Some(until)).await
    }

    /// Lets a person write again who is muted everywhere.
    ///
    /// # Errors
    /// As [`deactivate`](Self::deactivate).
    pub async fn unmute_person(&self, actor: &Actor, whom: UserId) -> Result<()> {
        self.set_mute_everywhere(actor, whom, None).await
    }

    async fn set_mute_everywhere(
        &self,
        actor: &Actor,
        whom: UserId,
        until: Option<Timestamp>,
    ) -> Result<()> {
        self.keep_order(actor)?;
        let by = actor.doer(self.clock.now());
        self.store.mute_person(by, whom, until).await.map_err(about_person)
    }

    /// Frees the name of a guest whose visit has ended, for somebody new. What the guest wrote shows the name
    /// with the date of the visit from now on, and nobody comes back under it.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token; `NotFound`, `VisitGoesOn`, `TooMany`.
    pub async fn free_name(&self, actor: &Actor, whom: UserId) -> Result<()> {
        if actor.role() == Role::Guest {
            return Err(Refusal::NotFound(Noun::Page).into());
        }
        actor.in_person()?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        match self.store.free_name(actor.doer(self.clock.now()), whom).await {
            Err(StoreError::Conflict(Constraint::VisitGoesOn)) => Err(Refusal::VisitGoesOn.into()),
            freed => freed.map_err(about_person),
        }
    }

    /// Somebody who keeps order does it in person, and not too often.
    pub(super) fn keep_order(&self, actor: &Actor) -> Result<()> {
        actor.check(PlaceAction::SeePeople)?;
        actor.in_person()?;
        self.meters.commands.take(actor, self.clock.uptime())
    }

    /// Replaces what the actor says of themselves.
    ///
    /// # Errors
    /// `Profile`, `Denied(Muted)` for words that are new, `TooMany`.
    pub async fn set_profile(&self, actor: &Actor, profile: Profile) -> Result<Account> {
        let at = self.clock.now();
        let profile = profile.checked(at).map_err(Refusal::Profile)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let account = self.store.set_profile(actor.id(), profile, at).await?;
        Ok(account.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// Sets a person aside for the actor alone: mutes them for themselves, blocks them, or ends that.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for oneself, `TooManyOf`, `TooMany`.
    pub async fn set_aside(
        &self,
        actor: &Actor,
        whom: UserId,
        how: Option<Aside>,
    ) -> Result<Account> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        self.store.set_aside(actor.id(), whom, how).await.map_err(about_person)
    }

    /// Makes the actor's picture from a file that they sent and that is in no message. The file itself
    /// is not kept.
    ///
    /// # Errors
    /// `NotFound`, `Denied(Muted)`, `BadPicture`, `TooMany`, `Unavailable` when too many are being made.
    pub async fn set_picture(&self, actor: &Actor, file: UploadId) -> Result<Account> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        actor.check_heard(self.clock.now())?;
        let upload = self.store.upload(file).await?;
        let is_theirs =
            upload.is_some_and(|upload| upload.owner == actor.id() && upload.message.is_none());
        if !is_theirs {
            return Err(Refusal::NotFound(Noun::Upload).into());
        }
        let squares = self.files.squares(file).await;
        // Whatever became of it, nobody needs the file any more.
        self.delete_upload(actor, file).await?;
        let squares = squares?.ok_or(Refusal::BadPicture)?;
        let picture = NewPicture { id: secrets::picture_id()?, squares };
        let account = self.store.set_picture(actor.id(), Some(picture), self.clock.now()).await?;
        Ok(account.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// Takes the actor's picture away.
    ///
    /// # Errors
    /// `TooMany`, or when the store cannot.
    pub async fn remove_picture(&self, actor: &Actor) -> Result<Account> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let account = self.store.set_picture(actor.id(), None, self.clock.now()).await?;
        Ok(account.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// A square of a picture, at least `side` pixels wide if there is one. Nobody can guess the id of a
    /// picture, and it stands only beside a name that its reader may see.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn person_picture(&self, _by: &Actor, id: PictureId, side: u32) -> Result<Vec<u8>> {
        let square = self.store.picture(id, side).await?;
        Ok(square.ok_or(Refusal::NotFound(Noun::Page))?)
    }
}

/// What is not found is a person.
pub(super) fn about_person(error: StoreError) -> Error {
    match error {
        StoreError::Denied(Denial::NotFound) => Refusal::NotFound(Noun::User).into(),
        other => other.into(),
    }
}
