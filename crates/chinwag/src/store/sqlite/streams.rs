//! The streams beside the channels': each person's own, and the place's. Their newest revisions,
//! and what changed in them.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::rows::users::{self, read_face};
use super::rows::{
    activity, channels, follows, joined, members, reports, revisions, saved, sql_count, waiting,
};
use crate::model::activity::ActivitySeen;
use crate::model::ids::{ChannelId, Revision, UserId};
use crate::model::keeping::Saved;
use crate::model::messages::MAX_ANSWER_BYTES;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::streams::{Heads, MAX_ROWS, Overview, OwnChanges, PlaceChanges};
use crate::model::threads::Follow;
use crate::model::users::User;
use crate::store::{Result, Streams};

#[async_trait]
impl Streams for SqliteStore {
    async fn overview(&self, user: UserId, after: ChannelId) -> Result<Option<Overview>> {
        self.readers.read(move |db| overview(db, user, after)).await
    }

    async fn own_changes(
        &self,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<OwnChanges>> {
        self.readers.read(move |db| own_changes(db, user, since, limit)).await
    }

    async fn place_changes(
        &self,
        viewer: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<PlaceChanges> {
        self.readers.read(move |db| place_changes(db, viewer, since, limit)).await
    }

    async fn heads(&self, user: UserId) -> Result<Heads> {
        // The cost grows with the memberships, so it is not done on the calling thread.
        self.readers.read(move |db| heads(db, user)).await
    }
}

pub(super) fn heads(db: &Connection, user: UserId) -> Result<Heads> {
    let mut find = db.prepare_cached(
        "SELECT c.id, c.revision, c.member_count
         FROM members m JOIN channels c ON c.id = m.channel_id
         WHERE m.user_id = ?1 ORDER BY c.id",
    )?;
    // Guests hear nothing of the place's stream, and only those who keep order hear of reports.
    let role = users::account(db, user)?.map(|account| account.role());
    let may = |action| role.is_some_and(|role| may_in_place(role, action));
    let mut heads = Heads {
        own: revisions::own(db, user)?,
        place: may(PlaceAction::Browse).then(|| revisions::place(db)).transpose()?,
        reports: may(PlaceAction::DealWithReports).then(|| reports::open(db)).transpose()?,
        waiting: may(PlaceAction::LetIn).then(|| waiting::total(db)).transpose()?,
        ..Heads::default()
    };
    let mut found = find.query([user.0])?;
    while let Some(row) = found.next()? {
        let channel = ChannelId(row.get(0)?);
        heads.channels.push((channel, Revision(row.get(1)?)));
        heads.members.push((channel, row.get(2)?));
    }
    Ok(heads)
}

pub(super) fn overview(
    db: &Connection,
    user: UserId,
    after: ChannelId,
) -> Result<Option<Overview>> {
    let Some(account) = users::account(db, user)? else { return Ok(None) };
    let own = revisions::own(db, user)?.unwrap_or(account.revision);
    let (channels, complete) = joined::after(db, user, after, MAX_ANSWER_BYTES)?;
    let visited = match account.last_channel.filter(|_| after == ChannelId(0)) {
        Some(last) => channels::view(db, last, user)?.filter(|view| view.membership.is_none()),
        None => None,
    };
    let hears_place = may_in_place(account.role(), PlaceAction::Browse);
    let place = if hears_place { revisions::place(db)? } else { Revision(0) };
    Ok(Some(Overview { account, own, place, channels, complete, visited }))
}

pub(super) fn own_changes(
    db: &Connection,
    user: UserId,
    since: Revision,
    limit: usize,
) -> Result<Option<OwnChanges>> {
    let Some(account) = users::account(db, user)? else { return Ok(None) };
    let revision = revisions::own(db, user)?.unwrap_or(account.revision);
    let members = members::changed_since(db, user, since)?.into_iter();
    let mut rows: Vec<(Revision, Own)> =
        members.map(|(revision, channel)| (revision, Own::Membership(channel))).collect();
    let saved = saved::changed_since(db, user, since)?.into_iter();
    rows.extend(saved.map(|saved| (saved.own_revision, Own::Saved(saved))));
    let stands = follows::changed_since(db, user, since)?.into_iter();
    rows.extend(stands.map(|follow| (follow.own_revision, Own::Follow(follow))));
    if account.revision > since {
        rows.push((account.revision, Own::Account));
    }
    if let Some((through, own_revision)) = activity::seen(db, user)?
        && own_revision > since
    {
        rows.push((own_revision, Own::Activity(ActivitySeen { through, own_revision })));
    }
    rows.sort_by_key(|row| row.0);
    let taken = whole_revisions(&rows, |row| row.0, limit);
    let complete = taken == rows.len();
    let reached = reached(rows[..taken].last().map(|row| row.0), complete, revision);
    let (mut changed, mut lost) = (Vec::new(), Vec::new());
    let (mut saved, mut follows) = (Vec::new(), Vec::new());
    let (mut has_account, mut activity) = (false, None);
    for (_, row) in rows.into_iter().take(taken) {
        match row {
            Own::Membership(channel) => match channels::view(db, channel, user)? {
                Some(view) => {
                    // Whoever left and came back stands to no thread that they followed before.
                    follows.extend(follows::of_channel(db, user, channel)?);
                    changed.push(view);
                }
                None => lost.push(channel),
            },
            Own::Saved(row) => saved.push(row),
            Own::Follow(row) => follows.push(row),
            Own::Activity(seen) => activity = Some(seen),
            Own::Account => has_account = true,
        }
    }
    let account = has_account.then_some(account);
    let channels = changed;
    let changes = OwnChanges {
        revision,
        reached,
        account,
        channels,
        saved,
        follows,
        activity,
        lost,
        complete,
    };
    Ok(Some(changes))
}

/// A row of a person's own stream.
enum Own {
    Account,
    Membership(ChannelId),
    Saved(Saved),
    Follow(Follow),
    Activity(ActivitySeen),
}

/// A row of the place's stream: a person, or a channel that is in the directory or was.
enum Entry {
    Person(User),
    Channel(ChannelId),
}

fn place_changes(
    db: &Connection,
    viewer: UserId,
    since: Revision,
    limit: usize,
) -> Result<PlaceChanges> {
    let revision = revisions::place(db)?;
    // One more row of each kind than fits tells whether there are more.
    let most = sql_count(limit.clamp(1, MAX_ROWS) + 1);
    let mut people = db.prepare_cached(
        "SELECT place_revision, id, name, picture FROM users WHERE place_revision > ?1
         ORDER BY place_revision LIMIT ?2",
    )?;
    let mut rows = people
        .query_map([since.0, most], |row| {
            Ok((Revision(row.get(0)?), Entry::Person(read_face(row, 1)?)))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut directory = db.prepare_cached(
        "SELECT place_revision, id FROM channels WHERE place_revision > ?1 AND kind = 'public'
         UNION ALL SELECT place_revision, channel_id FROM delisted WHERE place_revision > ?1
         ORDER BY 1 LIMIT ?2",
    )?;
    let found = directory.query_map([since.0, most], |row| {
        Ok((Revision(row.get(0)?), Entry::Channel(ChannelId(row.get(1)?))))
    })?;
    for row in found {
        rows.push(row?);
    }
    rows.sort_by_key(|row| row.0);
    let taken = whole_revisions(&rows, |row| row.0, limit);
    let complete = taken == rows.len();
    let reached = reached(rows[..taken].last().map(|row| row.0), complete, revision);
    let (mut people, mut channels, mut delisted) = (Vec::new(), Vec::new(), Vec::new());
    for (_, row) in rows.into_iter().take(taken) {
        match row {
            Entry::Person(user) => people.push(user),
            Entry::Channel(id) => match channels::listed(db, id, viewer)? {
                Some(channel) => channels.push(channel),
                None => delisted.push(id),
            },
        }
    }
    Ok(PlaceChanges { revision, reached, people, channels, delisted, complete })
}

/// The revision up to which the rows of an answer have every change.
fn reached(last: Option<Revision>, complete: bool, head: Revision) -> Revision {
    if complete { head } else { last.unwrap_or(head) }
}

/// How many of the rows, which are ascending by revision, are in one answer: at most `limit`, but
/// never a part of a revision, and at least one revision.
fn whole_revisions<T>(rows: &[T], revision: impl Fn(&T) -> Revision, limit: usize) -> usize {
    let limit = limit.clamp(1, MAX_ROWS);
    let Some(next) = rows.get(limit) else { return rows.len() };
    let cut = revision(next);
    match rows.iter().position(|row| revision(row) == cut) {
        // The first revision alone has more rows than the limit: it is answered whole.
        Some(0) => rows.iter().take_while(|row| revision(row) == cut).count(),
        Some(first) => first,
        None => limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_never_ends_in_the_middle_of_a_revision() {
        let take = |rows: &[i64], limit| whole_revisions(rows, |row| Revision(*row), limit);
        assert_eq!(take(&[], 2), 0);
        assert_eq!(take(&[1, 2], 2), 2);
        assert_eq!(take(&[1, 2, 3], 2), 2);
        assert_eq!(take(&[1, 2, 2, 3], 2), 1);
        assert_eq!(take(&[1, 1, 1, 2], 2), 3, "one revision is told whole, however large");
        assert_eq!(take(&[1, 2, 3], 0), 1);
    }
}
