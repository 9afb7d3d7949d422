//! Taking a name, signing in again, logging out.
//!
//! Nobody becomes somebody else by typing a name. Signing in under a held name needs the browser
//! that took it (its device key) or its password; there is no other way.

use std::net::IpAddr;

use super::entry::{Waits, invite_hash, not_in};
use super::limits::PasswordUse;
use super::{Actor, Chat, Credential, Result};
use crate::model::addresses::block;
use crate::model::ids::UserId;
use crate::model::invites::{Door, Entry};
use crate::model::names::DisplayName;
use crate::model::place::WayIn;
use crate::model::reach::Reach;
use crate::model::refusal::Refusal;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::secrets::Secret;
use crate::store::{Constraint, Error as StoreError, NewSession, Newcomer, Proof};

/// The longest `User-Agent` that is kept, in characters.
const MAX_USER_AGENT: usize = 300;
/// How long a session on a computer of somebody else lives without being used: 12 hours. Browsers
/// that restore their windows keep such a session's cookie when they close.
const SHARED_SESSION_MS: i64 = 12 * 3_600_000;

/// A request to sign in.
pub struct SignIn {
    /// The name as it was typed.
    pub name: String,
    /// The password, if one was given.
    pub password: Option<String>,
    /// The code of the invite that they come by.
    pub invite: Option<String>,
    /// What they say at the door, if they have to wait.
    pub says: String,
    /// The secret of their browser, if it waits at the door already.
    pub waiting: Option<Secret>,
    /// The device key of their browser, if it has one.
    pub device: Option<Secret>,
    /// A device key that somebody else may have put into their browser: it opens only what it
    /// opened before, and is replaced.
    pub older_device: Option<Secret>,
    /// Whether the computer belongs to somebody else: then the browser is not remembered.
    pub shared: bool,
    /// The `User-Agent`.
    pub user_agent: String,
    /// The address that the request comes from.
    pub address: IpAddr,
}

/// Somebody who has signed in.
pub struct SignedIn {
    /// The person, with the new session.
    pub actor: Actor,
    /// The secret for the session cookie.
    pub token: Secret,
    /// The secret for the device cookie: the browser's own, or a new one; `None` on a computer of
    /// somebody else.
    pub device: Option<Secret>,
    /// Whether the name was free until now.
    pub created: bool,
}

/// What became of a request to sign in.
pub enum Entered {
    /// They are in.
    In(Box<SignedIn>),
    /// The name waits at the door until somebody lets it in.
    Waits(Waits),
}

impl Entered {
    fn new(signed_in: SignedIn) -> Self {
        Self::In(Box::new(signed_in))
    }
}

impl Chat {
    /// Takes a free name, if somebody new comes in, or signs its holder in.
    ///
    /// # Errors
    /// A refusal that says why not.
    pub async fn sign_in(&self, request: SignIn) -> Result<Entered> {
        let name = DisplayName::parse(&request.name).map_err(Refusal::DisplayName)?;
        let now = self.clock.now();
        let token = Secret::generate()?;
        let device = match (request.shared, &request.device) {
            (true, _) => None,
            (false, Some(device)) => Some(device.clone()),
            (false, None) => Some(Secret::generate()?),
        };
        let session = self.new_session(&request, &token, device.as_ref(), now);
        if let Some(account) = self.store.account_named(&name).await? {
            return self.come_again(account, request, session, token, device).await;
        }
        if self.store.kept_for(&name, now).await?.is_some() {
            self.meters.sign_ins.take(block(request.address), self.clock.uptime())?;
            return Err(Refusal::NameKept.into());
        }
        name.check_new().map_err(Refusal::DisplayName)?;
        let entry = self.entry(&request).await?;
        let password_hash = self.password_of_newcomer(&request).await?;
        let newcomer = Newcomer {
            name: name.clone(),
            session: session.clone(),
            password_hash: password_hash.clone(),
            entry,
        };
        match self.store.come_in(newcomer).await {
            Ok((account, session)) => {
                let actor = actor(account, &session, request.address);
                Ok(Entered::new(SignedIn { actor, token, device, created: true }))
            }
            // Somebody else took it a moment before: the rules for held names apply.
            Err(StoreError::Conflict(Constraint::UserName)) => {
                let account = self.store.account_named(&name).await?;
                let account = account.ok_or(Refusal::NameTaken)?;
                self.come_again(account, request, session, token, device).await
            }
            Err(StoreError::Conflict(
                Constraint::WayIn(WayIn::Approval) | Constraint::InviteDoor(Door::Approval),
            )) => self.wait(request, name, password_hash, None).await.map(Entered::Waits),
            Err(error) => Err(not_in(error)),
        }
    }

    /// How somebody new comes in. Whoever comes by an invite counts against the invite, all others
    /// against their address.
    async fn entry(&self, request: &SignIn) -> Result<Entry> {
        let (place, now) = (self.place(), self.clock.uptime());
        let by_address = || self.meters.new_names.take(block(request.address), now);
        let Some(code) = &request.invite else {
            if place.way_in == WayIn::Invite {
                return Err(Refusal::InviteNeeded.into());
            }
            by_address()?;
            return Ok(Entry::Address);
        };
        let Some(hash) = invite_hash(code) else { return Err(Refusal::InviteEnded.into()) };
        let Some(invitation) = self.store.invitation(hash).await? else {
            by_address()?;
            return Err(Refusal::InviteEnded.into());
        };
        self.meters.by_invite.take(invitation.invite.id, now)?;
        Ok(Entry::Invite(hash))
    }

