//! Taking a name, getting back in, logging out.
//!
//! The seed of all trust: nobody becomes somebody else by typing a name. A held name opens for the
//! browser that took it (its device key) or for its password, and for nothing else.

use std::net::IpAddr;

use super::{Actor, Chat, Credential, Result};
use crate::model::addresses::block;
use crate::model::ids::SessionId;
use crate::model::names::DisplayName;
use crate::model::refusal::{Noun, Refusal};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::secrets::Secret;
use crate::store::{Constraint, Error as StoreError, NewSession};

/// The longest `User-Agent` that is kept, in characters.
const MAX_USER_AGENT: usize = 300;

/// Somebody who wants in.
pub struct SignIn {
    /// The name as it was typed.
    pub name: String,
    /// A password, if she gave one.
    pub password: Option<String>,
    /// The device key of her browser, if it has one.
    pub device: Option<Secret>,
    /// The `User-Agent`.
    pub user_agent: String,
    /// Where she comes from.
    pub address: IpAddr,
}

/// Somebody who is in.
pub struct SignedIn {
    /// Who, and by which session.
    pub actor: Actor,
    /// The secret for the session cookie.
    pub token: Secret,
    /// The secret for the device cookie: the browser's own, or a new one.
    pub device: Secret,
    /// Whether the name was free until now.
    pub created: bool,
}

impl Chat {
    /// Takes a free name, or lets its holder back in.
    ///
    /// # Errors
    /// A refusal that says what stands against it.
    pub async fn sign_in(&self, request: SignIn) -> Result<SignedIn> {
        let name = DisplayName::parse(&request.name).map_err(Refusal::DisplayName)?;
        let now = self.clock.now();
        let token = Secret::generate()?;
        let device = match &request.device {
            Some(device) => device.clone(),
            None => Secret::generate()?,
        };
        let session = self.new_session(&request, &token, &device, now);
        if let Some(account) = self.store.account_named(&name).await? {
            return self.sign_in_again(account, request, session, token, device).await;
        }
        self.meters.new_names.take(block(request.address), self.clock.uptime())?;
        match self.store.take_name(name.clone(), session.clone()).await {
            Ok((account, session)) => {
                let actor = actor(account, &session, request.address);
                Ok(SignedIn { actor, token, device, created: true })
            }
            // Somebody was faster by a moment: the same rules as for any held name.
            Err(StoreError::Conflict(Constraint::UserName)) => {
                let account = self.store.account_named(&name).await?;
                let account = account.ok_or(Refusal::NameTaken)?;
                self.sign_in_again(account, request, session, token, device).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn sign_in_again(
        &self,
        account: Account,
        request: SignIn,
        session: NewSession,
        token: Secret,
        device: Secret,
    ) -> Result<SignedIn> {
        self.meters.sign_ins.take(block(request.address), self.clock.uptime())?;
        let known = match &request.device {
            Some(device) => self.store.device_holds(device.hash(), account.user.id).await?,
            None => false,
        };
        if !known {
            self.check_password(&account, request.password).await?;
        }
        let session = self.store.sign_in(account.user.id, session).await?;
        let actor = actor(account, &session, request.address);
        Ok(SignedIn { actor, token, device, created: false })
    }

    pub(super) async fn check_password(
        &self,
        account: &Account,
        password: Option<String>,
    ) -> Result<()> {
        let Some(hash) = account.password_hash.clone() else {
            return Err(Refusal::NameTaken.into());
        };
        let password = password.filter(|password| !password.is_empty());
        let password = password.ok_or(Refusal::PasswordRequired)?;
        let id = account.user.id;
        self.meters.wrong_passwords.check(id, self.clock.uptime())?;
        if self.passwords.verify(password, hash).await? {
            return Ok(());
        }
        self.meters.wrong_passwords.take(id, self.clock.uptime())?;
        Err(Refusal::WrongPassword.into())
    }

    /// Ends the session that she came with, and closes its sockets.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let session = actor.in_person()?;
        self.store.end_session(actor.id(), session).await?;
        Ok(())
    }

    /// Her sessions, newest use first.
    ///
    /// # Errors
    /// `Forbidden` for a bot token.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        actor.in_person()?;
        Ok(self.store.sessions_of(actor.id(), self.clock.now()).await?)
    }

    /// Ends one of her sessions, and closes its sockets.
    ///
    /// # Errors
    /// `NotFound` when she has no such session.
    pub async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        actor.in_person()?;
        if self.store.end_session(actor.id(), session).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound(Noun::Session).into())
        }
    }

    fn new_session(
        &self,
        request: &SignIn,
        token: &Secret,
        device: &Secret,
        at: Timestamp,
    ) -> NewSession {
        NewSession {
            token: token.hash(),
            device: device.hash(),
            at,
            expires_at: at.plus_ms(self.rules.session_ms),
            user_agent: request.user_agent.chars().take(MAX_USER_AGENT).collect(),
            address: request.address.to_string(),
        }
    }
}

fn actor(account: Account, session: &Session, address: IpAddr) -> Actor {
    Actor { account, credential: Credential::Session(session.id), address }
}
