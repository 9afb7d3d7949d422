//! Removing what a person wrote, in batches behind the command that began it (`wipings`). Nobody is kept
//! waiting: a batch looks at a bounded number of messages, and there is no index by author, which every
//! post would pay for.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::SqliteStore;
use super::lines;
use super::members::exit;
use super::order;
use super::people::{check, end_account};
use super::rows::log::{self, About};
use super::rows::{messages, pictures, sql_count, users};
use super::searching;
use super::tombstones::wipe;
use super::writer::Tx;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::log::{Act, Doer};
use crate::model::look_alikes::Look;
use crate::model::order::{Outcome, Reason};
use crate::model::people::{Written, former_name};
use crate::model::permissions::PersonAction;
use crate::model::time::Timestamp;
use crate::model::users::Settings;
use crate::store::{DeleteOutcome, Result, WIPED_AT_ONCE, Wiping};

/// How many messages a batch looks at, by whomever they are.
const LOOKED_AT: usize = 4_000;

#[async_trait]
impl Wiping for SqliteStore {
    async fn written(&self, by: UserId, whom: UserId, since: Timestamp) -> Result<Written> {
        self.readers.read(move |db| written(db, by, whom, since)).await
    }

    async fn deactivate_and_wipe(&self, by: Doer, whom: UserId, since: Timestamp) -> Result<()> {
        self.writer
            .run_freeing(move |tx| {
                let account = check(tx.db, by.user, PersonAction::Deactivate, whom)?;
                if account.data_removed_at.is_some() {
                    return Ok(());
                }
                end_account(tx, &by, &account)?;
                let about = About { whom: Some(whom), ..About::default() };
                log::add(tx.db, &by, Act::RemoveLastDay, &about)?;
                begin(tx.db, &by, whom, since)
            })
            .await
    }

    async fn remove_data(&self, by: Doer, whom: UserId) -> Result<()> {
        self.writer.run_freeing(move |tx| remove_data(tx, &by, whom)).await
    }

    async fn wipe_next(&self) -> Result<Option<Vec<UploadId>>> {
        let any = self.readers.read(|db| Ok(next(db)?.is_some())).await?;
        if !any {
            return Ok(None);
        }
        self.writer.run_freeing(step).await
    }
}

/// A row of `wipings`.
struct Begun {
    user: UserId,
    since: Timestamp,
    until: Timestamp,
    by: UserId,
    channel: ChannelId,
    number: Number,
    /// The data of the person is removed, not only what they wrote lately.
    everything: bool,
}

/// Notes that what a person wrote since then is to be removed. What has begun already goes on with it.
fn begin(db: &Connection, by: &Doer, whom: UserId, since: Timestamp) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO wipings (user_id, since, until, by) VALUES (:whom, :since, :until, :by)
         ON CONFLICT (user_id) DO UPDATE
         SET since = min(since, :since), until = max(until, :until), by = :by, channel_id = 0,
             number = 0",
    )?;
    insert.execute(named_params! {
        ":whom": whom.0, ":since": since.0, ":until": by.at.0, ":by": by.user.0,
    })?;
    Ok(())
}

fn next(db: &Connection) -> Result<Option<Begun>> {
    let mut find = db.prepare_cached(
        "SELECT w.user_id, w.since, w.until, w.by, w.channel_id, w.number,
                u.data_removed_at IS NOT NULL
         FROM wipings w JOIN users u ON u.id = w.user_id ORDER BY w.user_id LIMIT 1",
    )?;
    let found = find.query_row([], |row| {
        Ok(Begun {
            user: UserId(row.get(0)?),
            since: Timestamp(row.get(1)?),
            until: Timestamp(row.get(2)?),
            by: UserId(row.get(3)?),
            channel: ChannelId(row.get(4)?),
            number: Number(row.get(5)?),
            everything: row.get(6)?,
        })
    });
    Ok(found.optional()?)
}

