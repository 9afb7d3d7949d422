//! Names at the door.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::invites::{is_seen, keeps_door};
use super::places::{check_way, come_back, take};
use super::rows::log::{self, About};
use super::rows::waiting::WaitingRow;
use super::rows::{invites, look_alikes, place, users, waiting};
use super::sessions::sign_in;
use super::users::check_free;
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, SecretHash, UserId};
use crate::model::invites::{Door, Entry, Invite};
use crate::model::log::{Act, Doer};
use crate::model::names::DisplayName;
use crate::model::permissions::{Denial, PlaceAction, may_in_place};
use crate::model::place::{
    AtTheDoor, MAX_WAITING, MAX_WAITING_OF_ADDRESS, WAITING_MS, Waiting, WayIn,
};
use crate::model::roles::Role;
use crate::model::sessions::Session;
use crate::model::time::Timestamp;
use crate::model::users::Account;
use crate::store::{Constraint, Error, NewSession, NewWaiting, Result, WaitingRoom};

#[async_trait]
impl WaitingRoom for SqliteStore {
    async fn wait(&self, new: NewWaiting) -> Result<()> {
        self.writer.run(move |tx| wait(tx, &new)).await
    }

    async fn name_at_the_door(&self, secret: SecretHash) -> Result<Option<i64>> {
        self.readers.read(move |db| Ok(waiting::of_browser(db, secret)?.map(|row| row.id))).await
    }

    async fn at_the_door(&self, secret: SecretHash, at: Timestamp) -> Result<AtTheDoor> {
        self.readers.read(move |db| at_the_door(db, secret, at)).await
    }

    async fn stop_waiting(&self, secret: SecretHash) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                let row = waiting::of_browser(tx.db, secret)?;
                waiting::remove(tx.db, secret)?;
                match row {
                    Some(row) => changed(tx, row.invite),
                    None => Ok(()),
                }
            })
            .await
    }

    async fn enter(
        &self,
        secret: SecretHash,
        session: NewSession,
    ) -> Result<Option<(Account, Session)>> {
        self.writer
            .run(move |tx| {
                let row = waiting::of_browser(tx.db, secret)?;
                let Some(user) = row.and_then(|row| row.user) else { return Ok(None) };
                waiting::remove(tx.db, secret)?;
                let session = sign_in(tx, user, &session)?;
                Ok(Some((users::existing(tx.db, user)?, session)))
            })
            .await
    }

    async fn waiting(&self, by: Doer, limit: usize) -> Result<(Vec<Waiting>, i64)> {
        self.readers.read(move |db| all(db, &by, limit)).await
    }

    async fn waiting_by(
        &self,
        invite: i64,
        by: Doer,
        limit: usize,
    ) -> Result<Option<(Vec<Waiting>, i64)>> {
        self.readers.read(move |db| by_invite(db, invite, &by, limit)).await
    }

    async fn let_in(&self, id: i64, by: Doer) -> Result<bool> {
        self.writer.run(move |tx| let_in(tx, id, &by)).await
    }

    async fn refuse(&self, id: i64, by: Doer) -> Result<bool> {
        self.writer
            .run(move |tx| {
                let Some((row, _)) = answerable(tx.db, id, &by)? else { return Ok(false) };
                waiting::refused(tx.db, id, by.user, by.at)?;
                let about = About { detail: &row.name, ..About::default() };
                log::add(tx.db, &by, Act::Refuse, &about)?;
                answered(tx, &row)?;
                Ok(true)
            })
            .await
    }

    async fn sweep_waiting(&self, at: Timestamp) -> Result<usize> {
        self.writer
            .run_freeing(move |tx| {
                let before = waiting::total(tx.db)?;
                let swept = waiting::sweep(tx.db, at)?;
                let total = waiting::total(tx.db)?;
                if total != before {
                    tx.happened(Event::WaitingChanged { total });
                }
                Ok(swept)
            })
            .await
    }
}

/// Tells that other names wait, by an invite if it was one.
fn changed(tx: &mut Tx<'_>, invite: Option<i64>) -> Result<()> {
    let total = waiting::total(tx.db)?;
    tx.happened(Event::WaitingChanged { total });
    if let Some(invite) = invite.map(|id| invites::with_id(tx.db, id)).transpose()?.flatten() {
        tx.happened(Event::InviteChanged { invite: invite.id, maker: invite.made_by.id });
    }
    Ok(())
}

