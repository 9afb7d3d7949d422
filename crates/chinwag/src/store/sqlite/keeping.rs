//! Pinned and saved messages. A pin takes the channel's next revision, what a person saves their own.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::editing::standing_message;
use super::lines;
use super::rows::{channels, messages, pins, revisions, saved, standing, users};
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::keeping::{MAX_SAVED_PAGE, Pin, Pinned, Saved, Saving};
use crate::model::lines::{Line, LineKind};
use crate::model::messages::Message;
use crate::model::permissions::{Action, may};
use crate::model::saved_page::SavedPage;
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Keeping, Result};

#[async_trait]
impl Keeping for SqliteStore {
    async fn pin(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        on: bool,
        at: Timestamp,
    ) -> Result<Option<Message>> {
        self.writer.run(move |tx| pin(tx, (channel, number), by, on, at)).await
    }

    async fn pins(&self, channel: ChannelId, viewer: UserId) -> Result<Option<Vec<Message>>> {
        self.readers.read(move |db| pinned(db, channel, viewer)).await
    }

    async fn save(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        wish: Saving,
        at: Timestamp,
    ) -> Result<Option<Saved>> {
        self.writer.run(move |tx| save(tx, (channel, number), by, &wish, at)).await
    }

    async fn saved(
        &self,
        user: UserId,
        before: Option<Revision>,
        limit: usize,
    ) -> Result<SavedPage> {
        self.readers.read(move |db| saved_page(db, user, before, limit)).await
    }
}

fn pin(
    tx: &mut Tx<'_>,
    (channel, number): (ChannelId, Number),
    by: UserId,
    on: bool,
    at: Timestamp,
) -> Result<Option<Message>> {
    let Some((message, seen)) = standing_message(tx.db, channel, number, by, at)? else {
        return Ok(None);
    };
    if message.pin.is_some() == on {
        return Ok(Some(message));
    }
    may(seen.standing, Action::Pin, seen.state).map_err(Error::Denied)?;
    if on && pins::are_full(tx.db, channel)? {
        return Err(Error::Conflict(Constraint::Pins));
    }
    let revision = channels::next_revision(tx.db, channel)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE messages SET revision = ?3, pinned = ?4 WHERE channel_id = ?1 AND number = ?2",
    )?;
    update.execute((channel.0, number.0, revision.0, on))?;
    let pin = if on {
        pins::add(tx.db, channel, number, by, at)?;
        Some(Pin { by: users::user(tx.db, by)?, at })
    } else {
        pins::forget(tx.db, channel, number)?;
        None
    };
    tx.happened(Event::MessagePinned(Pinned { channel, number, revision, pin: pin.clone() }));
    if on {
        let to = number.0.to_string();
        lines::write(tx, channel, by, at, &Line { to, ..Line::of(LineKind::Pinned) })?;
    }
    Ok(Some(Message { revision, pin, ..message }))
}

fn pinned(db: &Connection, channel: ChannelId, viewer: UserId) -> Result<Option<Vec<Message>>> {
    let Some(head) = standing::head_for(db, channel, viewer)? else { return Ok(None) };
    let sql = format!(
        "{} JOIN pins p ON p.channel_id = m.channel_id AND p.number = m.number
         WHERE p.channel_id = ?1 AND p.number > ?2 ORDER BY p.at DESC, p.number DESC",
        messages::MESSAGE
    );
    messages::select(db, &sql, channel, Some(viewer), &[&head.floor.0]).map(Some)
}

fn save(
    tx: &mut Tx<'_>,
    (channel, number): (ChannelId, Number),
    by: UserId,
    wish: &Saving,
    at: Timestamp,
) -> Result<Option<Saved>> {
    let before = saved::of_message(tx.db, by, channel, number)?;
    let had = before.as_ref().filter(|before| before.kept);
    let note = match wish {
        Saving::Keep => Some(had.map_or("", |had| had.note.as_str())),
        Saving::With(note) => Some(note.as_str()),
        Saving::TakeOut => None,
    };
    // What is not to be seen any more can still be given up.
    let sees = standing_message(tx.db, channel, number, by, at)?.is_some();
    if !sees && (note.is_some() || had.is_none()) {
        return Ok(None);
    }
    if before.is_none() && note.is_none() {
        let (turn, own_revision, note) = (Revision(0), Revision(0), String::new());
        return Ok(Some(Saved { channel, number, kept: false, note, at, turn, own_revision }));
    }
    if let Some(before) = before.as_ref().filter(|before| {
        before.kept == note.is_some() && note.is_none_or(|note| note == before.note)
    }) {
        return Ok(Some(before.clone()));
    }
    if had.is_none() && note.is_some() && saved::are_full(tx.db, by)? {
        return Err(Error::Conflict(Constraint::Saved));
    }
    let own_revision = revisions::next_own(tx.db, by)?;
    let (at, turn) = had.map_or((at, own_revision), |before| (before.at, before.turn));
    let note_now = note.unwrap_or_default().to_owned();
    let kept = note.is_some();
    let saved = Saved { channel, number, kept, note: note_now, at, turn, own_revision };
    saved::set(tx.db, by, &saved)?;
    tx.happened(Event::MessageSaved { user: by, saved: saved.clone() });
    // Whoever takes a message out may want it back, with what they wrote.
    let told = had.filter(|_| !kept).map_or_else(|| saved.note.clone(), |had| had.note.clone());
    Ok(Some(Saved { note: told, ..saved }))
}

fn saved_page(
    db: &Connection,
    user: UserId,
    before: Option<Revision>,
    limit: usize,
) -> Result<SavedPage> {
    let limit = limit.clamp(1, MAX_SAVED_PAGE);
    let rows = saved::before(db, user, before, limit)?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|last| last.turn);
    let mut page = SavedPage { saved: Vec::new(), next };
    for row in rows {
        let head = standing::head_for(db, row.channel, user)?;
        if head.is_none_or(|head| row.number <= head.floor) {
            continue;
        }
        if let Some(message) = messages::message_for(db, row.channel, row.number, user)? {
            page.saved.push((row, message));
        }
    }
    Ok(page)
}