fn step(tx: &mut Tx<'_>) -> Result<Option<Vec<UploadId>>> {
    let Some(mut begun) = next(tx.db)? else { return Ok(None) };
    if begun.everything && leave_some(tx, begun.user, begun.until)? {
        return Ok(Some(Vec::new()));
    }
    let (mut freed, mut looked_at, mut wiped) = (Vec::new(), 0, 0);
    while looked_at < LOOKED_AT && wiped < WIPED_AT_ONCE {
        let (looked, found) = theirs(tx.db, &begun, LOOKED_AT - looked_at, WIPED_AT_ONCE - wiped)?;
        for number in &found {
            freed.extend(remove(tx, &begun, *number)?);
        }
        wiped += found.len();
        looked_at += looked.map_or(1, |(_, count)| count);
        begun.number = match looked {
            Some((last, _)) => last,
            None => match channel_after(tx.db, begun.channel)? {
                Some(channel) => {
                    begun.channel = channel;
                    before(tx.db, channel, begun.since)?
                }
                None => {
                    freed.extend(finish(tx.db, &begun)?);
                    return Ok(Some(freed));
                }
            },
        };
    }
    let mut note = tx
        .db
        .prepare_cached("UPDATE wipings SET channel_id = ?2, number = ?3 WHERE user_id = ?1")?;
    note.execute((begun.user.0, begun.channel.0, begun.number.0))?;
    Ok(Some(freed))
}

/// The numbers of their messages, and of their lines if everything goes, among the next ones of the channel, and up to which number these go and
/// how many they are. `None`: there are no more in it.
#[expect(clippy::type_complexity, reason = "two answers of one look")]
fn theirs(
    db: &Connection,
    begun: &Begun,
    most: usize,
    most_found: usize,
) -> Result<(Option<(Number, usize)>, Vec<Number>)> {
    let mut look = db.prepare_cached(
        "SELECT number, author_id, created_at, deleted_at IS NULL, octet_length(text) FROM messages
         WHERE channel_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
    )?;
    let mut rows = look.query((begun.channel.0, begun.number.0, sql_count(most)))?;
    let (mut last, mut count, mut found, mut weight) = (None, 0, Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let number = Number(row.get(0)?);
        count += 1;
        last = Some((number, count));
        let at = Timestamp(row.get(2)?);
        let stands: bool = row.get(3)?;
        let is_theirs = row.get::<_, i64>(1)? == begun.user.0;
        // A row that does not stand may be a line.
        let goes = begun.everything || (stands && (begun.since..=begun.until).contains(&at));
        if is_theirs && goes {
            found.push(number);
            weight += searching::weight(usize::try_from(row.get::<_, i64>(4)?).unwrap_or(0));
            if weight >= most_found {
                break;
            }
        }
    }
    Ok((last, found))
}

/// Makes a tombstone of one of their messages, or takes the words out of one of their lines; returns the ids
/// of its files.
fn remove(tx: &mut Tx<'_>, begun: &Begun, number: Number) -> Result<Vec<UploadId>> {
    let Some(message) = messages::message(tx.db, begun.channel, number)? else {
        return Ok(Vec::new());
    };
    if message.deleted_at.is_some() {
        lines::remove_topic(tx, begun.channel, number)?;
        return Ok(Vec::new());
    }
    if !begun.everything {
        let mut note = tx.db.prepare_cached(
            "INSERT INTO removals (channel_id, number, reason, note, by, at)
             VALUES (?1, ?2, ?3, '', ?4, ?5)",
        )?;
        let reason = Reason::Other.code();
        note.execute((begun.channel.0, number.0, reason, begun.by.0, begun.until.0))?;
    }
    let at = begun.until;
    order::close(tx.db, begun.channel, number, Some(begun.by), at, Outcome::Removed)?;
    match wipe(tx, message, at)? {
        DeleteOutcome::Deleted(_, freed) => Ok(freed),
        _ => Ok(Vec::new()),
    }
}

/// The next channel in the order of their ids. One that is deleted is removed with all that is in it.
fn channel_after(db: &Connection, after: ChannelId) -> Result<Option<ChannelId>> {
    let mut find = db.prepare_cached(
        "SELECT id FROM channels WHERE id > ?1
             AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.channel_id = channels.id)
         ORDER BY id LIMIT 1",
    )?;
    Ok(find.query_row([after.0], |row| row.get(0).map(ChannelId)).optional()?)
}

