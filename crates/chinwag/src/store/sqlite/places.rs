//! The place as a whole, its owner, and somebody new who comes in.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::channels::make_for_newcomers;
use super::invites::with_hash;
use super::members::enter;
use super::rows::log::{self, About};
use super::rows::{channels, invites, members, place, sessions, standing, users, waiting};
use super::sessions::{sign_in, sign_in_with_proof};
use super::users::{Person, add, check_free};
use super::writer::Tx;
use crate::model::channels::MAX_NEWCOMER_CHANNELS;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, SecretHash, UserId};
use crate::model::invites::{Door, Entry, Invite};
use crate::model::log::{Act, Doer};
use crate::model::names::DisplayName;
use crate::model::permissions::{Denial, PlaceAction, may_in_place};
use crate::model::place::{Place, PlaceChange, WayIn};
use crate::model::roles::{Role, Seat};
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{Constraint, Error, Founding, Newcomer, Places, Result};

#[async_trait]
impl Places for SqliteStore {
    async fn place(&self) -> Result<Place> {
        self.readers.read(place::place).await
    }

    async fn set_place(&self, by: Doer, change: PlaceChange) -> Result<Place> {
        self.writer.run(move |tx| set_place(tx, &by, &change)).await
    }

    async fn come_in(&self, newcomer: Newcomer) -> Result<(Account, Session)> {
        self.writer.run(move |tx| come_in(tx, &newcomer)).await
    }

    async fn use_invite(&self, user: UserId, invite: SecretHash, at: Timestamp) -> Result<Account> {
        self.writer.run(move |tx| use_invite(tx, user, invite, at)).await
    }

    async fn found(&self, founding: Founding) -> Result<Option<(Account, Session)>> {
        self.writer.run(move |tx| found(tx, &founding)).await
    }

    async fn name_owner(&self, name: &DisplayName, at: Timestamp) -> Result<Option<Account>> {
        let key = name.key().to_owned();
        self.writer
            .run(move |tx| {
                let Some(account) = users::account_with_key(tx.db, &key)? else { return Ok(None) };
                let whom = account.user.id;
                let about = About { whom: Some(whom), ..About::default() };
                log::add_of_operator(tx.db, at, Act::BecomeOwner, &about)?;
                become_owner(tx, whom).map(Some)
            })
            .await
    }

    async fn end_visits(&self, at: Timestamp) -> Result<usize> {
        let found = self.readers.read(move |db| over(db, at)).await?;
        if found.is_empty() {
            return Ok(0);
        }
        self.writer
            .run_freeing(move |tx| {
                // One may have come back meanwhile.
                let over = over(tx.db, at)?;
                for user in &over {
                    sessions::end_where(tx, *user, "id > ?2", 0)?;
                }
                Ok(over.len())
            })
            .await
    }
}

