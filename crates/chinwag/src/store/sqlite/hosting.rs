//! What those who run a channel do to the people in it.

use async_trait::async_trait;
use rusqlite::Connection;

use super::members::{exit, put};
use super::rows::log::{self, About};
use super::rows::users::read_user;
use super::rows::{channels, members, revisions, sql_count, standing, users};
use super::writer::Tx;
use super::{SqliteStore, clearing, deleting, facts, lines};
use crate::model::channels::Channel;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::lines::{Line, LineKind, Passage};
use crate::model::log::{Act, Doer};
use crate::model::permissions::{Action, Denial, may_to_member};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{ChannelPatch, Constraint, Error, Hosting, Result};

#[async_trait]
impl Hosting for SqliteStore {
    async fn change_channel(
        &self,
        id: ChannelId,
        by: Doer,
        patch: ChannelPatch,
    ) -> Result<Channel> {
        self.writer.run(move |tx| facts::change(tx, id, &by, &patch)).await
    }

    async fn set_host(&self, id: ChannelId, by: Doer, whom: UserId, host: bool) -> Result<()> {
        self.writer.run(move |tx| set_host(tx, id, &by, whom, host)).await
    }

    async fn add_people(&self, id: ChannelId, by: Doer, people: Vec<UserId>) -> Result<()> {
        self.writer.run(move |tx| add_people(tx, id, &by, &people)).await
    }

    async fn take_out(&self, id: ChannelId, by: Doer, whom: UserId, keep_out: bool) -> Result<()> {
        self.writer.run_freeing(move |tx| take_out(tx, id, &by, whom, keep_out)).await
    }

    async fn let_back_in(&self, id: ChannelId, by: Doer, whom: UserId) -> Result<()> {
        self.writer.run(move |tx| let_back_in(tx, id, &by, whom)).await
    }

    async fn mute_member(
        &self,
        id: ChannelId,
        by: Doer,
        whom: UserId,
        until: Option<Timestamp>,
    ) -> Result<()> {
        self.writer.run(move |tx| mute(tx, id, &by, whom, until)).await
    }

    async fn kept_out(&self, id: ChannelId, viewer: UserId, limit: usize) -> Result<Vec<User>> {
        self.readers.read(move |db| kept_out(db, id, viewer, limit)).await
    }

    async fn clear_channel(&self, id: ChannelId, by: Doer, through: Number) -> Result<Channel> {
        self.writer.run_freeing(move |tx| clearing::clear(tx, id, &by, through)).await
    }

    async fn delete_channel(&self, id: ChannelId, by: Doer) -> Result<()> {
        self.writer.run_freeing(move |tx| deleting::delete(tx, id, &by)).await
    }

    async fn sweep_deleted_channels(&self) -> Result<Option<Vec<UploadId>>> {
        self.writer.run_freeing(|tx| deleting::sweep(tx.db)).await
    }
}

/// Checks that `by` may do that to `whom`, who is perhaps not in the channel.
fn check(tx: &Tx<'_>, id: ChannelId, by: &Doer, action: Action, whom: UserId) -> Result<()> {
    let seen = standing::check(tx.db, id, by.user, action, by.at)?;
    let Some(account) = users::account(tx.db, whom)? else { return Err(Error::NoSuchPerson) };
    if may_to_member(seen.standing.role, whom == by.user, account.role()) {
        Ok(())
    } else {
        Err(Error::Denied(Denial::Forbidden))
    }
}

fn note(tx: &Tx<'_>, by: &Doer, act: Act, id: ChannelId, whom: UserId, detail: &str) -> Result<()> {
    let about = About { whom: Some(whom), channel: Some(id), detail, ..About::default() };
    log::add(tx.db, by, act, &about)
}

/// Tells a member that their membership changed: it takes their next own revision.
fn membership_changed(tx: &mut Tx<'_>, id: ChannelId, user: UserId) -> Result<()> {
    let own = revisions::next_own(tx.db, user)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE members SET own_revision = ?3 WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    update.execute((id.0, user.0, own.0))?;
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view });
    Ok(())
}

fn set_host(tx: &mut Tx<'_>, id: ChannelId, by: &Doer, whom: UserId, host: bool) -> Result<()> {
    // One may give up being a host oneself.
    standing::check(tx.db, id, by.user, Action::NameHosts, by.at)?;
    let Some(member) = members::row(tx.db, id, whom)? else { return Err(Error::NoSuchPerson) };
    if member.host == host {
        return Ok(());
    }
    if !host && !members::has_other_host(tx.db, id, whom)? {
        return Err(Error::Conflict(Constraint::LastHost));
    }
    let mut update = tx
        .db
        .prepare_cached("UPDATE members SET host = ?3 WHERE channel_id = ?1 AND user_id = ?2")?;
    update.execute((id.0, whom.0, host))?;
    note(tx, by, Act::NameHost, id, whom, if host { "host" } else { "member" })?;
    let kind = if host { LineKind::Host } else { LineKind::NoHost };
    let line = Line::about(kind, Passage { who: whom, joined: host, at: by.at, by: None });
    lines::write(tx, id, by.user, by.at, &line)?;
    membership_changed(tx, id, whom)?;
    let user = users::user(tx.db, whom)?;
    let member_count = channels::existing(tx.db, id)?.member_count;
    tx.happened(Event::MemberChanged { channel: id, user, member_count });
    Ok(())
}

