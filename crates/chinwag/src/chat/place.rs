//! The place as a whole: its name, its owner, and how somebody new comes in.

use std::sync::{Arc, PoisonError};

use super::entry::not_in;
use super::sign_in::actor;
use super::{Chat, Error, Result, SignIn, SignedIn};
use crate::chat::Actor;
use crate::model::ids::SecretHash;
use crate::model::names::{ChannelName, DisplayName, PlaceName};
use crate::model::permissions::PlaceAction;
use crate::model::place::{MAX_ABOUT, Place, PlaceChange, WayIn};
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::{TextProblem, Topic};
use crate::model::users::Account;
use crate::secrets::Secret;
use crate::store::{Founding, Proof};

/// The channel that the first owner finds, if there is none.
const FIRST_CHANNEL: &str = "general";

/// What the first owner says.
pub struct Foundation {
    /// What the place is called.
    pub place: String,
    /// How somebody new comes in.
    pub way_in: WayIn,
    /// Who they are. They need a password.
    pub owner: SignIn,
}

impl Chat {
    /// What is known of the place.
    #[must_use]
    pub fn place(&self) -> Arc<Place> {
        Arc::clone(&self.place.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads from the store what is known of the place.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn learn_place(&self) -> Result<()> {
        let place = self.store.place().await?;
        self.know_place(place);
        Ok(())
    }

    fn know_place(&self, place: Place) {
        *self.place.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(place);
    }

    /// Lets whoever has the secret become the first owner, as long as there is none.
    pub fn expect_owner(&self, secret: SecretHash) {
        let _ = self.first.set(secret);
    }

    /// Whether that is the secret that makes the first owner, and there is none yet.
    #[must_use]
    pub fn may_found(&self, secret: &str) -> bool {
        let hash = Secret::parse(secret).map(|secret| secret.hash());
        hash.is_some() && hash.as_ref() == self.first.get() && !self.place().has_owner
    }

    /// Makes the first owner: they take a name, or prove that one is theirs, and name the place.
    ///
    /// # Errors
    /// `NotFound` for a wrong secret, and when there is an owner; `PlaceName`; those of signing in.
    pub async fn found(&self, secret: &str, wanted: Foundation) -> Result<SignedIn> {
        if !self.may_found(secret) {
            return Err(Refusal::NotFound(Noun::Page).into());
        }
        let Foundation { place, way_in, owner: request } = wanted;
        let place = PlaceName::parse(&place).map_err(Refusal::PlaceName)?;
        let name = DisplayName::parse(&request.name).map_err(Refusal::DisplayName)?;
        let channel = ChannelName::parse(FIRST_CHANNEL).map_err(Refusal::ChannelName)?;
        let password = request.password.clone().filter(|password| !password.is_empty());
        let password = password.ok_or(Refusal::PasswordNeeded)?;
        let token = Secret::generate()?;
        let device = match &request.device {
            Some(device) => device.clone(),
            None => Secret::generate()?,
        };
        let session = self.new_session(&request, &token, Some(&device), self.clock.now());
        let held = self.store.account_named(&name).await?;
        let created = held.is_none();
        let (proof, password_hash) = match held {
            None => {
                name.check_new().map_err(Refusal::DisplayName)?;
                (Proof::Vouched, Some(self.passwords.hash_of_newcomer(password).await?))
            }
            // A password that they have is the proof; else the browser is, and the password is new.
            Some(account) if account.password_hash.is_some() => {
                let bare = SignIn { device: None, older_device: None, ..request };
                (self.prove(&account, &bare).await?, None)
            }
            Some(account) => {
                let proof = self.prove(&account, &request).await?;
                (proof, Some(self.passwords.hash(account.user.id, password).await?))
            }
        };
        let address = session.address.parse().unwrap_or(std::net::IpAddr::from([0, 0, 0, 0]));
        let founding = Founding { name, proof, session, password_hash, place, way_in, channel };
        let founded = self.store.found(founding).await.map_err(not_in)?;
        let (account, session) = founded.ok_or(Refusal::PasswordRequired)?;
        self.learn_place().await?;
        let actor = actor(account, &session, address);
        Ok(SignedIn { actor, token, device: Some(device), created })
    }

    /// Changes the place.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` for a guest, `Malformed`, `TooMany`.
    pub async fn set_place(
        &self,
        actor: &Actor,
        name: Option<String>,
        about: Option<String>,
        change: PlaceChange,
    ) -> Result<Arc<Place>> {
        actor.in_person()?;
        actor.check(PlaceAction::SetPlace)?;
        let name = name.map(|name| PlaceName::parse(&name)).transpose();
        let name = name.map_err(Refusal::PlaceName)?;
        let about = about.map(|about| Topic::parse(&about)).transpose().map_err(Refusal::Topic)?;
        let about = about.map(|about| about.as_str().to_owned());
        if about.as_ref().is_some_and(|about| about.chars().count() > MAX_ABOUT) {
            return Err(Refusal::Topic(TextProblem::TooLong { max: MAX_ABOUT }).into());
        }
        self.meters.commands.take(actor, self.clock.uptime())?;
        let change = PlaceChange { name, about, ..change };
        let place = self.store.set_place(actor.doer(self.clock.now()), change).await?;
        self.know_place(place);
        Ok(self.place())
    }

    /// Makes a person an owner by order of the operator. `None`: nobody has that name.
    ///
    /// # Errors
    /// `DisplayName`, or when the store cannot.
    pub async fn name_owner(&self, name: &str) -> Result<Option<Account>> {
        let name = DisplayName::parse(name).map_err(Refusal::DisplayName)?;
        let named = self.store.name_owner(&name, self.clock.now()).await?;
        self.learn_place().await?;
        Ok(named)
    }

    /// Ends the sessions of guests whose visit has ended.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn end_visits(&self) -> Result<usize> {
        Ok(self.store.end_visits(self.clock.now()).await?)
    }

    /// A name like that one which is free, for somebody who wanted one that is not.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn free_form(&self, typed: &str) -> Result<Option<String>> {
        for number in 2..=9 {
            let Ok(name) = DisplayName::parse(&format!("{} {number}", typed.trim())) else {
                return Ok(None);
            };
            if name.check_new().is_err() {
                return Ok(None);
            }
            let held = self.store.account_named(&name).await?.is_some();
            if !held && self.store.kept_for(&name, self.clock.now()).await?.is_none() {
                return Ok(Some(name.as_str().to_owned()));
            }
        }
        Ok::<_, Error>(None)
    }
}