/// The number of the newest message of a channel from before `since`; 0 if there is none.
fn before(db: &Connection, channel: ChannelId, since: Timestamp) -> Result<Number> {
    let mut last = db.prepare_cached("SELECT last_number FROM channels WHERE id = ?1")?;
    let mut at =
        db.prepare_cached("SELECT created_at FROM messages WHERE channel_id = ?1 AND number = ?2")?;
    // Numbers follow the time.
    let (mut low, mut high) = (0, last.query_row([channel.0], |row| row.get::<_, i64>(0))?);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        let created: Option<i64> =
            at.query_row((channel.0, middle), |row| row.get(0)).optional()?;
        if created.is_some_and(|created| created >= since.0) {
            high = middle - 1;
        } else {
            low = middle;
        }
    }
    Ok(Number(low))
}

/// Takes a person out of some of their channels; `false` when they are in none but direct conversations,
/// whose people never change.
fn leave_some(tx: &mut Tx<'_>, user: UserId, at: Timestamp) -> Result<bool> {
    let mut find = tx.db.prepare_cached(
        "SELECT m.channel_id FROM members m JOIN channels c ON c.id = m.channel_id
         WHERE m.user_id = ?1 AND c.kind <> 'direct' LIMIT ?2",
    )?;
    let found =
        find.query_map((user.0, sql_count(WIPED_AT_ONCE)), |row| row.get(0).map(ChannelId))?;
    let channels = found.collect::<rusqlite::Result<Vec<_>>>()?;
    for channel in &channels {
        exit(tx, *channel, user, at)?;
    }
    Ok(!channels.is_empty())
}

/// Everything was gone through: removes their files that are in no message, and the note that something
/// is to be removed.
fn finish(db: &Connection, begun: &Begun) -> Result<Vec<UploadId>> {
    let since = if begun.everything { i64::MIN } else { begun.since.0 };
    let mut files = db.prepare_cached(
        "DELETE FROM uploads WHERE channel_id IS NULL AND owner = ?1 AND created_at >= ?2
         RETURNING id",
    )?;
    let freed = files.query_map((begun.user.0, since), |row| row.get(0).map(UploadId))?;
    let freed = freed.collect::<rusqlite::Result<Vec<_>>>()?;
    if begun.everything {
        db.prepare_cached("DELETE FROM departures WHERE user_id = ?1")?.execute([begun.user.0])?;
    }
    db.prepare_cached("DELETE FROM wipings WHERE user_id = ?1")?.execute([begun.user.0])?;
    Ok(freed)
}

fn written(db: &Connection, by: UserId, whom: UserId, since: Timestamp) -> Result<Written> {
    check(db, by, PersonAction::Deactivate, whom)?;
    let mut channels = db.prepare_cached(
        "SELECT c.id FROM channels c
         WHERE (c.kind = 'public' AND NOT EXISTS
                   (SELECT 1 FROM kept_out k WHERE k.channel_id = c.id AND k.user_id = ?1))
            OR EXISTS (SELECT 1 FROM members m WHERE m.channel_id = c.id AND m.user_id = ?1)",
    )?;
    let mut count = db.prepare_cached(
        "SELECT count(*), coalesce(sum(attachments), 0) FROM messages
         WHERE channel_id = ?1 AND number > ?2 AND author_id = ?3 AND deleted_at IS NULL",
    )?;
    let mut written = Written::default();
    let found = channels.query_map([by.0], |row| row.get(0).map(ChannelId))?;
    for channel in found {
        let channel = channel?;
        let from = if since.0 <= 0 { Number(0) } else { before(db, channel, since)? };
        let (messages, files): (i64, i64) =
            count.query_row((channel.0, from.0, whom.0), |row| Ok((row.get(0)?, row.get(1)?)))?;
        written.messages += messages;
        written.files += files;
    }
    Ok(written)
}

