//! Direct conversations: opening them, hiding them, and what a message does to the people who do not see
//! theirs.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::SqliteStore;
use super::members::enter;
use super::rows::{channels, direct, members, revisions, standing, users};
use super::writer::Tx;
use crate::model::channels::{ChannelKind, ChannelView};
use crate::model::direct::People;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::{Action, may_write_to};
use crate::model::roles::Seat;
use crate::model::time::Timestamp;
use crate::store::{DirectConversations, Error, NewDirect, NewMessage, Result};

#[async_trait]
impl DirectConversations for SqliteStore {
    async fn has_direct(&self, people: People) -> Result<bool> {
        self.readers.read(move |db| Ok(direct::of_people(db, &people)?.is_some())).await
    }

    async fn open_direct(&self, new: NewDirect) -> Result<ChannelView> {
        self.writer.run(move |tx| open(tx, &new)).await
    }

    async fn hide_direct(&self, id: ChannelId, user: UserId, hidden: bool) -> Result<ChannelView> {
        self.writer.run(move |tx| hide(tx, id, user, hidden)).await
    }
}

fn open(tx: &mut Tx<'_>, new: &NewDirect) -> Result<ChannelView> {
    let NewDirect { by, at, ref people, .. } = *new;
    let id = match direct::of_people(tx.db, people)? {
        Some(id) => id,
        None => make(tx, new)?,
    };
    if members::row(tx.db, id, by)?.is_none() {
        members::check_room_for_one_more(tx.db, by)?;
        return enter(tx, id, by, at, Seat::Inside);
    }
    show(tx, id, by, false)
}

/// Makes the conversation, with nobody in it yet.
fn make(tx: &mut Tx<'_>, new: &NewDirect) -> Result<ChannelId> {
    for person in new.people.ids().iter().filter(|person| **person != new.by) {
        direct::check_begin(tx.db, new.by, *person)?;
    }
    for person in new.people.ids() {
        members::check_room_for_one_more(tx.db, *person)?;
    }
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO channels (id, name, name_key, topic, created_at, created_by, look_drawn,
                               look_folded, kind)
         VALUES (:id, '', :key, '', :at, :by, '', '', 'direct')",
    )?;
    insert.execute(named_params! {
        ":id": new.id.0,
        ":key": format!(" {}", new.id),
        ":at": new.at.0,
        ":by": new.by.0,
    })?;
    direct::add(tx.db, new.id, &new.people)?;
    Ok(new.id)
}

fn hide(tx: &mut Tx<'_>, id: ChannelId, user: UserId, hidden: bool) -> Result<ChannelView> {
    standing::check(tx.db, id, user, Action::Hide, Timestamp(0))?;
    let last = users::account(tx.db, user)?.and_then(|account| account.last_channel);
    if hidden && last == Some(id) {
        users::set_last_channel(tx, user, None)?;
    }
    show(tx, id, user, hidden)
}

/// Hides a conversation from a member, or shows it. Event, if it changed: `MembershipChanged`.
fn show(tx: &mut Tx<'_>, id: ChannelId, user: UserId, hidden: bool) -> Result<ChannelView> {
    if !direct::set_hidden(tx.db, id, user, hidden)? {
        return channels::existing_view(tx.db, id, user);
    }
    let own = revisions::next_own(tx.db, user)?;
    members::changed(tx.db, id, user, own)?;
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view: view.clone() });
    Ok(view)
}

/// Checks that somebody may do something in a channel that its people see, if it is a direct conversation.
///
/// # Errors
/// `Denied(Unreachable)`.
pub(super) fn check_reachable(
    db: &Connection,
    id: ChannelId,
    by: UserId,
    kind: ChannelKind,
) -> Result<()> {
    match kind {
        ChannelKind::Direct => check_parties(&direct::parties(db, id, by)?, by),
        ChannelKind::Public | ChannelKind::Private => Ok(()),
    }
}

/// Nobody writes to one other person who is deactivated or blocked.
///
/// # Errors
/// `Denied(Unreachable)`.
fn check_parties(parties: &[direct::Party], by: UserId) -> Result<()> {
    let [one, other] = parties else { return Ok(()) };
    let partner = if one.user == by { other } else { one };
    may_write_to(partner.deactivated || partner.blocked).map_err(Error::Denied)
}

/// The people who do not see a conversation in which somebody is about to write.
pub(super) struct Absent(Vec<direct::Party>);

impl Absent {
    /// Reads them, with one statement, and checks that the author may write to the others.
    ///
    /// # Errors
    /// `Denied(Unreachable)`; `Conflict(Memberships)` when one of them is in too many channels.
    pub(super) fn of(tx: &Tx<'_>, new: &NewMessage) -> Result<Self> {
        let mut parties = direct::parties(tx.db, new.channel, new.author)?;
        check_parties(&parties, new.author)?;
        parties.retain(|party| !party.inside || party.hidden);
        for party in parties.iter().filter(|party| !party.inside) {
            members::check_room_for_one_more(tx.db, party.user)?;
        }
        Ok(Self(parties))
    }

    /// Whether everybody sees the conversation.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shows the conversation to them. To be called before the message is written, so that it is unread for
    /// those who come in by it.
    pub(super) fn call(self, tx: &mut Tx<'_>, new: &NewMessage) -> Result<()> {
        for party in self.0 {
            if party.inside {
                show(tx, new.channel, party.user, false)?;
            } else {
                enter(tx, new.channel, party.user, new.at, Seat::Inside)?;
            }
        }
        Ok(())
    }
}