fn add_people(tx: &mut Tx<'_>, id: ChannelId, by: &Doer, people: &[UserId]) -> Result<()> {
    standing::check(tx.db, id, by.user, Action::AddPeople, by.at)?;
    let mut new = Vec::new();
    for person in people {
        if users::account(tx.db, *person)?.is_none() {
            return Err(Error::NoSuchPerson);
        }
        if members::row(tx.db, id, *person)?.is_some() || new.contains(person) {
            continue;
        }
        if standing::is_kept_out(tx.db, id, *person)? {
            return Err(Error::Conflict(Constraint::KeptOut));
        }
        members::check_room_for_one_more(tx.db, *person)?;
        new.push(*person);
    }
    for person in new {
        put(tx, id, person, by.at, by.user)?;
    }
    Ok(())
}

fn take_out(tx: &mut Tx<'_>, id: ChannelId, by: &Doer, whom: UserId, keep_out: bool) -> Result<()> {
    check(tx, id, by, Action::TakeOut, whom)?;
    let is_inside = members::row(tx.db, id, whom)?.is_some();
    if !keep_out {
        if !is_inside {
            return Err(Error::NoSuchPerson);
        }
        note(tx, by, Act::TakeOut, id, whom, "")?;
        return exit(tx, id, whom, by.at);
    }
    if standing::is_kept_out(tx.db, id, whom)? {
        return Ok(());
    }
    // Whoever stands outside of a private channel knows nothing of it, and hears nothing of this.
    let knew = channels::view(tx.db, id, whom)?.is_some();
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO kept_out (channel_id, user_id, at, by) VALUES (?1, ?2, ?3, ?4)",
    )?;
    insert.execute((id.0, whom.0, by.at.0, by.user.0))?;
    note(tx, by, Act::KeepOut, id, whom, "")?;
    tx.happened(Event::KeptOut { channel: id, user: whom, kept_out: true });
    if is_inside {
        exit(tx, id, whom, by.at)
    } else if knew {
        let own = members::departed(tx.db, id, whom)?;
        tx.happened(Event::MembershipLost { user: whom, channel: id, own });
        Ok(())
    } else {
        Ok(())
    }
}

fn let_back_in(tx: &mut Tx<'_>, id: ChannelId, by: &Doer, whom: UserId) -> Result<()> {
    check(tx, id, by, Action::TakeOut, whom)?;
    let mut delete =
        tx.db.prepare_cached("DELETE FROM kept_out WHERE channel_id = ?1 AND user_id = ?2")?;
    if delete.execute((id.0, whom.0))? == 0 {
        return Ok(());
    }
    note(tx, by, Act::LetBackIn, id, whom, "")?;
    tx.happened(Event::KeptOut { channel: id, user: whom, kept_out: false });
    if channels::view(tx.db, id, whom)?.is_some() {
        members::departed(tx.db, id, whom)?;
        let view = channels::existing_view(tx.db, id, whom)?;
        tx.happened(Event::MembershipChanged { user: whom, view });
    }
    Ok(())
}

fn mute(
    tx: &mut Tx<'_>,
    id: ChannelId,
    by: &Doer,
    whom: UserId,
    until: Option<Timestamp>,
) -> Result<()> {
    check(tx, id, by, Action::MutePerson, whom)?;
    let Some(member) = members::row(tx.db, id, whom)? else { return Err(Error::NoSuchPerson) };
    if member.muted_until == until {
        return Ok(());
    }
    let mut update = tx.db.prepare_cached(
        "UPDATE members SET muted_until = ?3 WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    update.execute((id.0, whom.0, until.map(|until| until.0)))?;
    let detail = until.map(|until| until.0.to_string()).unwrap_or_default();
    note(tx, by, Act::MuteInChannel, id, whom, &detail)?;
    membership_changed(tx, id, whom)
}

fn kept_out(db: &Connection, id: ChannelId, viewer: UserId, limit: usize) -> Result<Vec<User>> {
    standing::check(db, id, viewer, Action::TakeOut, Timestamp(0))?;
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name FROM kept_out k JOIN users u ON u.id = k.user_id
         WHERE k.channel_id = ?1 ORDER BY u.name_key LIMIT ?2",
    )?;
    let found = find.query_map((id.0, sql_count(limit)), |row| read_user(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
