//! Channels: making them, and as everybody and one person see them.

use async_trait::async_trait;

use super::SqliteStore;
use super::rows::{channels, look_alikes, members, revisions};
use super::writer::Tx;
use crate::model::channels::{Channel, ChannelView};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, UserId};
use crate::model::names::ChannelName;
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::store::{Channels, Constraint, Error, Result};

#[async_trait]
impl Channels for SqliteStore {
    async fn create_channel(
        &self,
        name: ChannelName,
        topic: Topic,
        by: UserId,
        at: Timestamp,
    ) -> Result<ChannelView> {
        self.writer.run(move |tx| create(tx, &name, &topic, by, at)).await
    }

    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>> {
        self.readers.read(move |db| channels::all(db, user)).await
    }

    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        self.readers.read(move |db| channels::view(db, id, user)).await
    }

    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| channels::with_key(db, &key, user)).await
    }

    async fn set_topic(&self, id: ChannelId, topic: Topic) -> Result<Option<Channel>> {
        self.writer.run(move |tx| set_topic(tx, id, &topic)).await
    }
}

fn create(
    tx: &mut Tx<'_>,
    name: &ChannelName,
    topic: &Topic,
    by: UserId,
    at: Timestamp,
) -> Result<ChannelView> {
    if channels::with_key(tx.db, name.key(), by)?.is_some() {
        return Err(Error::Conflict(Constraint::ChannelName));
    }
    if look_alikes::of_channels(tx.db, name.look())? {
        return Err(Error::Conflict(Constraint::ChannelLook));
    }
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO channels (name, name_key, topic, created_at, created_by, place_revision,
                               look_drawn, look_folded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    members::check_room_for_one_more(tx.db, by)?;
    let place = revisions::next_place(tx.db)?;
    let (key, look) = (name.key(), name.look());
    insert.execute((
        name.as_str(),
        key,
        topic.as_str(),
        at.0,
        by.0,
        place.0,
        &look.drawn,
        &look.folded,
    ))?;
    let id = ChannelId(tx.db.last_insert_rowid());
    members::add(tx.db, id, by, at)?;
    let made = channels::existing_view(tx.db, id, by)?;
    tx.happened(Event::ChannelCreated { channel: made.channel.clone(), place });
    tx.happened(Event::MembershipChanged { user: by, view: made.clone() });
    Ok(made)
}

fn set_topic(tx: &mut Tx<'_>, id: ChannelId, topic: &Topic) -> Result<Option<Channel>> {
    let mut update = tx.db.prepare_cached(
        "UPDATE channels SET topic = ?2, revision = revision + 1, facts_revision = revision + 1
         WHERE id = ?1 AND topic <> ?2",
    )?;
    if update.execute((id.0, topic.as_str()))? == 0 {
        // There is no such channel, or its topic is the same.
        return channels::head(tx.db, id)?.map(|_| channels::existing(tx.db, id)).transpose();
    }
    // The directory, which the place's stream tells of, shows topics to people outside the channel.
    let place = revisions::next_place(tx.db)?;
    let mut listed =
        tx.db.prepare_cached("UPDATE channels SET place_revision = ?2 WHERE id = ?1")?;
    listed.execute((id.0, place.0))?;
    let channel = channels::existing(tx.db, id)?;
    tx.happened(Event::ChannelChanged { channel: channel.clone(), place });
    Ok(Some(channel))
}
