//! The guests of a channel: the door by which they come, and the end of their visits.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::invites::{as_it_holds, is_seen, keeps_door, set_door};
use super::members::exit;
use super::people::check;
use super::rows::log::{self, About};
use super::rows::{
    channels, invites, members, sessions, sql_count, standing, tokens, users, waiting,
};
use super::waiting::{names_around, shown};
use super::writer::Tx;
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, UserId};
use crate::model::invites::{Door, Invite};
use crate::model::log::{Act, Doer};
use crate::model::permissions::{
    Action, Denial, PersonAction, PlaceAction, may, may_in_place, may_to,
};
use crate::model::place::ChannelDoor;
use crate::model::roles::Role;
use crate::model::time::Timestamp;
use crate::store::{ENDED_AT_ONCE, Ended, Error, Guests, Result};

/// The most invites of one channel whose doors are closed at once.
const MAX_DOORS: usize = 200;

#[async_trait]
impl Guests for SqliteStore {
    async fn channel_door(
        &self,
        channel: ChannelId,
        viewer: UserId,
        at: Timestamp,
        limit: usize,
    ) -> Result<ChannelDoor> {
        self.readers.read(move |db| door(db, channel, viewer, at, limit)).await
    }

    async fn end_visit(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                check(tx.db, by.user, PersonAction::EndVisit, whom)?;
                end(tx, &by, whom, None)
            })
            .await
    }

    async fn end_visit_in(&self, channel: ChannelId, by: Doer, whom: UserId) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                standing::check(tx.db, channel, by.user, Action::KeepDoor, by.at)?;
                let account = users::account(tx.db, whom)?.ok_or(Error::NoSuchPerson)?;
                if members::row(tx.db, channel, whom)?.is_none() {
                    return Err(Error::NoSuchPerson);
                }
                if account.named_role != Role::Guest || whom == by.user {
                    return Err(Error::Denied(Denial::Forbidden));
                }
                end_in(tx, channel, &by, whom)
            })
            .await
    }

    async fn end_visits_in(&self, channel: ChannelId, by: Doer, close: bool) -> Result<Ended> {
        self.writer.run_freeing(move |tx| end_all(tx, channel, &by, close)).await
    }
}

fn door(
    db: &Connection,
    channel: ChannelId,
    viewer: UserId,
    at: Timestamp,
    limit: usize,
) -> Result<ChannelDoor> {
    standing::check(db, channel, viewer, Action::KeepDoor, at)?;
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND u.role = 'guest' AND u.deactivated_at IS NULL
           AND coalesce(u.visit_ends_at, ?2 + 1) > ?2",
    )?;
    let guests = count.query_row((channel.0, at.0), |row| row.get(0))?;
    let lets_in_all = may_in_place(users::active_role(db, viewer)?, PlaceAction::LetIn);
    let (mut seen, mut rows, mut total) = (Vec::new(), Vec::new(), 0);
    for invite in invites::into_channel(db, channel, at, limit)? {
        if !is_seen(db, &invite, viewer)? {
            continue;
        }
        if lets_in_all || keeps_door(db, &invite, viewer)? {
            let (found, count) = waiting::by_invite(db, invite.id, at, limit)?;
            rows.extend(found);
            total += count;
        }
        seen.push(as_it_holds(db, invite)?);
    }
    // One that has no use left, or does not hold any more, brings nobody.
    seen.retain(|invite: &Invite| !invite.is_over(at));
    rows.sort_by_key(|row| row.id);
    rows.truncate(limit);
    let names = if rows.is_empty() { Vec::new() } else { names_around(db, channel)? };
    let waiting =
        rows.into_iter().map(|row| shown(db, row, &names, viewer)).collect::<Result<_>>()?;
    Ok(ChannelDoor { guests, invites: seen, waiting, total })
}

/// Ends the visit of a guest, whoever may do so. `channel` is where it was done.
fn end(tx: &mut Tx<'_>, by: &Doer, whom: UserId, channel: Option<ChannelId>) -> Result<()> {
    let account = users::existing(tx.db, whom)?;
    if account.visit_ends_at.is_some_and(|end| end <= by.at) {
        return Ok(());
    }
    let mut update = tx.db.prepare_cached("UPDATE users SET visit_ends_at = ?2 WHERE id = ?1")?;
    update.execute((whom.0, by.at.0))?;
    log::add(tx.db, by, Act::EndVisit, &About { whom: Some(whom), channel, ..About::default() })?;
    users::changed(tx, whom)?;
    // No session has the id 0: all end.
    sessions::end_where(tx, whom, "id <> ?2", 0)?;
    tokens::revoke_all(tx, whom)
}

/// Ends the visit of a guest of a channel, or takes them out of it if they visit others too.
fn end_in(tx: &mut Tx<'_>, channel: ChannelId, by: &Doer, whom: UserId) -> Result<()> {
    let role = users::active_role(tx.db, by.user)?;
    if may_to(role, PersonAction::EndVisit, Role::Guest) || !visits_others(tx.db, by, whom)? {
        return end(tx, by, whom, Some(channel));
    }
    let about = About { whom: Some(whom), channel: Some(channel), ..About::default() };
    log::add(tx.db, by, Act::TakeOut, &about)?;
    exit(tx, channel, whom, by.at)
}

/// Whether a guest is in a channel whose door `by` does not keep.
fn visits_others(db: &Connection, by: &Doer, whom: UserId) -> Result<bool> {
    for channel in members::channels_of(db, whom)? {
        if channels::existing(db, channel)?.state.kind == ChannelKind::Direct {
            continue;
        }
        let seen = standing::seen(db, channel, by.user, by.at)?;
        let keeps =
            seen.is_some_and(|seen| may(seen.standing, Action::KeepDoor, seen.state).is_ok());
        if !keeps {
            return Ok(true);
        }
    }
    Ok(false)
}

fn end_all(tx: &mut Tx<'_>, channel: ChannelId, by: &Doer, close: bool) -> Result<Ended> {
    standing::check(tx.db, channel, by.user, Action::KeepDoor, by.at)?;
    if close {
        for invite in invites::into_channel(tx.db, channel, by.at, MAX_DOORS)? {
            if is_seen(tx.db, &invite, by.user)? {
                set_door(tx, by, &invite, Door::Closed)?;
            }
        }
    }
    let guests = by_invite(tx.db, channel, by)?;
    for guest in &guests {
        end_in(tx, channel, by, *guest)?;
    }
    Ok(Ended { guests: guests.len(), more: guests.len() >= ENDED_AT_ONCE })
}

/// Guests in a channel whose visit goes on and who came by an invite that leads there.
fn by_invite(db: &Connection, channel: ChannelId, by: &Doer) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT u.id FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND u.role = 'guest' AND u.id <> ?3
           AND coalesce(u.visit_ends_at, ?2 + 1) > ?2
           AND EXISTS (
               SELECT 1 FROM came_by b JOIN invite_channels ic ON ic.invite_id = b.invite_id
               WHERE b.user_id = u.id AND ic.channel_id = ?1)
         ORDER BY u.id LIMIT ?4",
    )?;
    let params = (channel.0, by.at.0, by.user.0, sql_count(ENDED_AT_ONCE));
    let found = find.query_map(params, |row| row.get(0).map(UserId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
