//! Who is in a channel. Joining and leaving are changes of the person's own stream; the channel's
//! number of members has no revision (see [`Event::MemberJoined`]).

use async_trait::async_trait;

use super::SqliteStore;
use super::reading::mark_read;
use super::rows::{channels, members, revisions, standing, users};
use super::writer::Tx;
use super::{activity, lines};
use crate::model::channels::{
    ChannelView, MAX_NEWCOMER_CHANNELS, MarkKind, MembersPage, MembersQuery, ReadState,
};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::levels::Level;
use crate::model::lines::Passage;
use crate::model::permissions::{Action, may, runs};
use crate::model::roles::{Role, Seat};
use crate::model::time::Timestamp;
use crate::store::{Error, Members, Result};

#[async_trait]
impl Members for SqliteStore {
    async fn join(&self, id: ChannelId, user: UserId, at: Timestamp) -> Result<ChannelView> {
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

    async fn leave(&self, id: ChannelId, user: UserId, at: Timestamp) -> Result<()> {
        self.writer.run_freeing(move |tx| leave(tx, id, user, at)).await
    }

    async fn members(
        &self,
        id: ChannelId,
        viewer: UserId,
        query: MembersQuery,
    ) -> Result<Option<MembersPage>> {
        self.readers
            .read(move |db| match standing::seen(db, id, viewer, Timestamp(0))? {
                Some(seen) => {
                    let runs = runs(seen.standing, seen.state.kind);
                    let sees_last = seen.standing.role > Role::Guest;
                    let viewer = sees_last.then_some(viewer);
                    members::members(db, id, &query, runs, viewer).map(Some)
                }
                None => Ok(None),
            })
            .await
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

    async fn set_level(
        &self,
        id: ChannelId,
        user: UserId,
        level: Level,
    ) -> Result<Option<ChannelView>> {
        self.writer.run(move |tx| set_level(tx, id, user, level)).await
    }
}

fn set_level(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    level: Level,
) -> Result<Option<ChannelView>> {
    if !members::set_level(tx.db, id, user, level)? {
        return Ok(channels::view(tx.db, id, user)?.filter(|view| view.membership.is_some()));
    }
    let own = revisions::next_own(tx.db, user)?;
    members::changed(tx.db, id, user, own)?;
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view: view.clone() });
    Ok(Some(view))
}

fn join(tx: &mut Tx<'_>, id: ChannelId, user: UserId, at: Timestamp) -> Result<ChannelView> {
    let seen = standing::check(tx.db, id, user, Action::See, at)?;
    if seen.standing.seat.is_inside() {
        return channels::existing_view(tx.db, id, user);
    }
    may(seen.standing, Action::Join, seen.state).map_err(Error::Denied)?;
    members::check_room_for_one_more(tx.db, user)?;
    enter(tx, id, user, at, Seat::Inside)
}

/// Puts a person who is not in it into a channel that exists, with the read mark at its newest
/// message. Events: `LineWritten` if there is a line, `MemberJoined`, `MembershipChanged`.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
    seat: Seat,
) -> Result<ChannelView> {
    lines::passed(tx, id, Passage { who: user, joined: true, at, by: None })?;
    take_seat(tx, id, user, at, seat)
}

/// As [`enter`], for a person whom somebody else puts in. Event besides: `ActivityCame`.
pub(super) fn put(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
    by: UserId,
) -> Result<ChannelView> {
    lines::passed(tx, id, Passage { who: user, joined: true, at, by: Some(by) })?;
    let view = take_seat(tx, id, user, at, Seat::Inside)?;
    activity::invited(tx, id, user, by, at)?;
    Ok(view)
}

/// As [`enter`], without a line: for those who are in a channel from its beginning, and where the line is
/// written before.
pub(super) fn take_seat(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
    seat: Seat,
) -> Result<ChannelView> {
    let member_count = members::add(tx.db, id, user, at, seat)?;
    let joined = users::user(tx.db, user)?;
    tx.happened(Event::MemberJoined { channel: id, user: joined, member_count });
    let view = channels::existing_view(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view: view.clone() });
    Ok(view)
}

fn leave(tx: &mut Tx<'_>, id: ChannelId, user: UserId, at: Timestamp) -> Result<()> {
    standing::check(tx.db, id, user, Action::Leave, Timestamp(0))?;
    exit(tx, id, user, at)
}

/// Puts somebody new into the channels for newcomers.
pub(super) fn enter_as_newcomer(tx: &mut Tx<'_>, user: UserId, at: Timestamp) -> Result<()> {
    for id in channels::for_newcomers(tx.db, MAX_NEWCOMER_CHANNELS)? {
        enter(tx, id, user, at, Seat::Inside)?;
    }
    Ok(())
}

/// Takes a person out of a channel that exists. A channel that loses its last host gets another. Events,
/// if they were in it: see [`Members::leave`].
pub(super) fn exit(tx: &mut Tx<'_>, id: ChannelId, user: UserId, at: Timestamp) -> Result<()> {
    if members::row(tx.db, id, user)?.is_some() {
        lines::passed(tx, id, Passage { who: user, joined: false, at, by: None })?;
    }
    let Some((member_count, own)) = members::remove(tx.db, id, user)? else { return Ok(()) };
    let left = users::user(tx.db, user)?;
    tx.happened(Event::MemberLeft { channel: id, user: left, member_count });
    match channels::view(tx.db, id, user)? {
        Some(view) => tx.happened(Event::MembershipChanged { user, view }),
        None => tx.happened(Event::MembershipLost { user, channel: id, own }),
    }
    let last = users::account(tx.db, user)?.and_then(|account| account.last_channel);
    if last == Some(id) {
        users::set_last_channel(tx, user, None)?;
    }
    if let Some(host) = members::hand_over(tx.db, id)? {
        let view = channels::existing_view(tx.db, id, host)?;
        tx.happened(Event::MembershipChanged { user: host, view });
    }
    Ok(())
}
