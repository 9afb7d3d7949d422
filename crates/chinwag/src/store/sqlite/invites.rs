//! Invites.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::rows::log::{self, About};
use super::rows::{channels, invites, standing, users};
use super::writer::Tx;
use crate::model::channels::{Channel, ChannelKind};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, SecretHash, UserId};
use crate::model::invites::{
    CameBy, Door, Grant, Invitation, Invite, MAX_INVITES, NewInvite, Projected,
};
use crate::model::log::{Act, Doer};
use crate::model::permissions::{Action, Denial, PlaceAction, may, may_in_place};
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Invites, Result};

#[async_trait]
impl Invites for SqliteStore {
    async fn create_invite(&self, new: NewInvite) -> Result<Invite> {
        self.writer.run(move |tx| create(tx, &new)).await
    }

    async fn invites(&self, viewer: UserId, limit: usize) -> Result<Vec<Invite>> {
        self.readers
            .read(move |db| {
                let seen = invites::seen_by(db, viewer, keeps_invites(db, viewer)?, limit)?;
                seen.into_iter().map(|invite| as_it_holds(db, invite)).collect()
            })
            .await
    }

    async fn invite(
        &self,
        id: i64,
        viewer: UserId,
        limit: usize,
    ) -> Result<Option<(Invite, Vec<CameBy>)>> {
        self.readers
            .read(move |db| match seen(db, id, viewer)? {
                Some(invite) if keeps(db, &invite, viewer)? => {
                    Ok(Some((invite, invites::came_by(db, id, limit)?)))
                }
                Some(invite) => Ok(Some((invite, Vec::new()))),
                None => Ok(None),
            })
            .await
    }

    async fn projected(
        &self,
        id: i64,
        viewer: UserId,
        at: Timestamp,
        limit: usize,
    ) -> Result<Option<Projected>> {
        self.readers.read(move |db| projected(db, id, viewer, at, limit)).await
    }

    async fn invitation(&self, hash: SecretHash) -> Result<Option<Invitation>> {
        self.readers.read(move |db| invitation(db, hash)).await
    }

    async fn set_door(&self, id: i64, by: Doer, door: Door) -> Result<Option<Invite>> {
        self.writer
            .run(move |tx| {
                let Some(invite) = seen(tx.db, id, by.user)? else { return Ok(None) };
                if !keeps(tx.db, &invite, by.user)? {
                    return Err(Error::Denied(Denial::Forbidden));
                }
                set_door(tx, &by, &invite, door)?;
                with_id(tx.db, id)
            })
            .await
    }

    async fn end_invite(&self, id: i64, by: Doer) -> Result<Option<Invite>> {
        self.writer
            .run_freeing(move |tx| {
                let Some(invite) = seen(tx.db, id, by.user)? else { return Ok(None) };
                if invite.ended_at.is_none() {
                    invites::end(tx.db, id, by.at)?;
                    note(tx.db, &by, Act::EndInvite, &invite.grant, &invite.grant.label)?;
                    told(tx, &invite);
                }
                with_id(tx.db, id)
            })
            .await
    }

    async fn sweep_invites(&self, at: Timestamp) -> Result<usize> {
        self.writer.run_freeing(move |tx| invites::sweep(tx.db, at)).await
    }
}

/// Tells that something about an invite changed.
fn told(tx: &mut Tx<'_>, invite: &Invite) {
    tx.happened(Event::InviteChanged { invite: invite.id, maker: invite.made_by.id });
}

fn create(tx: &mut Tx<'_>, new: &NewInvite) -> Result<Invite> {
    let NewInvite { by, grant, .. } = new;
    check(tx.db, by, grant)?;
    let alive = invites::alive_of(tx.db, by.user, by.at)?;
    if usize::try_from(alive).is_ok_and(|alive| alive >= MAX_INVITES) {
        return Err(Error::Conflict(Constraint::Invites));
    }
    let id = invites::add(tx.db, new)?;
    note(tx.db, by, Act::MakeInvite, grant, &grant.label)?;
    invites::with_id(tx.db, id)?.ok_or_else(|| Error::Corrupt(format!("invite {id} is missing")))
}

/// Checks that somebody may make an invite that grants that: moderators make any, into channels that they
/// see; a host makes those of guests, into channels that they run.
fn check(db: &Connection, by: &Doer, grant: &Grant) -> Result<()> {
    let denied = || Err(Error::Denied(Denial::Forbidden));
    let keeps = keeps_invites(db, by.user)?;
    if grant.role > Role::Member || (grant.role == Role::Guest && grant.channels.is_empty()) {
        return denied();
    }
    if !keeps && (grant.role != Role::Guest || grant.channels.is_empty()) {
        return denied();
    }
    let action = if keeps { Action::See } else { Action::InviteGuests };
    for channel in &grant.channels {
        let seen = standing::check(db, *channel, by.user, action, by.at)?;
        if seen.state.kind == ChannelKind::Direct {
            return Err(Error::Denied(Denial::Forbidden));
        }
    }
    Ok(())
}

