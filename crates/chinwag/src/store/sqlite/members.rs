//! Who is in a channel. Joining and leaving are changes of the person's own stream; the channel's
//! number of members has no revision (see [`Event::MemberJoined`]).

use async_trait::async_trait;

use super::SqliteStore;
use super::reading::mark_read;
use super::rows::{channels, members, users};
use super::writer::Tx;
use crate::model::channels::{ChannelView, MarkKind, ReadState};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{Members, Result};

#[async_trait]
impl Members for SqliteStore {
    async fn join(
        &self,
        id: ChannelId,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<ChannelView>> {
        self.writer.run(move |tx| join(tx, id, user, at)).await
    }

    async fn visit(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        self.writer
            .run(move |tx| {
                let view = channels::view(tx.db, id, user)?;
                if view.is_some() {
                    users::set_last_channel(tx, user, Some(id))?;
                }
                Ok(view)
            })
            .await
    }

    async fn leave(&self, id: ChannelId, user: UserId) -> Result<Option<()>> {
        self.writer.run_freeing(move |tx| leave(tx, id, user)).await
    }

    async fn members(&self, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)> {
        self.readers.read(move |db| members::members(db, id, limit)).await
    }

    async fn mark_read(
        &self,
        id: ChannelId,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<ReadState>> {
        self.writer.run_freeing(move |tx| mark_read(tx, id, user, number, kind)).await
    }
}

fn join(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
) -> Result<Option<ChannelView>> {
    let Some(view) = channels::view(tx.db, id, user)? else { return Ok(None) };
    if view.membership.is_some() {
        return Ok(Some(view));
    }
    members::check_room_for_one_more(tx.db, user)?;
    enter(tx, id, user, at).map(Some)
}

/// Puts a person who is not in it into a channel that exists, with the read mark at its newest
/// message. Events: `MemberJoined`, `MembershipChanged`.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
) -> Result<ChannelView> {
    let member_count = members::add(tx.db, id, user, at)?;
    let joined = users::user(tx.db, user)?;
    tx.happened(Event::MemberJoined { channel: id, user: joined, member_count });
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view: view.clone() });
    Ok(view)
}

fn leave(tx: &mut Tx<'_>, id: ChannelId, user: UserId) -> Result<Option<()>> {
    if channels::head(tx.db, id)?.is_none() {
        return Ok(None);
    }
    let Some(member_count) = members::remove(tx.db, id, user)? else { return Ok(Some(())) };
    let left = users::user(tx.db, user)?;
    tx.happened(Event::MemberLeft { channel: id, user: left, member_count });
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view });
    let last = users::account(tx.db, user)?.and_then(|account| account.last_channel);
    if last == Some(id) {
        users::set_last_channel(tx, user, None)?;
    }
    Ok(Some(()))
}