    /// The hash of the password of somebody new, where one is needed.
    async fn password_of_newcomer(&self, request: &SignIn) -> Result<Option<String>> {
        if !self.place().needs_password {
            return Ok(None);
        }
        match request.password.clone().filter(|password| !password.is_empty()) {
            Some(password) => Ok(Some(self.passwords.hash_of_newcomer(password).await?)),
            None => Ok(None),
        }
    }

    /// Signs somebody in again who has a name. A guest whose visit has ended and who comes by an invite waits
    /// where it says so, as somebody new does.
    async fn come_again(
        &self,
        mut account: Account,
        request: SignIn,
        session: NewSession,
        token: Secret,
        device: Option<Secret>,
    ) -> Result<Entered> {
        let proof = self.prove(&account, &request).await?;
        if let Some(code) = &request.invite {
            let hash = invite_hash(code).ok_or(Refusal::InviteEnded)?;
            let is_over = account.visit_ends_at.is_some_and(|end| end <= session.at);
            match self.store.use_invite(account.user.id, hash, session.at).await {
                Ok(used) => account = used,
                Err(StoreError::Conflict(Constraint::InviteDoor(Door::Approval))) if is_over => {
                    let name = DisplayName::parse(&account.user.name);
                    let name = name.map_err(Refusal::DisplayName)?;
                    let returns = Some(account.user.id);
                    return self.wait(request, name, None, returns).await.map(Entered::Waits);
                }
                Err(error) => return Err(not_in(error)),
            }
        }
        if account.visit_ends_at.is_some_and(|end| end <= session.at) {
            return Err(Refusal::VisitEnded.into());
        }
        let Some(session) = self.store.sign_in(account.user.id, session, proof).await? else {
            // The device was forgotten or the password changed since it was checked.
            return Err(Refusal::PasswordRequired.into());
        };
        let actor = actor(account, &session, request.address);
        Ok(Entered::new(SignedIn { actor, token, device, created: false }))
    }

    /// Finds what proves that the request may sign in under a held name, and counts it: a remembered
    /// browser for its person, so that nobody else at its address keeps it waiting, and every other
    /// request for its address.
    ///
    /// # Errors
    /// `NameTaken`, `PasswordRequired`, `WrongPassword`, `TooMany`, `Unavailable`.
    pub(super) async fn prove(&self, account: &Account, request: &SignIn) -> Result<Proof> {
        let now = self.clock.uptime();
        for device in [&request.device, &request.older_device].into_iter().flatten() {
            let device = device.hash();
            if self.store.device_holds(device, account.user.id).await? {
                self.meters.remembered_sign_ins.take(account.user.id, now)?;
                return Ok(Proof::Device(device));
            }
        }
        self.meters.sign_ins.take(block(request.address), now)?;
        let Some(hash) = &account.password_hash else { return Err(Refusal::NameTaken.into()) };
        let password = request.password.clone().filter(|password| !password.is_empty());
        let password = password.ok_or(Refusal::PasswordRequired)?;
        self.check_password(account.user.id, PasswordUse::SignIn, request.address, password, hash)
            .await?;
        Ok(Proof::Password(hash.clone()))
    }

    /// Checks a password. It counts as wrong until it is found right.
    ///
    /// # Errors
    /// `WrongPassword`, `TooMany`, or `Unavailable` when too many are being checked.
    pub(super) async fn check_password(
        &self,
        whose: UserId,
        usage: PasswordUse,
        from: IpAddr,
        password: String,
        hash: &str,
    ) -> Result<()> {
        self.meters.guesses.take(whose, usage, from, self.clock.uptime())?;
        let is_right = self.passwords.verify(whose, usage, password, hash.to_owned()).await;
        if !matches!(is_right, Ok(false)) {
            self.meters.guesses.give_back(whose, usage, from);
        }
        if is_right? { Ok(()) } else { Err(Refusal::WrongPassword.into()) }
    }

    /// Ends the actor's session, and closes its sockets. When they have a password, or ask for it,
    /// the browser is forgotten too.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn sign_out(&self, actor: &Actor, forget: bool) -> Result<()> {
        let session = actor.in_person()?;
        let forget = forget || actor.account.password_hash.is_some();
        self.store.end_session(actor.id(), session, forget).await?;
        Ok(())
    }

    /// How long a session lives without being used, in milliseconds.
    pub(super) fn session_ms(&self, shared: bool) -> i64 {
        if shared { self.rules.session_ms.min(SHARED_SESSION_MS) } else { self.rules.session_ms }
    }

    pub(super) fn new_session(
        &self,
        request: &SignIn,
        token: &Secret,
        device: Option<&Secret>,
        at: Timestamp,
    ) -> NewSession {
        NewSession {
            token: token.hash(),
            device: device.map(Secret::hash),
            at,
            expires_at: at.plus_ms(self.session_ms(request.shared)),
            user_agent: request.user_agent.chars().take(MAX_USER_AGENT).collect(),
            address: request.address.to_string(),
        }
    }
}

pub(super) fn actor(account: Account, session: &Session, address: IpAddr) -> Actor {
    let (credential, shared) = (Credential::Session(session.id), session.shared);
    Actor { account, credential, reach: Reach::default(), shared, address }
}