fn set_place(tx: &mut Tx<'_>, by: &Doer, change: &PlaceChange) -> Result<Place> {
    if !may_in_place(users::existing(tx.db, by.user)?.role(), PlaceAction::SetPlace) {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let before = place::place(tx.db)?;
    let name = change.name.as_ref().map(|name| name.as_str().to_owned()).or(before.name);
    let about = change.about.clone().unwrap_or(before.about);
    let way_in = change.way_in.unwrap_or(before.way_in);
    let needs_password = change.needs_password.unwrap_or(before.needs_password);
    let makers = change.channel_makers.unwrap_or(before.channel_makers);
    let mut update = tx.db.prepare_cached(
        "UPDATE place SET name = ?1, about = ?2, way_in = ?3, needs_password = ?4,
                          channel_makers = ?5, editing = ?6, callers = ?7",
    )?;
    let editing = change.editing.unwrap_or(before.editing).code();
    let callers = change.callers.unwrap_or(before.callers).code();
    let (way, makers) = (way_in.code(), makers.code());
    update.execute((&name, &about, way, needs_password, makers, editing, callers))?;
    let detail = format!("{} · {}", name.as_deref().unwrap_or_default(), way_in.code());
    log::add(tx.db, by, Act::SetPlace, &About { detail: &detail, ..About::default() })?;
    place::place(tx.db)
}

fn come_in(tx: &mut Tx<'_>, new: &Newcomer) -> Result<(Account, Session)> {
    let Newcomer { name, session, password_hash, entry } = new;
    if waiting::is_waiting(tx.db, name.key(), session.at)? {
        return Err(Error::Conflict(Constraint::NameWaits));
    }
    let invite = check_way(tx.db, *entry, session.at)?;
    if let Some(door) = invite.as_ref().map(|invite| invite.grant.door).filter(|d| *d != Door::Open)
    {
        return Err(Error::Conflict(Constraint::InviteDoor(door)));
    }
    if invite.is_none() && *entry == Entry::Address {
        let way = place::place(tx.db)?.way_in;
        if way != WayIn::Open {
            return Err(Error::Conflict(Constraint::WayIn(way)));
        }
    }
    let user = take(tx, name, session.at, password_hash.as_deref(), invite.as_ref())?;
    let session = sign_in(tx, user, session)?;
    Ok((users::existing(tx.db, user)?, session))
}

/// The invite of an entry, if somebody new may come by it, or ask to.
///
/// # Errors
/// `Conflict(WayIn)` when nobody comes in, `Conflict(Invite)`.
pub(super) fn check_way(db: &Connection, entry: Entry, at: Timestamp) -> Result<Option<Invite>> {
    let way = place::place(db)?.way_in;
    if way == WayIn::Closed {
        return Err(Error::Conflict(Constraint::WayIn(way)));
    }
    let Entry::Invite(hash) = entry else { return Ok(None) };
    let invite = with_hash(db, hash)?.filter(|invite| !invite.is_over(at));
    invite.map(Some).ok_or(Error::Conflict(Constraint::Invite))
}

/// Adds somebody new and puts them where they come in. A member needs a password where the place says
/// so; a guest needs none.
///
/// # Errors
/// `Conflict` as in [`Places::come_in`], before anything is written.
pub(super) fn take(
    tx: &mut Tx<'_>,
    name: &DisplayName,
    at: Timestamp,
    password_hash: Option<&str>,
    invite: Option<&Invite>,
) -> Result<UserId> {
    check_free(tx.db, name, at)?;
    let role = invite.map_or(Role::Member, |invite| invite.grant.role);
    let needs_password = place::place(tx.db)?.needs_password && role > Role::Guest;
    if needs_password && password_hash.is_none() {
        return Err(Error::Conflict(Constraint::PasswordNeeded));
    }
    let visit_ends_at = invite.and_then(|invite| invite.grant.visit_end(at));
    let user = add(tx, &Person { name, at, role, password_hash, visit_ends_at })?;
    if let Some(invite) = invite {
        land(tx, user, invite, at)?;
    }
    if role > Role::Guest {
        for channel in channels::for_newcomers(tx.db, MAX_NEWCOMER_CHANNELS)? {
            come_into(tx, channel, user, at)?;
        }
    }
    Ok(user)
}

/// Puts somebody into the channels of an invite, and notes that they came by it. An invite leads where
/// its maker sees: a channel may have become private since, or be about to be deleted.
fn land(tx: &mut Tx<'_>, user: UserId, invite: &Invite, at: Timestamp) -> Result<()> {
    if invites::came(tx.db, invite.id, user, at)? {
        tx.happened(Event::InviteChanged { invite: invite.id, maker: invite.made_by.id });
    }
    let mut first = None;
    for channel in &invite.grant.channels {
        let leads = standing::head_for(tx.db, *channel, invite.made_by.id)?.is_some();
        if leads && come_into(tx, *channel, user, at)? {
            first = first.or(Some(*channel));
        }
    }
    match first {
        Some(channel) => users::set_last_channel(tx, user, Some(channel)),
        None => Ok(()),
    }
}

/// Puts somebody into a channel, unless they are in it, kept out of it, or in as many as one person may
/// be. Says whether they are in it.
fn come_into(tx: &mut Tx<'_>, channel: ChannelId, user: UserId, at: Timestamp) -> Result<bool> {
    if members::row(tx.db, channel, user)?.is_some() {
        return Ok(true);
    }
    if standing::is_kept_out(tx.db, channel, user)? {
        return Ok(false);
    }
    match members::check_room_for_one_more(tx.db, user) {
        Err(Error::Conflict(Constraint::Memberships)) => return Ok(false),
        other => other?,
    }
    enter(tx, channel, user, at, Seat::Inside)?;
    Ok(true)
}

fn use_invite(tx: &mut Tx<'_>, user: UserId, hash: SecretHash, at: Timestamp) -> Result<Account> {
    let invite = with_hash(tx.db, hash)?.ok_or(Error::Conflict(Constraint::Invite))?;
    let again = invites::has_come(tx.db, invite.id, user)?;
    // Who came by it before comes in again, also when it has no use left for others.
    let is_over =
        if again { Invite { uses: 0, ..invite.clone() }.is_over(at) } else { invite.is_over(at) };
    if is_over {
        return Err(Error::Conflict(Constraint::Invite));
    }
    if invite.grant.door != Door::Open {
        return Err(Error::Conflict(Constraint::InviteDoor(invite.grant.door)));
    }
    let account = users::existing(tx.db, user)?;
    if account.named_role == Role::Guest {
        welcome_back(tx, &account, &invite, at)?;
    }
    land(tx, user, &invite, at)?;
    users::existing(tx.db, user)
}

/// Lets a guest in again who waited at the door.
pub(super) fn come_back(
    tx: &mut Tx<'_>,
    user: UserId,
    invite: &Invite,
    at: Timestamp,
) -> Result<UserId> {
    let account = users::existing(tx.db, user)?;
    if account.named_role == Role::Guest {
        welcome_back(tx, &account, invite, at)?;
    }
    land(tx, user, invite, at)?;
    Ok(user)
}

/// Lets a guest stay for as long as the invite says, or makes a member of them.
fn welcome_back(tx: &mut Tx<'_>, account: &Account, invite: &Invite, at: Timestamp) -> Result<()> {
    let (user, role) = (account.user.id, invite.grant.role);
    let granted = invite.grant.visit_end(at);
    let ends_at = match (account.visit_ends_at, granted) {
        // A visit is never cut short by an invite.
        (Some(before), Some(granted)) => Some(before.max(granted)),
        (None, _) | (_, None) => None,
    };
    if role == account.named_role && ends_at == account.visit_ends_at {
        return Ok(());
    }
    let mut update =
        tx.db.prepare_cached("UPDATE users SET role = ?2, visit_ends_at = ?3 WHERE id = ?1")?;
    update.execute((user.0, role.code(), ends_at.map(|end| end.0)))?;
    let before = account.role();
    let account = users::changed(tx, user)?;
    if role != Role::Guest {
        tx.happened(Event::RoleChanged { user, before, role: account.role() });
    }
    Ok(())
}

fn found(tx: &mut Tx<'_>, new: &Founding) -> Result<Option<(Account, Session)>> {
    let Founding { name, proof, session, password_hash, place: called, way_in, channel } = new;
    if place::place(tx.db)?.has_owner {
        return Err(Error::Conflict(Constraint::HasOwner));
    }
    let held = users::account_with_key(tx.db, name.key())?;
    let (user, session) = match held {
        None => {
            check_free(tx.db, name, session.at)?;
            let user = add(tx, &Person::member(name, session.at))?;
            (user, sign_in(tx, user, session)?)
        }
        Some(account) => {
            let user = account.user.id;
            match sign_in_with_proof(tx, user, session, proof)? {
                Some(session) => (user, session),
                None => return Ok(None),
            }
        }
    };
    if let Some(hash) = password_hash {
        let mut set = tx.db.prepare_cached("UPDATE users SET password_hash = ?2 WHERE id = ?1")?;
        set.execute((user.0, hash))?;
    }
    let mut update = tx.db.prepare_cached("UPDATE place SET name = ?1, way_in = ?2")?;
    update.execute((called.as_str(), way_in.code()))?;
    let by = Doer { user, address: session.address.clone(), at: session.created_at };
    log::add(tx.db, &by, Act::BecomeOwner, &About { whom: Some(user), ..About::default() })?;
    become_owner(tx, user)?;
    if channels::public(tx.db)?.is_empty() {
        let made = make_for_newcomers(tx, channel, user, session.created_at)?;
        users::set_last_channel(tx, user, Some(made))?;
    }
    Ok(Some((users::existing(tx.db, user)?, session)))
}

fn become_owner(tx: &mut Tx<'_>, user: UserId) -> Result<Account> {
    let before = users::existing(tx.db, user)?.role();
    // The operator of the server also brings an account back by this.
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET role = 'owner', visit_ends_at = NULL, deactivated_at = NULL,
                          deactivated_by = NULL
         WHERE id = ?1",
    )?;
    update.execute([user.0])?;
    let account = users::changed(tx, user)?;
    tx.happened(Event::RoleChanged { user, before, role: account.role() });
    Ok(account)
}

/// The guests whose visit has ended and who have a session.
fn over(db: &Connection, at: Timestamp) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT u.id FROM users u INDEXED BY users_by_end_of_visit
         WHERE u.visit_ends_at IS NOT NULL AND u.visit_ends_at <= ?1
           AND EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id)",
    )?;
    let found = find.query_map([at.0], |row| row.get(0).map(UserId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
