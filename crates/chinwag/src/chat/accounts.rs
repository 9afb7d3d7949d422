//! A person's own account: settings, password; and finding other people.

use super::limits::PasswordUse;
use super::passwords::check_length;
use super::{Actor, Chat, Result};
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::{Account, Settings, User};
use crate::store::NewPassword;

/// The most people that one search returns.
const MAX_PEOPLE: usize = 50;

impl Chat {
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

    /// People whose name contains `query`; everybody when it is empty. At most 50, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people(&self, _actor: &Actor, query: &str) -> Result<Vec<User>> {
        Ok(self.store.people(query.trim(), MAX_PEOPLE).await?)
    }
}
