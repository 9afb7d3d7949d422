//! A person's own account: settings, password; and finding other people.

use super::{Actor, Chat, Result};
use crate::model::refusal::{Noun, Refusal};
use crate::model::users::{Account, Settings, User};

/// The most people that one search returns.
const MAX_PEOPLE: usize = 50;

impl Chat {
    /// Changes her settings.
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

    /// Sets or changes her password.
    ///
    /// # Errors
    /// `CurrentPasswordRequired`, `WrongPassword` or `PasswordLength`.
    pub async fn set_password(
        &self,
        actor: &Actor,
        current: Option<String>,
        new: String,
    ) -> Result<()> {
        actor.in_person()?;
        if actor.account.password_hash.is_some() {
            let current = current.filter(|current| !current.is_empty());
            let current = current.ok_or(Refusal::CurrentPasswordRequired)?;
            self.check_password(&actor.account, Some(current)).await?;
        }
        let hash = self.passwords.hash(new).await?;
        let account = self.store.set_password(actor.id(), hash).await?;
        account.map(drop).ok_or(Refusal::NotFound(Noun::User).into())
    }

    /// People whose name holds `query`; everybody when it is empty. At most 50, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people(&self, _actor: &Actor, query: &str) -> Result<Vec<User>> {
        Ok(self.store.people(query.trim(), MAX_PEOPLE).await?)
    }
}
