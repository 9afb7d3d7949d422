//! Channels: making them, and as everybody and one person see them.

use async_trait::async_trait;
use rusqlite::{Connection, named_params};

use super::SqliteStore;
use super::members::{put, take_seat};
use super::rows::{
    channels, joined, look_alikes, members, old_channel_names, place, revisions, standing, users,
};
use super::writer::Tx;
use crate::model::channels::{Channel, ChannelKind, ChannelState, ChannelView};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, UserId};
use crate::model::names::ChannelName;
use crate::model::permissions::{Denial, makes_channels};
use crate::model::roles::Seat;
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::store::{Channels, Constraint, Error, NewChannel, Result};

#[async_trait]
impl Channels for SqliteStore {
    async fn create_channel(&self, new: NewChannel) -> Result<ChannelView> {
        self.writer.run(move |tx| create(tx, &new)).await
    }

    async fn public_channels(&self) -> Result<Vec<Channel>> {
        self.readers.read(channels::public).await
    }

    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>> {
        self.readers.read(move |db| joined::all(db, user)).await
    }

    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        self.readers.read(move |db| channels::view(db, id, user)).await
    }

    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| channels::with_key(db, &key, user)).await
    }

    async fn kept_out_of(&self, user: UserId) -> Result<Vec<ChannelId>> {
        self.readers.read(move |db| standing::kept_out_of(db, user)).await
    }
}

fn create(tx: &mut Tx<'_>, new: &NewChannel) -> Result<ChannelView> {
    let NewChannel { name, state, by, at, .. } = new;
    let is_public = state.kind == ChannelKind::Public;
    if !users::is_active(tx.db, *by)? {
        return Err(Error::NoSuchPerson);
    }
    let makers = place::place(tx.db)?.channel_makers;
    if !makes_channels(users::active_role(tx.db, *by)?, makers) {
        return Err(Error::Denied(Denial::Forbidden));
    }
    users::check_heard(tx.db, *by, *at)?;
    if is_public && channels::is_held(tx.db, name.key())? {
        return Err(Error::Conflict(Constraint::ChannelName));
    }
    if is_public && look_alikes::of_channels(tx.db, name.look(), None)? {
        return Err(Error::Conflict(Constraint::ChannelLook));
    }
    for person in std::iter::once(by).chain(&new.people) {
        if !users::is_active(tx.db, *person)? {
            return Err(Error::NoSuchPerson);
        }
        members::check_room_for_one_more(tx.db, *person)?;
    }
    let id = match new.id {
        Some(id) => id,
        None => next_public_id(tx.db)?,
    };
    // Only a public channel has its name for itself.
    let key = if is_public { name.key().to_owned() } else { format!(" {id}") };
    let look = Some(name.look()).filter(|_| is_public);
    let place = is_public.then(|| revisions::next_place(tx.db)).transpose()?;
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO channels (id, name, name_key, topic, created_at, created_by, place_revision,
                               look_drawn, look_folded, kind, posting, newcomers)
         VALUES (:id, :name, :key, :topic, :at, :by, :place, :drawn, :folded, :kind, :posting,
                 :newcomers)",
    )?;
    insert.execute(named_params! {
        ":id": id.0,
        ":name": name.as_str(),
        ":key": key,
        ":topic": new.topic.as_str(),
        ":at": at.0,
        ":by": by.0,
        ":place": place.map_or(0, |place| place.0),
        ":drawn": look.map_or("", |look| &look.drawn),
        ":folded": look.map_or("", |look| &look.folded),
        ":kind": state.kind.code(),
        ":posting": state.posting.code(),
        ":newcomers": state.newcomers,
    })?;
    if is_public {
        old_channel_names::free(tx.db, &key)?;
    }
    match place {
        Some(place) => {
            members::add(tx.db, id, *by, *at, Seat::Host)?;
            let made = channels::existing_view(tx.db, id, *by)?;
            tx.happened(Event::ChannelCreated { channel: made.channel.clone(), place });
            tx.happened(Event::MembershipChanged { user: *by, view: made });
        }
        None => drop(take_seat(tx, id, *by, *at, Seat::Host)?),
    }
    for person in &new.people {
        if members::row(tx.db, id, *person)?.is_none() {
            put(tx, id, *person, *at, *by)?;
        }
    }
    channels::existing_view(tx.db, id, *by)
}

/// Makes a public channel that newcomers are put into. Events: those of making a channel.
pub(super) fn make_for_newcomers(
    tx: &mut Tx<'_>,
    name: &ChannelName,
    by: UserId,
    at: Timestamp,
) -> Result<ChannelId> {
    let topic = Topic::default();
    let state = ChannelState { newcomers: true, ..ChannelState::default() };
    let new = NewChannel { id: None, name: name.clone(), topic, state, by, people: Vec::new(), at };
    Ok(create(tx, &new)?.channel.id)
}

/// Takes the next id of public channels.
fn next_public_id(db: &Connection) -> Result<ChannelId> {
    let mut take = db.prepare_cached(
        "UPDATE place SET last_public_channel = last_public_channel + 1
         RETURNING last_public_channel",
    )?;
    Ok(ChannelId(take.query_row([], |row| row.get(0))?))
}
