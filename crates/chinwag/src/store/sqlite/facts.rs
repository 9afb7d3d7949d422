//! A channel's own facts: what it is called, what it is for, who can know of it and who writes in it.

use rusqlite::{Connection, named_params};

use super::lines;
use super::rows::log::{self, About};
use super::rows::{channels, look_alikes, old_channel_names, revisions, standing};
use super::writer::Tx;
use crate::model::channels::{Channel, ChannelKind, ChannelState, MAX_NEWCOMER_CHANNELS, Posting};
use crate::model::direct::FEWEST_IN_GROUP;
use crate::model::events::Event;
use crate::model::ids::ChannelId;
use crate::model::log::{Act, Doer};
use crate::model::names::ChannelName;
use crate::model::permissions::{Action, Denial, may};
use crate::store::{ChannelPatch, Constraint, Error, Result};

/// See [`Hosting::change_channel`](crate::store::Hosting::change_channel).
pub(super) fn change(
    tx: &mut Tx<'_>,
    id: ChannelId,
    by: &Doer,
    patch: &ChannelPatch,
) -> Result<Channel> {
    let seen = standing::seen(tx.db, id, by.user, by.at)?.ok_or(Error::Denied(Denial::NotFound))?;
    for action in actions(patch) {
        may(seen.standing, action, seen.state).map_err(Error::Denied)?;
    }
    let before = channels::existing(tx.db, id)?;
    let mut after = patched(&before, patch);
    if after.state.kind != ChannelKind::Public {
        after.state.newcomers = false;
    }
    if after == before {
        return Ok(before);
    }
    // In a conversation of two, a name would be what one of them calls the other.
    let is_direct = before.state.kind == ChannelKind::Direct;
    if is_direct && after.name != before.name && before.people.len() < FEWEST_IN_GROUP {
        return Err(Error::Denied(Denial::Forbidden));
    }
    let is_public = after.state.kind == ChannelKind::Public;
    if after.state.newcomers && !before.state.newcomers {
        check_newcomers(tx.db)?;
    }
    // Names that are stored keep the rules.
    let name = ChannelName::parse(&after.name).ok().filter(|_| is_public);
    if let Some(name) = &name {
        check_name(tx.db, id, name)?;
    }
    write(tx.db, by, &after, name.as_ref())?;
    for detail in told(&before, &after) {
        let about = About { channel: Some(id), detail: &detail, ..About::default() };
        log::add(tx.db, by, Act::ChangeChannel, &about)?;
    }
    let was_public = before.state.kind == ChannelKind::Public;
    keep_old_name(tx.db, &before, name.as_ref())?;
    if is_public && !was_public {
        let mut back = tx.db.prepare_cached("DELETE FROM delisted WHERE channel_id = ?1")?;
        back.execute([id.0])?;
    }
    let changed = facts_changed(tx, id)?;
    if was_public && !is_public {
        delist(tx, id)?;
    }
    lines::changed(tx, by, &before, &changed)?;
    Ok(changed)
}

/// What somebody has to be allowed to make those changes.
fn actions(patch: &ChannelPatch) -> impl Iterator<Item = Action> {
    [
        (patch.name.is_some() || patch.nameless).then_some(Action::Rename),
        patch.topic.as_ref().map(|_| Action::SetTopic),
        patch.kind.map(|_| Action::SetKind),
        patch.posting.map(|_| Action::SetPosting),
        patch.locked.map(|_| Action::Lock),
        patch.archived.map(|_| Action::Archive),
        patch.all_muted.map(|_| Action::MuteAll),
        patch.slow_s.map(|_| Action::SetSlow),
        patch.newcomers.map(|_| Action::SetNewcomers),
        patch.hosts_pin.map(|_| Action::SetPinning),
    ]
    .into_iter()
    .flatten()
}

fn patched(before: &Channel, patch: &ChannelPatch) -> Channel {
    let mut after = before.clone();
    if let Some(name) = &patch.name {
        name.as_str().clone_into(&mut after.name);
    }
    if let Some(topic) = &patch.topic {
        topic.as_str().clone_into(&mut after.topic);
    }
    if patch.nameless && before.state.kind == ChannelKind::Direct {
        after.name.clear();
    }
    let state = before.state;
    after.state = ChannelState {
        kind: patch.kind.unwrap_or(state.kind),
        posting: patch.posting.unwrap_or(state.posting),
        locked: patch.locked.unwrap_or(state.locked),
        archived: patch.archived.unwrap_or(state.archived),
        all_muted: patch.all_muted.unwrap_or(state.all_muted),
        slow_s: patch.slow_s.unwrap_or(state.slow_s),
        newcomers: patch.newcomers.unwrap_or(state.newcomers),
        hosts_pin: patch.hosts_pin.unwrap_or(state.hosts_pin),
    };
    after
}

fn check_newcomers(db: &Connection) -> Result<()> {
    let mut count = db.prepare_cached("SELECT count(*) FROM channels WHERE newcomers = 1")?;
    let has: i64 = count.query_row([], |row| row.get(0))?;
    if usize::try_from(has).is_ok_and(|has| has >= MAX_NEWCOMER_CHANNELS) {
        return Err(Error::Conflict(Constraint::Newcomers));
    }
    Ok(())
}