/// Whether somebody keeps the invites of the place.
fn keeps_invites(db: &Connection, user: UserId) -> Result<bool> {
    let account = users::account(db, user)?.filter(|account| account.deactivated_at.is_none());
    Ok(account.is_some_and(|account| may_in_place(account.role(), PlaceAction::Invite)))
}

/// The invite with that hash, as long as it holds.
pub(super) fn with_hash(db: &Connection, hash: SecretHash) -> Result<Option<Invite>> {
    let invite = invites::with_hash(db, hash)?.map(|invite| as_it_holds(db, invite)).transpose()?;
    Ok(invite.filter(|invite| invite.holds))
}

/// An invite, with whether its maker may still make it: it does not outlive their right.
pub(super) fn as_it_holds(db: &Connection, mut invite: Invite) -> Result<Invite> {
    invite.holds = keeps(db, &invite, invite.made_by.id)?;
    Ok(invite)
}

/// Whether somebody who sees an invite may also run it: its maker may not once they lost the right.
fn keeps(db: &Connection, invite: &Invite, user: UserId) -> Result<bool> {
    Ok(keeps_invites(db, user)? || keeps_door(db, invite, user)?)
}

/// The invite with that id.
fn with_id(db: &Connection, id: i64) -> Result<Option<Invite>> {
    invites::with_id(db, id)?.map(|invite| as_it_holds(db, invite)).transpose()
}

/// An invite that somebody sees.
fn seen(db: &Connection, id: i64, viewer: UserId) -> Result<Option<Invite>> {
    let Some(invite) = with_id(db, id)? else { return Ok(None) };
    let sees = is_seen(db, &invite, viewer)?;
    Ok(Some(invite).filter(|_| sees))
}

/// Whether somebody sees an invite: its maker; a moderator who sees all of its channels; and for one that
/// makes guests, whoever runs all of them.
pub(super) fn is_seen(db: &Connection, invite: &Invite, viewer: UserId) -> Result<bool> {
    if invite.made_by.id == viewer || keeps_door(db, invite, viewer)? {
        return Ok(true);
    }
    let mut sees = keeps_invites(db, viewer)?;
    for channel in &invite.grant.channels {
        sees = sees && standing::seen(db, *channel, viewer, Timestamp(0))?.is_some();
    }
    Ok(sees)
}

/// Whether somebody keeps the door of an invite: it makes guests, and they run all of its channels.
pub(super) fn keeps_door(db: &Connection, invite: &Invite, user: UserId) -> Result<bool> {
    let Grant { role, channels, .. } = &invite.grant;
    if *role != Role::Guest || channels.is_empty() {
        return Ok(false);
    }
    for channel in channels {
        let seen = standing::seen(db, *channel, user, Timestamp(0))?;
        let may = seen.is_some_and(|seen| may(seen.standing, Action::KeepDoor, seen.state).is_ok());
        if !may {
            return Ok(false);
        }
    }
    Ok(true)
}

fn projected(
    db: &Connection,
    id: i64,
    viewer: UserId,
    at: Timestamp,
    limit: usize,
) -> Result<Option<Projected>> {
    let Some(invite) = seen(db, id, viewer)? else { return Ok(None) };
    if !keeps(db, &invite, viewer)? {
        return Ok(None);
    }
    let channel = first_channel(db, &invite)?;
    let (here, count) = invites::here(db, id, at, limit)?;
    Ok(Some(Projected { invite, channel, here, count }))
}

fn invitation(db: &Connection, hash: SecretHash) -> Result<Option<Invitation>> {
    let Some(invite) = with_hash(db, hash)? else { return Ok(None) };
    let channel = first_channel(db, &invite)?;
    let channel = channel.map(|facts| (facts.name, facts.topic, facts.member_count));
    Ok(Some(Invitation { invite, channel }))
}

/// The first channel that an invite leads into. It says only where it leads: where its maker sees.
fn first_channel(db: &Connection, invite: &Invite) -> Result<Option<Channel>> {
    for id in &invite.grant.channels {
        if let Some(view) = channels::view(db, *id, invite.made_by.id)? {
            return Ok(Some(view.channel));
        }
    }
    Ok(None)
}

/// Opens or closes the door of an invite, which is written into the log. Event: `InviteChanged`.
pub(super) fn set_door(tx: &mut Tx<'_>, by: &Doer, invite: &Invite, door: Door) -> Result<()> {
    if invite.grant.door == door {
        return Ok(());
    }
    invites::set_door(tx.db, invite.id, door)?;
    note(tx.db, by, Act::SetInviteDoor, &invite.grant, door.code())?;
    told(tx, invite);
    Ok(())
}

/// Writes into the log what was done about an invite. An entry about a private place is for its members:
/// so it names the first channel that is not public.
fn note(db: &Connection, by: &Doer, act: Act, grant: &Grant, detail: &str) -> Result<()> {
    let mut about: Option<ChannelId> = None;
    for id in &grant.channels {
        let is_public = channels::existing(db, *id)?.state.kind == ChannelKind::Public;
        if !is_public || about.is_none() {
            about = Some(*id);
        }
        if !is_public {
            break;
        }
    }
    log::add(db, by, act, &About { channel: about, detail, ..About::default() })
}
