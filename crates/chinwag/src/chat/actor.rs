//! Who asks: a visitor is anybody, an actor is a visitor whose credential was found good. A name in
//! a payload never counts.

use std::net::IpAddr;

use super::{Chat, Result};
use crate::model::channels::{ChannelView, Membership};
use crate::model::ids::{SecretHash, SessionId, TokenId, UserId};
use crate::model::log::Doer;
use crate::model::permissions::{Action, PlaceAction, may, may_be_heard, may_in_place};
use crate::model::reach::Reach;
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::{Role, Seat, Standing};
use crate::model::time::Timestamp;
use crate::model::users::{Account, Language};
use crate::store;

/// How often the use of a session or token is noted, at most.
const TOUCH_EVERY_MS: i64 = 60_000;

/// Whoever asks, signed in or not: what their request shows, before it was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The session cookie's hash.
    pub session: Option<SecretHash>,
    /// The device key's hash.
    pub device: Option<SecretHash>,
    /// The hash of the bot token in `Authorization: Bearer`.
    pub bearer: Option<SecretHash>,
    /// The hash of the secret of a browser whose name waits at the door.
    pub waiting: Option<SecretHash>,
    /// The address that they come from.
    pub address: IpAddr,
    /// The language that their browser asks for.
    pub browser_language: Language,
}

/// What an actor proved their identity with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A signed-in browser.
    Session(SessionId),
    /// A bot token.
    Token(TokenId),
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Their account.
    pub account: Account,
    /// What they proved their identity with.
    pub credential: Credential,
    /// How far their bot token reaches; without a limit for a session.
    pub reach: Reach,
    /// Whether the session is on a computer that others use too.
    pub shared: bool,
    /// The address that they come from.
    pub address: IpAddr,
}

impl Actor {
    /// The id of their account.
    #[must_use]
    pub fn id(&self) -> UserId {
        self.account.user.id
    }

    /// Them, as the log names whoever does something at `at`.
    #[must_use]
    pub fn doer(&self, at: Timestamp) -> Doer {
        Doer { user: self.id(), address: self.address.to_string(), at }
    }

    /// What they are in the whole place.
    #[must_use]
    pub fn role(&self) -> Role {
        self.account.role()
    }

    /// Checks that they may do something that concerns the whole place.
    ///
    /// # Errors
    /// `NotFound` for a guest and for a token that is limited to channels, to whom every such address is
    /// unknown, and `Forbidden`.
    pub fn check(&self, action: PlaceAction) -> Result<()> {
        if self.reach.is_narrow() {
            return Err(Refusal::NotFound(Noun::Page).into());
        }
        match (may_in_place(self.role(), action), self.role()) {
            (true, _) => Ok(()),
            (false, Role::Guest) => Err(Refusal::NotFound(Noun::Page).into()),
            (false, _) => Err(Refusal::Forbidden.into()),
        }
    }

    /// Checks that they may do something at `at` in a channel that they see. A command of the store asks
    /// again; this is for what is shown or done before.
    ///
    /// # Errors
    /// Why not.
    pub fn check_in(&self, view: &ChannelView, action: Action, at: Timestamp) -> Result<()> {
        let muted_here = view.membership.as_ref().and_then(|membership| membership.muted_until);
        let muted = self.account.is_muted(at) || muted_here.is_some_and(|until| until > at);
        let seat = match view.membership {
            None => Seat::Outside,
            Some(Membership { host: false, .. }) => Seat::Inside,
            Some(Membership { host: true, .. }) => Seat::Host,
        };
        let standing = Standing { role: self.role(), seat, muted };
        Ok(may(standing, action, view.channel.state).map_err(Refusal::from)?)
    }

    /// Checks that they may bring before others what is new at `at`. The store asks again; this is so that
    /// nobody sends a file for nothing.
    ///
    /// # Errors
    /// `Denied(Muted)`.
    pub fn check_heard(&self, at: Timestamp) -> Result<()> {
        Ok(may_be_heard(self.account.is_muted(at)).map_err(Refusal::from)?)
    }

    /// The language of texts for them: the one they chose, else that of the browser.
    #[must_use]
    pub fn language(&self, browser: Language) -> Language {
        self.account.settings.language.or(browser)
    }

    /// The session, for what protects the account itself: a program with a bot token is refused.
    ///
    /// # Errors
    /// `Forbidden` for a bot token.
    pub fn in_person(&self) -> Result<SessionId> {
        match self.credential {
            Credential::Session(session) => Ok(session),
            Credential::Token(_) => Err(Refusal::Forbidden.into()),
        }
    }
}

impl Chat {
    /// Who a visitor is; `None` when no credential is good. A bot token counts before a cookie.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn actor(&self, visitor: &Visitor) -> Result<Option<Actor>> {
        match (visitor.bearer, visitor.session) {
            (Some(bearer), _) => self.actor_by_token(bearer, visitor.address).await,
            (None, Some(session)) => self.actor_by_session(session, visitor).await,
            (None, None) => Ok(None),
        }
    }

    /// Who holds that session token, if the session has not ended. Each use postpones its end.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn actor_by_session(&self, token: SecretHash, by: &Visitor) -> Result<Option<Actor>> {
        let address = by.address;
        let now = self.clock.now();
        let Some((session, account)) = self.store.session(token, now).await? else {
            return Ok(None);
        };
        if self.is_stale(session.seen_at, now) {
            let expires_at = now.plus_ms(self.session_ms(session.shared));
            let (from, on) = (address.to_string(), by.device);
            forgive(self.store.touch_session(session.id, now, expires_at, from, on).await);
        }
        let credential = Credential::Session(session.id);
        let (reach, shared) = (Reach::default(), session.shared);
        Ok(Some(Actor { account, credential, reach, shared, address }))
    }

    /// Who made that bot token, if it was not revoked.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn actor_by_token(&self, token: SecretHash, address: IpAddr) -> Result<Option<Actor>> {
        let now = self.clock.now();
        let Some((token, mut account)) = self.store.token(token).await? else { return Ok(None) };
        account.last_channel = account.last_channel.filter(|last| token.reach.covers(*last));
        if token.reach.is_narrow() {
            account.aside.clear();
        }
        if token.used_at.is_none_or(|used_at| self.is_stale(used_at, now)) {
            forgive(self.store.touch_token(token.id, now).await);
        }
        let credential = Credential::Token(token.id);
        Ok(Some(Actor { account, credential, reach: token.reach, shared: false, address }))
    }

    fn is_stale(&self, noted: Timestamp, now: Timestamp) -> bool {
        now.0.saturating_sub(noted.0) >= TOUCH_EVERY_MS
    }
}

/// Logs the failure only: on a full disk somebody who only reads is not refused because the use of
/// their session could not be noted.
fn forgive(noted: store::Result<()>) {
    if let Err(error) = noted {
        tracing::warn!(%error, "could not note that a session or a token is in use");
    }
}