/// Checks that no other public channel has the name or one that looks like it.
fn check_name(db: &Connection, id: ChannelId, name: &ChannelName) -> Result<()> {
    let mut held = db.prepare_cached("SELECT 1 FROM channels WHERE name_key = ?1 AND id <> ?2")?;
    if held.exists((name.key(), id.0))? {
        return Err(Error::Conflict(Constraint::ChannelName));
    }
    if look_alikes::of_channels(db, name.look(), Some(id))? {
        return Err(Error::Conflict(Constraint::ChannelLook));
    }
    Ok(())
}

/// Writes the facts of a channel; `name` is that of a public one.
fn write(db: &Connection, by: &Doer, after: &Channel, name: Option<&ChannelName>) -> Result<()> {
    let Channel { id, state, .. } = after;
    let key = name.map_or_else(|| format!(" {id}"), |name| name.key().to_owned());
    let mut update = db.prepare_cached(
        "UPDATE channels SET
             name = :name, name_key = :key, look_drawn = :drawn, look_folded = :folded,
             topic = :topic, kind = :kind, posting = :posting, threads_open = :threads_open, slow_s = :slow,
             newcomers = :newcomers, hosts_pin = :hosts_pin,
             locked_at = iif(:locked, coalesce(locked_at, :at), NULL),
             locked_by = iif(:locked, coalesce(locked_by, :by), NULL),
             archived_at = iif(:archived, coalesce(archived_at, :at), NULL),
             archived_by = iif(:archived, coalesce(archived_by, :by), NULL),
             muted_at = iif(:muted, coalesce(muted_at, :at), NULL),
             muted_by = iif(:muted, coalesce(muted_by, :by), NULL)
         WHERE id = :id",
    )?;
    let is_open = state.posting == Posting::Everybody;
    update.execute(named_params! {
        ":id": id.0,
        ":name": after.name,
        ":key": key,
        ":drawn": name.map_or("", |name| &name.look().drawn),
        ":folded": name.map_or("", |name| &name.look().folded),
        ":topic": after.topic,
        ":kind": state.kind.code(),
        ":posting": if is_open { "everybody" } else { "hosts" },
        ":threads_open": state.posting == Posting::OpenThreads,
        ":slow": state.slow_s,
        ":newcomers": state.newcomers,
        ":hosts_pin": state.hosts_pin,
        ":locked": state.locked,
        ":archived": state.archived,
        ":muted": state.all_muted,
        ":at": by.at.0,
        ":by": by.user.0,
    })?;
    Ok(())
}

/// Lets the address of a public channel lead on under its new name, or to nothing when it is not public
/// any more; and takes the new name from whichever channel had it before.
fn keep_old_name(db: &Connection, before: &Channel, name: Option<&ChannelName>) -> Result<()> {
    let Some(name) = name else { return old_channel_names::free_of(db, before.id) };
    old_channel_names::free(db, name.key())?;
    let was = ChannelName::parse(&before.name).ok();
    let was = was.filter(|_| before.state.kind == ChannelKind::Public);
    match was.filter(|was| was.key() != name.key()) {
        Some(was) => old_channel_names::keep(db, before.id, was.key()),
        None => Ok(()),
    }
}

/// What the log says of a change, a line for each fact. A topic is no act of keeping order.
fn told(before: &Channel, after: &Channel) -> Vec<String> {
    let (was, is) = (before.state, after.state);
    let mut told = Vec::new();
    let mut note = |differs: bool, text: String| {
        if differs {
            told.push(text);
        }
    };
    note(before.name != after.name, format!("name: {}", after.name));
    note(was.kind != is.kind, format!("kind: {}", is.kind.code()));
    note(was.posting != is.posting, format!("posting: {}", is.posting.code()));
    note(was.locked != is.locked, format!("locked: {}", is.locked));
    note(was.archived != is.archived, format!("archived: {}", is.archived));
    note(was.all_muted != is.all_muted, format!("all muted: {}", is.all_muted));
    note(was.slow_s != is.slow_s, format!("slow: {} s", is.slow_s));
    note(was.newcomers != is.newcomers, format!("newcomers: {}", is.newcomers));
    note(was.hosts_pin != is.hosts_pin, format!("hosts pin: {}", is.hosts_pin));
    told
}

/// Notes a change of a channel's own facts: it takes the channel's next revision, and the place's if the
/// directory lists the channel. Event: `ChannelChanged`.
pub(super) fn facts_changed(tx: &mut Tx<'_>, id: ChannelId) -> Result<Channel> {
    let mut update = tx.db.prepare_cached(
        "UPDATE channels SET revision = revision + 1, facts_revision = revision + 1 WHERE id = ?1",
    )?;
    update.execute([id.0])?;
    let channel = channels::existing(tx.db, id)?;
    let mut place = None;
    if channel.state.kind == ChannelKind::Public {
        // The place's stream shows facts of public channels to people outside of them.
        let revision = revisions::next_place(tx.db)?;
        let mut listed =
            tx.db.prepare_cached("UPDATE channels SET place_revision = ?2 WHERE id = ?1")?;
        listed.execute((id.0, revision.0))?;
        place = Some(revision);
    }
    tx.happened(Event::ChannelChanged { channel: channel.clone(), place });
    Ok(channel)
}

/// Takes a channel that was public out of the directory. Event: `ChannelDelisted`.
pub(super) fn delist(tx: &mut Tx<'_>, id: ChannelId) -> Result<()> {
    let place = revisions::next_place(tx.db)?;
    let mut insert = tx.db.prepare_cached(
        "INSERT OR REPLACE INTO delisted (channel_id, place_revision) VALUES (?1, ?2)",
    )?;
    insert.execute((id.0, place.0))?;
    tx.happened(Event::ChannelDelisted { channel: id, place });
    Ok(())
}
