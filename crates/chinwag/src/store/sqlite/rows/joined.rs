//! The list of the channels and direct conversations that a person is in.
//!
//! It is read at every start of the app, and by people who are in a thousand channels. So it reads one row
//! of `members` and one of `channels` for each of them, names each maker once, and no text.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::channels::{NEWEST_LEFT, read_newest_left};
use super::standing::{STATE, STATE_WIDTH};
use super::{direct, members, mentions, users};
use crate::model::channels::{Channel, ChannelKind, ChannelView, Membership, ReadMark};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;

/// What person `?1` is in, after channel `?2`, oldest first. Tombstones and lines above a read mark are counted as in a
/// view of one channel, and only where anything stands above it.
///
/// The columns of the channel begin after those of its state, and those of the membership after them.
fn list() -> String {
    let mentions = mentions::count("c.id", "max(m.read_number, c.floor)");
    format!(
        "SELECT {STATE},
                c.id, c.name, c.topic, c.created_at, c.created_by, c.member_count, c.revision,
                c.last_number, c.locked_by, c.muted_by, c.archived_at, c.floor,
                m.joined_at, m.read_number, m.read_step, m.own_above, m.own_revision, m.host,
                m.muted_until, m.hidden,
                CASE WHEN m.read_number < c.last_quiet THEN (
                    SELECT count(*) FROM messages INDEXED BY messages_deleted
                    WHERE channel_id = c.id AND number > max(m.read_number, c.floor)
                      AND deleted_at IS NOT NULL AND off_run = 0)
                ELSE 0 END,
                {NEWEST_LEFT},
                CASE WHEN m.read_number < c.last_mention THEN {mentions} ELSE 0 END,
                c.last_in_run, c.off_count - max(m.read_off, c.floor_off), m.level
         FROM members m CROSS JOIN channels c ON c.id = m.channel_id
         WHERE m.user_id = ?1 AND m.channel_id > ?2 ORDER BY m.channel_id"
    )
}

/// What a person is in, oldest first.
pub(crate) fn all(db: &Connection, user: UserId) -> Result<Vec<ChannelView>> {
    Ok(after(db, user, ChannelId(0), usize::MAX)?.0)
}

/// What a person is in after `after`, oldest first: at least one, and no more than about `most_bytes` as
/// JSON. Also whether that is all.
pub(crate) fn after(
    db: &Connection,
    user: UserId,
    after: ChannelId,
    most_bytes: usize,
) -> Result<(Vec<ChannelView>, bool)> {
    let mut find = db.prepare_cached(&list())?;
    let mut found = find.query((user.0, after.0))?;
    let mut people = People { db, known: HashMap::new() };
    // They are read with the first conversation.
    let mut conversations = None;
    let (mut views, mut bytes) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let mut view = read(row, &mut people)?;
        if view.channel.state.kind == ChannelKind::Direct {
            let known = match &mut conversations {
                Some(known) => known,
                none => none.insert(direct::people_beside(db, user)?),
            };
            view.channel.people = known.remove(&view.channel.id).unwrap_or_default();
        }
        bytes += json_bytes(&view.channel);
        if bytes > most_bytes && !views.is_empty() {
            return Ok((views, false));
        }
        views.push(view);
    }
    Ok((views, true))
}

/// The people who are named beside channels, each looked up once.
struct People<'db> {
    db: &'db Connection,
    known: HashMap<i64, User>,
}

impl People<'_> {
    /// A person, without their picture.
    fn named(&mut self, id: i64) -> Result<User> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let user = User { picture: None, ..users::user(self.db, UserId(id))? };
        self.known.insert(id, user.clone());
        Ok(user)
    }

    fn perhaps(&mut self, id: Option<i64>) -> Result<Option<User>> {
        id.map(|id| self.named(id)).transpose()
    }
}

fn read(row: &Row<'_>, people: &mut People<'_>) -> Result<ChannelView> {
    const C: usize = STATE_WIDTH;
    const M: usize = C + 12;
    let last_number = Number(row.get(C + 7)?);
    let last_in_run = Number(row.get(M + 11)?);
    let channel = Channel {
        state: super::standing::read_state(row, 0)?,
        id: ChannelId(row.get(C)?),
        name: row.get(C + 1)?,
        topic: row.get(C + 2)?,
        created_at: Timestamp(row.get(C + 3)?),
        created_by: people.named(row.get(C + 4)?)?,
        people: Vec::new(),
        member_count: row.get(C + 5)?,
        revision: Revision(row.get(C + 6)?),
        last_number,
        last_in_run,
        locked_by: people.perhaps(row.get(C + 8)?)?,
        muted_by: people.perhaps(row.get(C + 9)?)?,
        archived_at: row.get::<_, Option<i64>>(C + 10)?.map(Timestamp),
        floor: Number(row.get(C + 11)?),
        last_message: read_newest_left(row, M + 9, last_in_run)?,
    };
    let read = ReadMark { number: Number(row.get(M + 1)?), step: Revision(row.get(M + 2)?) };
    let above = channel.last_number.0 - read.number.max(channel.floor).0;
    let above = above - row.get::<_, i64>(M + 12)?;
    let membership = Membership {
        joined_at: Timestamp(row.get(M)?),
        host: row.get(M + 5)?,
        muted_until: row.get::<_, Option<i64>>(M + 6)?.map(Timestamp),
        hidden: row.get(M + 7)?,
        level: members::read_level(row, M + 13, channel.state.kind)?,
        unread: members::unread(above, row.get(M + 8)?, row.get(M + 3)?),
        mentions: row.get(M + 10)?,
        read,
    };
    let own_revision = Revision(row.get(M + 4)?);
    Ok(ChannelView { channel, membership: Some(membership), own_revision })
}

/// About how many bytes a channel takes as JSON.
fn json_bytes(channel: &Channel) -> usize {
    /// What the names of the fields, the numbers and the times take.
    const FRAME: usize = 480;
    let people = channel.people.iter().map(|person| person.name.len() + 64).sum::<usize>();
    FRAME + channel.name.len() + channel.topic.len() + channel.created_by.name.len() + people
}