/// Tells that a name does not wait any more.
fn answered(tx: &mut Tx<'_>, row: &WaitingRow) -> Result<()> {
    tx.happened(Event::DoorAnswered { waiting: row.id });
    changed(tx, row.invite)
}

fn wait(tx: &mut Tx<'_>, new: &NewWaiting) -> Result<()> {
    let entry = new.invite.map_or(Entry::Address, Entry::Invite);
    let invite = check_way(tx.db, entry, new.at)?;
    let place = place::place(tx.db)?;
    match &invite {
        Some(invite) if invite.grant.door == Door::Closed => {
            return Err(Error::Conflict(Constraint::InviteDoor(Door::Closed)));
        }
        None if place.way_in == WayIn::Invite => {
            return Err(Error::Conflict(Constraint::WayIn(place.way_in)));
        }
        _ => {}
    }
    if new.returns.is_none() {
        check_free(tx.db, &new.name, new.at)?;
    }
    let before = waiting::of_browser(tx.db, new.secret)?;
    let is_own = before.is_some_and(|row| row.name == new.name.as_str() && !row.refused);
    if waiting::is_waiting(tx.db, new.name.key(), new.at)? && !is_own {
        return Err(Error::Conflict(Constraint::NameWaits));
    }
    let is_guest = invite.as_ref().is_some_and(|invite| invite.grant.role == Role::Guest);
    if place.needs_password && !is_guest && new.password_hash.is_none() {
        return Err(Error::Conflict(Constraint::PasswordNeeded));
    }
    let (of_address, in_all) = waiting::count(tx.db, &new.block, new.at)?;
    let reached = |count: i64, most: usize| usize::try_from(count).is_ok_and(|n| n >= most);
    // Whoever comes by an invite counts against the invite, not the address.
    let crowded = match &invite {
        Some(invite) => invite.grant.max_uses.is_some_and(|most| invite.uses >= most),
        None => reached(of_address, MAX_WAITING_OF_ADDRESS),
    };
    if crowded || reached(in_all, MAX_WAITING) {
        return Err(Error::Conflict(Constraint::Waiting));
    }
    waiting::remove(tx.db, new.secret)?;
    let invite = invite.map(|invite| invite.id);
    waiting::add(tx.db, new, invite, new.at.plus_ms(WAITING_MS))?;
    changed(tx, invite)
}

fn at_the_door(db: &Connection, secret: SecretHash, at: Timestamp) -> Result<AtTheDoor> {
    let Some(row) = waiting::of_browser(db, secret)? else { return Ok(AtTheDoor::Gone) };
    if row.user.is_some() {
        return Ok(AtTheDoor::LetIn { name: row.name });
    }
    if row.ends_at <= at {
        return Ok(AtTheDoor::Gone);
    }
    let invite = row.invite.map(|id| invites::with_id(db, id)).transpose()?.flatten();
    if row.refused {
        let by = row.refused_by.map(|by| users::user(db, by)).transpose()?;
        let (by, invite) = (by.map(|by| by.name), invite.map(|invite| invite.code));
        return Ok(AtTheDoor::Refused { name: row.name, by, invite });
    }
    let (host, invite) = match invite {
        Some(invite) => (Some(invite.made_by.name), Some(invite.code)),
        None => (None, None),
    };
    Ok(AtTheDoor::Waits { name: row.name, host, invite })
}

fn all(db: &Connection, by: &Doer, limit: usize) -> Result<(Vec<Waiting>, i64)> {
    let (_, count) = waiting::count(db, "", by.at)?;
    Ok((all_shown(db, waiting::all(db, by.at, limit)?, by.user)?, count))
}

fn by_invite(
    db: &Connection,
    invite: i64,
    by: &Doer,
    limit: usize,
) -> Result<Option<(Vec<Waiting>, i64)>> {
    let Some(invite) = invites::with_id(db, invite)? else { return Ok(None) };
    if !lets_in(db, by, Some(&invite))? {
        return Ok(None);
    }
    let (rows, count) = waiting::by_invite(db, invite.id, by.at, limit)?;
    Ok(Some((all_shown(db, rows, by.user)?, count)))
}

fn all_shown(db: &Connection, rows: Vec<WaitingRow>, viewer: UserId) -> Result<Vec<Waiting>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names = names_of_all(db)?;
    rows.into_iter().map(|row| shown(db, row, &names, viewer)).collect()
}

