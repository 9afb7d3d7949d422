//! Reactions. One that comes or goes takes the channel's next revision, as a change of its message.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::activity;
use super::direct::check_reachable;
use super::editing::standing_message;
use super::rows::{channels, reactions, users};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::messages::Message;
use crate::model::permissions::{Action, may};
use crate::model::reactions::{Emoji, Reacted, Reactors};
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Reactions, Result};

#[async_trait]
impl Reactions for SqliteStore {
    async fn react(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        wish: (Emoji, bool),
        at: Timestamp,
    ) -> Result<Option<Message>> {
        self.writer.run(move |tx| react(tx, (channel, number), by, wish, at)).await
    }

    async fn reactors(
        &self,
        channel: ChannelId,
        number: Number,
        emoji: Emoji,
        viewer: UserId,
    ) -> Result<Option<Reactors>> {
        self.readers.read(move |db| reactors(db, channel, number, emoji, viewer)).await
    }
}

/// See [`Reactions::reactors`].
pub(super) fn reactors(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    emoji: Emoji,
    viewer: UserId,
) -> Result<Option<Reactors>> {
    if standing_message(db, channel, number, viewer, Timestamp(0))?.is_none() {
        return Ok(None);
    }
    match reactions::kind(db, channel, number, emoji)? {
        Some(kind) => reactions::reactors(db, channel, number, kind).map(Some),
        None => Ok(Some(Reactors { people: Vec::new(), total: 0 })),
    }
}

/// See [`Reactions::react`].
pub(super) fn react(
    tx: &mut Tx<'_>,
    (channel, number): (ChannelId, Number),
    by: UserId,
    (emoji, on): (Emoji, bool),
    at: Timestamp,
) -> Result<Option<Message>> {
    let Some((message, seen)) = standing_message(tx.db, channel, number, by, at)? else {
        return Ok(None);
    };
    let kind = reactions::kind(tx.db, channel, number, emoji)?;
    let had = match kind {
        Some(kind) => reactions::has(tx.db, channel, number, kind.place, by)?,
        None => false,
    };
    if had == on {
        return Ok(Some(message));
    }
    may(seen.standing, Action::React, seen.state).map_err(Error::Denied)?;
    check_reachable(tx.db, channel, by, seen.state.kind)?;
    let revision = Revision(seen.head.revision.0 + 1);
    let (count, more) = match kind {
        Some(kind) if !on => {
            let left = reactions::remove(tx.db, channel, number, kind, by)?;
            (left, if left == 0 { -1 } else { 0 })
        }
        kind => {
            let place = (channel, number);
            let added = reactions::add(tx.db, place, (emoji, kind), by, revision)?;
            let count = added.ok_or(Error::Conflict(Constraint::ReactionKinds))?;
            (count, i64::from(count == 1))
        }
    };
    let revision = channels::next_revision(tx.db, channel)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE messages SET revision = ?3, reactions = reactions + ?4
         WHERE channel_id = ?1 AND number = ?2",
    )?;
    update.execute((channel.0, number.0, revision.0, more))?;
    let user = users::user(tx.db, by)?;
    let told = Reacted { channel, number, revision, user, emoji, on, count };
    tx.happened(Event::Reacted(told));
    activity::reacted(tx, &message, by, on, at)?;
    let reactions = reactions::of_message(tx.db, channel, number, by)?;
    Ok(Some(Message { revision, reactions, ..message }))
}
