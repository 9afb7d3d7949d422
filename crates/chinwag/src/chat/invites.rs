//! Invites: addresses that let people in.

use super::entry::{invite_hash, not_in};
use super::{Actor, Chat, Error, Result};
use crate::model::ids::ChannelId;
use crate::model::invites::{
    CameBy, Door, Grant, INVITE_MS, Invitation, Invite, MAX_INVITE_CHANNELS, MAX_LABEL, MAX_USES,
    MAX_VISIT_MS, NewInvite,
};
use crate::model::refusal::{Noun, Refusal};
use crate::model::roles::Role;
use crate::model::text::{TextProblem, Topic};
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::secrets;

/// The most invites, and the most people who came by one, that an answer lists.
const MAX_LISTED: usize = 200;

/// An invite as its maker describes it.
pub struct InviteDraft {
    /// What it is for; may be empty.
    pub label: String,
    /// What it makes of people.
    pub role: Role,
    /// Which channels it leads into.
    pub channels: Vec<ChannelId>,
    /// What somebody finds who comes by it.
    pub door: Door,
    /// How long it lives, in milliseconds: `None` is 7 days, 0 for ever.
    pub lives_ms: Option<i64>,
    /// How many people it lets in.
    pub max_uses: Option<i64>,
    /// For how long its guests stay, in milliseconds.
    pub visit_ms: Option<i64>,
    /// Until when its guests stay at most.
    pub visit_ends_at: Option<Timestamp>,
}

impl Chat {
    /// Makes an invite.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooManyOf`, `TooLong`, `Malformed`, `TooMany`.
    pub async fn create_invite(&self, actor: &Actor, draft: InviteDraft) -> Result<Invite> {
        actor.in_person()?;
        if actor.role() == Role::Guest {
            return Err(Refusal::NotFound(Noun::Page).into());
        }
        let at = self.clock.now();
        let grant = grant(draft, at)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let code = secrets::invite_code()?;
        let (hash, code) = (code.hash(), code.text());
        let new = NewInvite { code, hash, by: actor.doer(at), grant };
        Ok(self.store.create_invite(new).await?)
    }

    /// The invites that the actor sees, the newest first, at most 200.
    ///
    /// # Errors
    /// `NotFound` for a guest.
    pub async fn invites(&self, actor: &Actor) -> Result<Vec<Invite>> {
        if actor.role() == Role::Guest {
            return Err(Refusal::NotFound(Noun::Page).into());
        }
        Ok(self.store.invites(actor.id(), MAX_LISTED).await?)
    }

    /// An invite, and who came by it, the last first, at most 200.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn invite(&self, actor: &Actor, id: i64) -> Result<(Invite, Vec<CameBy>)> {
        let found = self.store.invite(id, actor.id(), MAX_LISTED).await?;
        found.ok_or_else(missing)
    }

    /// Opens or closes the door of an invite.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn set_door(&self, actor: &Actor, id: i64, door: Door) -> Result<Invite> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let set = self.store.set_door(id, actor.doer(self.clock.now()), door).await?;
        set.ok_or_else(missing)
    }

    /// Ends an invite. Whoever came by it stays.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn end_invite(&self, actor: &Actor, id: i64) -> Result<Invite> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let ended = self.store.end_invite(id, actor.doer(self.clock.now())).await?;
        ended.ok_or_else(missing)
    }

    /// What somebody finds who opens the address of an invite, and whether it is over. `None`: there is
    /// no such invite.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn invitation(&self, code: &str) -> Result<Option<(Invitation, bool)>> {
        let Some(hash) = invite_hash(code) else { return Ok(None) };
        let found = self.store.invitation(hash).await?;
        let now = self.clock.now();
        Ok(found.map(|found| {
            let is_over = found.invite.is_over(now);
            (found, is_over)
        }))
    }

    /// Lets the actor, who has a name, into the channels of an invite.
    ///
    /// # Errors
    /// `InviteEnded`, `DoorClosed`, `TooMany`.
    pub async fn accept(&self, actor: &Actor, code: &str) -> Result<Account> {
        actor.in_person()?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        self.use_invite(&actor.account, code).await
    }

    pub(super) async fn use_invite(&self, account: &Account, code: &str) -> Result<Account> {
        let hash = invite_hash(code).ok_or(Refusal::InviteEnded)?;
        let used = self.store.use_invite(account.user.id, hash, self.clock.now()).await;
        used.map_err(not_in)
    }
}

/// Checks what an invite is to grant.
fn grant(draft: InviteDraft, at: Timestamp) -> Result<Grant> {
    let malformed = |field: &'static str| Err::<Grant, Error>(Refusal::Malformed { field }.into());
    let label = Topic::parse(&draft.label).map_err(Refusal::Topic)?.as_str().to_owned();
    if label.chars().count() > MAX_LABEL {
        return Err(Refusal::Topic(TextProblem::TooLong { max: MAX_LABEL }).into());
    }
    if draft.role > Role::Member {
        return malformed("role");
    }
    if draft.channels.len() > MAX_INVITE_CHANNELS {
        let (noun, max) = (Noun::Channel, MAX_INVITE_CHANNELS);
        return Err(Refusal::TooManyOf { noun, max }.into());
    }
    if draft.role == Role::Guest && draft.channels.is_empty() {
        return malformed("channels");
    }
    if draft.max_uses.is_some_and(|uses| !(1..=MAX_USES).contains(&uses)) {
        return malformed("max_uses");
    }
    if draft.visit_ms.is_some_and(|length| !(1..=MAX_VISIT_MS).contains(&length)) {
        return malformed("visit_minutes");
    }
    let far = at.plus_ms(MAX_VISIT_MS);
    if draft.visit_ends_at.is_some_and(|end| end <= at || end > far) {
        return malformed("visit_ends_at");
    }
    let expires_at = match draft.lives_ms.unwrap_or(INVITE_MS) {
        0 => None,
        lives @ 1..=MAX_VISIT_MS => Some(at.plus_ms(lives)),
        _ => return malformed("ends_in_hours"),
    };
    Ok(Grant {
        label,
        role: draft.role,
        channels: draft.channels,
        door: draft.door,
        expires_at,
        max_uses: draft.max_uses,
        visit_ms: draft.visit_ms,
        visit_ends_at: draft.visit_ends_at,
    })
}

fn missing() -> Error {
    Refusal::NotFound(Noun::Invite).into()
}