/// The same of the names that a host knows: those of members, and of the guests in the channel.
pub(super) fn names_around(
    db: &Connection,
    channel: ChannelId,
) -> Result<Vec<(String, String, bool)>> {
    let mut find = db.prepare_cached(
        "SELECT u.name_key, u.name, u.role IN ('moderator', 'owner') FROM users u
         WHERE u.role <> 'guest' OR EXISTS (
             SELECT 1 FROM members m WHERE m.channel_id = ?1 AND m.user_id = u.id)
         ORDER BY u.id LIMIT 20000",
    )?;
    let found = find.query_map([channel.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The keys of all names that are held, with the names and whether they are in charge. Looking for names
/// that are one sign away has no index, and happens only while somebody looks at the door.
fn names_of_all(db: &Connection) -> Result<Vec<(String, String, bool)>> {
    let mut find = db.prepare_cached(
        "SELECT name_key, name, role IN ('moderator', 'owner') FROM users ORDER BY id LIMIT 20000",
    )?;
    let found = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A name at the door as those who keep it see it; `names` are those that it may resemble.
pub(super) fn shown(
    db: &Connection,
    row: WaitingRow,
    names: &[(String, String, bool)],
    viewer: UserId,
) -> Result<Waiting> {
    let key = DisplayName::parse(&row.name).map(|name| name.key().to_owned()).unwrap_or_default();
    // Whoever comes back has the name by right.
    let close = names.iter().find(|(held, ..)| look_alikes::is_one_sign_away(&key, held));
    let close = close.filter(|_| row.returns.is_none());
    let invite = row.invite.map(|id| invites::with_id(db, id)).transpose()?.flatten();
    // What an invite is for may tell of a private place that it leads into.
    let label = match invite {
        Some(invite) if is_seen(db, &invite, viewer)? => Some(invite.grant.label),
        Some(_) => Some(String::new()),
        None => None,
    };
    Ok(Waiting {
        id: row.id,
        name: row.name,
        says: row.says,
        asked_at: row.asked_at,
        invite: label,
        resembles: close.map(|(_, name, in_charge)| (name.clone(), *in_charge)),
    })
}

/// Whether somebody lets in who waits: moderators let in anybody, and whoever keeps the door of an invite
/// those who came by it.
fn lets_in(db: &Connection, by: &Doer, invite: Option<&Invite>) -> Result<bool> {
    if may_in_place(users::active_role(db, by.user)?, PlaceAction::LetIn) {
        return Ok(true);
    }
    match invite {
        Some(invite) => keeps_door(db, invite, by.user),
        None => Ok(false),
    }
}

/// A name that waits, and the invite that it came by, if somebody may let it in or refuse it. `None`: it
/// does not wait any more.
///
/// # Errors
/// `Denied`, also when there is no such name, to whoever does not keep the door.
fn answerable(db: &Connection, id: i64, by: &Doer) -> Result<Option<(WaitingRow, Option<Invite>)>> {
    let row = waiting::that_waits(db, id, by.at)?;
    let invite = row.as_ref().and_then(|row| row.invite);
    let invite = invite.map(|id| invites::with_id(db, id)).transpose()?.flatten();
    if !lets_in(db, by, invite.as_ref())? {
        return Err(Error::Denied(Denial::Forbidden));
    }
    Ok(row.map(|row| (row, invite)))
}

fn let_in(tx: &mut Tx<'_>, id: i64, by: &Doer) -> Result<bool> {
    let Some((row, invite)) = answerable(tx.db, id, by)? else { return Ok(false) };
    let name = DisplayName::parse(&row.name)
        .map_err(|problem| Error::Corrupt(format!("the name at the door {id}: {problem:?}")))?;
    let invite = match row.invite {
        Some(_) => {
            let invite = invite.filter(|invite| !invite.is_over(by.at));
            Some(invite.ok_or(Error::Conflict(Constraint::Invite))?)
        }
        None => None,
    };
    let user = match (row.returns, invite.as_ref()) {
        (Some(user), Some(invite)) => come_back(tx, user, invite, by.at)?,
        _ => take(tx, &name, by.at, row.password_hash.as_deref(), invite.as_ref())?,
    };
    waiting::let_in(tx.db, id, user)?;
    log::add(tx.db, by, Act::LetIn, &About { whom: Some(user), ..About::default() })?;
    answered(tx, &row)?;
    Ok(true)
}
