//! A person's own account: name, settings, password; and finding other people.

use super::limits::PasswordUse;
use super::passwords::check_length;
use super::{Actor, Chat, Error, Result};
use crate::model::names::DisplayName;
use crate::model::permissions::PlaceAction;
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::{Account, OLD_NAME_MS, Settings, User};
use crate::store::{Constraint, Error as StoreError, NewName, NewPassword};

/// The most people that one search returns.
const MAX_PEOPLE: usize = 50;

impl Chat {
    /// Gives the actor another name, by the rules for taking one. The name that they had is kept for
    /// them for 30 days. Their own old names they may take back, and any form of the name that they
    /// have.
    ///
    /// # Errors
    /// `Forbidden` for a bot token, `DisplayName`, `NameHeld`, `NameKept`, `NameAlike`, `Denied(Muted)`,
    /// `TooMany`.
    pub async fn rename(&self, actor: &Actor, name: &str) -> Result<Account> {
        actor.in_person()?;
        let name = DisplayName::parse(name).map_err(Refusal::DisplayName)?;
        if name.as_str() == actor.account.user.name {
            return Ok(actor.account.clone());
        }
        name.check_new().map_err(Refusal::DisplayName)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        self.meters.renames.take(actor.id(), self.clock.uptime())?;
        let at = self.clock.now();
        let new = NewName { name, at, keep_until: at.plus_ms(OLD_NAME_MS) };
        let renamed = self.store.rename(actor.id(), new).await;
        if renamed.is_err() {
            // A name that cannot be had costs none of the few changes.
            self.meters.renames.give_back(&actor.id());
        }
        let account = renamed.map_err(|error| match error {
            StoreError::Conflict(Constraint::UserName) => Refusal::NameHeld.into(),
            StoreError::Conflict(Constraint::UserNameKept) => Refusal::NameKept.into(),
            StoreError::Conflict(Constraint::UserLook) => Refusal::NameAlike.into(),
            other => Error::from(other),
        })?;
        Ok(account.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// Whether a name is the actor's own, or an old one that is kept for them. A page that was opened
    /// before they changed it still says the old one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_own_name(&self, actor: &Actor, name: &DisplayName) -> Result<bool> {
        let own = DisplayName::parse(&actor.account.user.name);
        if own.is_ok_and(|own| own.key() == name.key()) {
            return Ok(true);
        }
        Ok(self.store.kept_for(name, self.clock.now()).await? == Some(actor.id()))
    }

    /// Changes the actor's settings.
    ///
    /// # Errors
    /// `TooMany`, or when the store cannot.
    pub async fn set_settings(&self, actor: &Actor, settings: Settings) -> Result<Account> {
        if settings == actor.account.settings {
            return Ok(actor.account.clone());
        }
        self.meters.commands.take(actor, self.clock.uptime())?;
        let account = self.store.set_settings(actor.id(), settings).await?;
        Ok(account.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// Sets or changes the actor's password. All other sessions end and all other devices are
    /// forgotten; bot tokens go on.
    ///
    /// # Errors
    /// `CurrentPasswordRequired`, `WrongPassword`, `PasswordLength` or `TooMany`.
    pub async fn set_password(
        &self,
        actor: &Actor,
        current: Option<String>,
        new: String,
    ) -> Result<()> {
        let session = actor.in_person()?;
        check_length(&new)?;
        let replaces = actor.account.password_hash.clone();
        if let Some(hash) = &replaces {
            let current = current.filter(|current| !current.is_empty());
            let current = current.ok_or(Refusal::CurrentPasswordRequired)?;
            self.check_password(actor.id(), PasswordUse::Settings, actor.address, current, hash)
                .await?;
        }
        let hash = self.passwords.hash(actor.id(), new).await?;
        let password = NewPassword { hash, replaces, session };
        let account = self.store.set_password(actor.id(), password).await?;
        // The password was changed meanwhile, so this request does not know the present one.
        account.map(drop).ok_or(Refusal::CurrentPasswordRequired.into())
    }

    /// People whose name or reading begins with `query`, behind them those whose name contains it; everybody
    /// when it is empty. At most 50, by name.
    ///
    /// # Errors
    /// `NotFound` for a guest; when the store cannot be read.
    pub async fn people(&self, actor: &Actor, query: &str) -> Result<Vec<User>> {
        actor.check(PlaceAction::Browse)?;
        Ok(self.store.people(query.trim(), MAX_PEOPLE).await?)
    }
}