fn remove_data(tx: &mut Tx<'_>, by: &Doer, whom: UserId) -> Result<()> {
    let account = check(tx.db, by.user, PersonAction::RemoveData, whom)?;
    if account.data_removed_at.is_some() {
        return Ok(());
    }
    end_account(tx, by, &account)?;
    let about = About { whom: Some(whom), ..About::default() };
    log::add(tx.db, by, Act::RemoveData, &about)?;
    if let Some(picture) = account.user.picture {
        pictures::remove(tx.db, picture)?;
    }
    let name = former_name(whom);
    forget_rows(tx.db, whom)?;
    forget_in_log(tx.db, whom, &account.user.name, &name)?;
    let (chosen, look) = (Settings::default(), Look::of(&name));
    let mut update = tx.db.prepare_cached(
        "UPDATE users SET name = :name, name_key = ' ' || id, look_drawn = :drawn,
             look_folded = :folded, password_hash = NULL, last_channel = NULL,
             language = :language, theme = :theme, enter_sends = :enter_sends, invisible = 0,
             role = 'member',
             muted_until = NULL, visit_ends_at = NULL, about = '', zone = '', status_emoji = '',
             status_text = '', status_until = NULL, picture = NULL, data_removed_at = :at
         WHERE id = :whom",
    )?;
    update.execute(named_params! {
        ":whom": whom.0,
        ":name": name,
        ":drawn": look.drawn,
        ":folded": look.folded,
        ":language": chosen.language.code(),
        ":theme": chosen.theme.code(),
        ":enter_sends": chosen.enter_sends,
        ":at": by.at.0,
    })?;
    super::people::changed(tx, whom)?;
    let role = users::existing(tx.db, whom)?.role();
    if role != account.role() {
        tx.happened(Event::RoleChanged { user: whom, before: account.role(), role });
    }
    begin(tx.db, by, whom, Timestamp(0))
}

/// Removes the rows that tell something of a person and that nobody else needs.
fn forget_rows(db: &Connection, whom: UserId) -> Result<()> {
    for statement in [
        "DELETE FROM sessions WHERE user_id = ?1",
        "DELETE FROM tokens WHERE user_id = ?1",
        "DELETE FROM devices WHERE user_id = ?1",
        "DELETE FROM old_names WHERE user_id = ?1",
        "DELETE FROM sign_in_links WHERE user_id = ?1",
        "DELETE FROM waiting WHERE user_id = ?1",
        "DELETE FROM came_by WHERE user_id = ?1",
        "DELETE FROM set_aside WHERE user_id = ?1",
        "DELETE FROM kept_out WHERE user_id = ?1",
        "DELETE FROM saved WHERE user_id = ?1",
        "DELETE FROM follows WHERE user_id = ?1",
        "DELETE FROM activity WHERE user_id = ?1",
        "UPDATE invites SET label = '' WHERE made_by = ?1",
        "UPDATE removals SET note = '' WHERE by = ?1",
        "UPDATE removals SET note = '' WHERE EXISTS (SELECT 1 FROM messages m
             WHERE m.channel_id = removals.channel_id AND m.number = removals.number
               AND m.author_id = ?1)",
        "UPDATE message_reports SET note = '' WHERE by = ?1",
        "UPDATE message_reports SET note = '', text = '' WHERE author = ?1",
    ] {
        db.prepare_cached(statement)?.execute([whom.0])?;
    }
    Ok(())
}

/// The log goes on saying what was done, with the new name and without their addresses. Entries have the
/// id of a person; a name is only in what else there is to say.
fn forget_in_log(db: &Connection, whom: UserId, old: &str, new: &str) -> Result<()> {
    let mut addresses = db.prepare_cached("UPDATE log SET address = '' WHERE by = ?1")?;
    addresses.execute([whom.0])?;
    let mut names = db.prepare_cached(
        "UPDATE log SET detail = replace(detail, ?2, ?3)
         WHERE (by = ?1 OR whom = ?1 OR (act = ?4 AND detail = ?2)) AND instr(detail, ?2) > 0",
    )?;
    names.execute((whom.0, old, new, Act::Refuse.code()))?;
    let mut reasons = db.prepare_cached(
        "UPDATE log SET detail = substr(detail, 1, instr(detail || ' ', ' ') - 1)
         WHERE whom = ?1 AND act = ?2",
    )?;
    // What was added to the reason for which a message of theirs was removed.
    reasons.execute((whom.0, Act::RemoveMessage.code()))?;
    Ok(())
}
