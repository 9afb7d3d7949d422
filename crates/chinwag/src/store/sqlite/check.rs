//! A check of the whole database.
//!
//! It checks the structure of the file (by SQLite), then references between tables, then numbers and
//! revisions (promise 3) and everything that is counted, and last whether every row is as it was
//! written (`sums`). All of it is one read transaction, so it may run beside a working server.

use rusqlite::Connection;

use super::findings::{Finding, Report};
use super::reading::MOST_LOOKED_AT;
use super::rows::sql_count;
use super::{SqliteStore, searching, sums};
use crate::model::edits::MAX_VERSIONS;
use crate::model::ids::{ChannelId, UserId};
use crate::model::keeping::MAX_PINS;
use crate::model::users::MAX_OLD_NAMES;
use crate::store::{Error, Result};

/// The most findings of one kind that are reported.
const MOST: usize = 100;

/// Rows of a person's own stream or the place's whose revision is above that of the stream, and the
/// row that says which installation this is. A query answers whether something is wrong.
const STREAMS: [(&str, &str); 3] = [
    (
        "SELECT EXISTS (SELECT 1 FROM users u WHERE u.account_revision > u.own_revision)
             OR EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id
                        WHERE max(m.own_revision, m.read_step) > u.own_revision)
             OR EXISTS (SELECT 1 FROM departures d JOIN users u ON u.id = d.user_id
                        WHERE d.own_revision > u.own_revision)",
        "somebody's own stream stands before one of its changes",
    ),
    (
        "SELECT (SELECT count(*) FROM place) <> 1
             OR EXISTS (SELECT 1 FROM users WHERE place_revision > (SELECT revision FROM place))
             OR EXISTS (SELECT 1 FROM channels WHERE place_revision > (SELECT revision FROM place))",
        "the place's stream stands before one of its changes",
    ),
    (
        "SELECT count(*) <> 1 FROM instance",
        "the database does not say which installation it belongs to",
    ),
];

/// Whether a person stands to a thread since a later revision than that of their own stream.
const FOLLOWS: &str = "
    SELECT EXISTS (SELECT 1 FROM follows f JOIN users u ON u.id = f.user_id
                   WHERE max(f.own_revision, f.read_step) > u.own_revision)";

/// Channels whose messages are not `floor` + 1, + 2, … `last_number`. Of a channel that was deleted, and below
/// the floor of one that was cleared, some may be there until they are removed.
const NUMBERS: &str = "
    SELECT c.id FROM channels c
    LEFT JOIN (SELECT channel_id, count(*) AS rows, min(number) AS first, max(number) AS last
               FROM messages JOIN channels k ON k.id = channel_id AND number > k.floor
               GROUP BY channel_id) m ON m.channel_id = c.id
    WHERE c.id NOT IN (SELECT channel_id FROM deletions WHERE through IS NULL)
      AND (coalesce(m.rows, 0) <> c.last_number - c.floor
           OR coalesce(m.last, c.floor) <> c.last_number
           OR coalesce(m.first, c.floor + 1) <> c.floor + 1)
    UNION
    SELECT channel_id FROM messages JOIN channels k ON k.id = channel_id
    WHERE number <= k.floor AND k.id NOT IN (SELECT channel_id FROM deletions)";

/// Channels whose newest tombstone or line of the run is not noted: it would count as unread. `in_run` is the
/// condition for a row `m` of the run.
fn quiet(in_run: &str) -> String {
    format!(
        "SELECT DISTINCT m.channel_id FROM messages m INDEXED BY messages_deleted
         JOIN channels c ON c.id = m.channel_id
         WHERE m.deleted_at IS NOT NULL AND {in_run} AND m.number > c.last_quiet"
    )
}

/// Channels whose newest revision is neither that of a message nor that of the channel's own facts,
/// or where a later message was posted with an earlier revision. One revision may change several
/// messages, but it posts one.
const REVISIONS: &str = "
    SELECT c.id FROM channels c
    LEFT JOIN (SELECT channel_id, min(revision) AS first, max(revision) AS last
               FROM messages GROUP BY channel_id) m ON m.channel_id = c.id
    WHERE c.id NOT IN (SELECT channel_id FROM deletions)
      AND (max(coalesce(m.last, 0), c.facts_revision) <> c.revision OR coalesce(m.first, 1) < 1)
    UNION
    SELECT channel_id FROM (
        SELECT channel_id, revision, posted_revision,
               lag(posted_revision, 1, 0) OVER (PARTITION BY channel_id ORDER BY number) AS earlier
        FROM messages)
    WHERE posted_revision <= earlier OR revision < posted_revision";

/// Channels whose count of members is not that of their rows.
const MEMBERS: &str = "
    SELECT c.id FROM channels c
    WHERE c.member_count <> (SELECT count(*) FROM members m WHERE m.channel_id = c.id)";

/// Channels where a member's count of their own messages of the run above the read mark is wrong. If more than
/// `MOST_LOOKED_AT` messages are above the mark, it may be too low (see `reading`).
///
/// It reads the messages once and looks up their authors: reading the messages above each mark would
/// take members × messages.
fn own_above(in_run: &str) -> String {
    format!(
        "WITH own (channel_id, user_id, above) AS (
             SELECT m.channel_id, m.author_id, count(*) FROM messages m
             CROSS JOIN members r ON r.channel_id = m.channel_id AND r.user_id = m.author_id
             CROSS JOIN channels k ON k.id = m.channel_id
             WHERE m.number > max(r.read_number, k.floor) AND m.deleted_at IS NULL AND {in_run}
             GROUP BY m.channel_id, m.author_id)
         SELECT DISTINCT m.channel_id FROM members m
         JOIN channels c ON c.id = m.channel_id
         LEFT JOIN own ON own.channel_id = m.channel_id AND own.user_id = m.user_id
         WHERE m.own_above > coalesce(own.above, 0)
            OR (m.own_above < coalesce(own.above, 0)
                AND c.last_number - max(m.read_number, c.floor) <= {MOST_LOOKED_AT})"
    )
}

/// Channels where rows that are off the run are counted wrongly: by a row, by the channel, or by a member's read
/// mark; or where a row of the run does not say how wide the gap before it is.
const RUN: &str = "
    SELECT channel_id FROM (
        SELECT m.channel_id, m.number, m.off_run, m.gap, m.off_count, c.floor, c.floor_off,
               sum(m.off_run) OVER (PARTITION BY m.channel_id ORDER BY m.number) AS off_so_far,
               max(iif(m.off_run, NULL, m.number)) OVER (
                   PARTITION BY m.channel_id ORDER BY m.number
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM messages m JOIN channels c ON c.id = m.channel_id AND m.number > c.floor)
    WHERE off_count <> floor_off + off_so_far
       OR (off_run = 1 AND gap <> 0)
       OR (off_run = 0 AND before IS NOT NULL AND gap <> number - before - 1)
       OR (off_run = 0 AND before IS NULL AND gap < number - floor - 1)
    UNION
    SELECT c.id FROM channels c
    WHERE c.id NOT IN (SELECT channel_id FROM deletions)
      AND (c.off_count <> coalesce(
               (SELECT m.off_count FROM messages m
                WHERE m.channel_id = c.id AND m.number = c.last_number AND m.number > c.floor),
               c.floor_off)
           OR (c.last_in_run > c.floor AND c.last_in_run <>
               (SELECT max(number) FROM messages WHERE channel_id = c.id AND off_run = 0)))
    UNION
    SELECT r.channel_id FROM members r JOIN channels c ON c.id = r.channel_id
    WHERE r.read_number > c.floor
      AND r.read_off <> (SELECT m.off_count FROM messages m
                         WHERE m.channel_id = c.id AND m.number = r.read_number)";

/// Channels with a thread that counts its replies wrongly, with a reply that stands under no thread, or with
/// one whose root is not before it.
const THREADS: &str = "
    SELECT t.channel_id FROM threads t
    LEFT JOIN messages r ON r.channel_id = t.channel_id AND r.number = t.root
    LEFT JOIN (SELECT channel_id, root, count(*) AS replies, max(number) AS last
               FROM messages WHERE root IS NOT NULL AND deleted_at IS NULL
               GROUP BY channel_id, root) m
           ON m.channel_id = t.channel_id AND m.root = t.root
    WHERE t.replies <> coalesce(m.replies, 0) OR t.last_number <> coalesce(m.last, t.root)
       OR r.thread IS NOT 1
    UNION
    SELECT m.channel_id FROM messages m JOIN channels c ON c.id = m.channel_id
    LEFT JOIN threads t ON t.channel_id = m.channel_id AND t.root = m.root
    WHERE m.root IS NOT NULL
      AND (m.root >= m.number OR (m.root > c.floor AND t.root IS NULL))";

/// Channels with messages whose count of files is not that of their rows.
const ATTACHMENTS: &str = "
    SELECT DISTINCT m.channel_id FROM messages m
    LEFT JOIN (SELECT channel_id, message_number, count(*) AS files FROM uploads
               WHERE channel_id IS NOT NULL GROUP BY channel_id, message_number) u
           ON u.channel_id = m.channel_id AND u.message_number = m.number
    WHERE m.attachments <> coalesce(u.files, 0)";

/// Channels with messages that count their kinds of reactions wrongly, or with a kind that counts its people
/// wrongly.
const REACTIONS: &str = "
    SELECT m.channel_id FROM messages m
    LEFT JOIN (SELECT channel_id, number, count(*) AS kinds FROM reaction_kinds
               GROUP BY channel_id, number) k
           ON k.channel_id = m.channel_id AND k.number = m.number
    WHERE m.reactions <> coalesce(k.kinds, 0)
    UNION
    SELECT k.channel_id FROM reaction_kinds k
    LEFT JOIN (SELECT channel_id, number, place, count(*) AS people FROM reactions
               GROUP BY channel_id, number, place) r
           ON r.channel_id = k.channel_id AND r.number = k.number AND r.place = k.place
    WHERE k.count <> coalesce(r.people, 0)";

/// Channels with a message that quotes itself, a later one or none that ever was, or that is deleted and quotes
/// still.
const QUOTES: &str = "
    SELECT DISTINCT channel_id FROM messages
    WHERE quote < 0 OR quote >= number OR (quote > 0 AND deleted_at IS NOT NULL)";

/// Channels with a message that says that it carries another one and does not, or the other way round.
const FORWARDS: &str = "
    SELECT m.channel_id FROM messages m
    WHERE m.forwarded AND NOT EXISTS (
        SELECT 1 FROM forwards f WHERE f.channel_id = m.channel_id AND f.number = m.number)
    UNION SELECT f.channel_id FROM forwards f
    JOIN messages m ON m.channel_id = f.channel_id AND m.number = f.number
    WHERE NOT m.forwarded";

/// Channels with messages that count their mentions wrongly, or with one that mentions somebody above the newest
/// that is noted: it would not count.
const MENTIONS: &str = "
    SELECT m.channel_id FROM messages m
    LEFT JOIN (SELECT channel_id, number, count(*) AS calls FROM mentions
               GROUP BY channel_id, number) k
           ON k.channel_id = m.channel_id AND k.number = m.number
    WHERE m.mentions <> coalesce(k.calls, 0)
    UNION
    SELECT k.channel_id FROM mentions k JOIN channels c ON c.id = k.channel_id
    WHERE k.number > c.last_mention";

/// Channels with a message that is pinned and has no row of a pin, or has one and is not pinned; or with more pins
/// than may be.
fn pins() -> String {
    format!(
        "SELECT m.channel_id FROM messages m
         LEFT JOIN pins p ON p.channel_id = m.channel_id AND p.number = m.number
         WHERE m.pinned <> (p.number IS NOT NULL)
         UNION SELECT channel_id FROM pins GROUP BY channel_id HAVING count(*) > {MAX_PINS}"
    )
}

/// Channels with a message in the activity of somebody whom it does not call (1), or to whose message nobody else
/// reacted (2).
const ACTIVITY: &str = "
    SELECT a.channel_id FROM activity a
    WHERE (a.kind = 1 AND NOT EXISTS (
               SELECT 1 FROM mentions k WHERE k.channel_id = a.channel_id AND k.number = a.number
                   AND k.user_id IN (a.user_id, 0)))
       OR (a.kind = 2 AND NOT EXISTS (
               SELECT 1 FROM messages m
               JOIN reactions r ON r.channel_id = m.channel_id AND r.number = m.number
               WHERE m.channel_id = a.channel_id AND m.number = a.number
                   AND m.author_id = a.user_id AND r.user_id <> a.user_id))";

/// Whether a turn of an activity is above the newest that is noted, or what somebody has seen is.
const TURNS: &str = "
    SELECT EXISTS (SELECT 1 FROM activity WHERE turn > (SELECT last_turn FROM place))
        OR EXISTS (SELECT 1 FROM users WHERE activity_seen > (SELECT last_turn FROM place)
                                          OR activity_revision > own_revision)";

/// Channels with a message that has an earlier text of a form that it never had, as a deleted one has none, or
/// more of them than are kept.
fn versions() -> String {
    format!(
        "SELECT v.channel_id FROM versions v
         JOIN messages m ON m.channel_id = v.channel_id AND m.number = v.number
         WHERE v.edit >= m.edits
         UNION SELECT channel_id FROM versions
         GROUP BY channel_id, number HAVING count(*) > {MAX_VERSIONS}"
    )
}

impl SqliteStore {
    /// Checks the whole database. It reads every page: seconds for a gigabyte.
    ///
    /// # Errors
    /// When the database cannot be read at all. Damage that was found is in the report.
    pub async fn check(&self) -> Result<Report> {
        self.readers.read(check).await
    }
}

/// The work of [`SqliteStore::check`].
pub(super) fn check(db: &Connection) -> Result<Report> {
    let mut report = Report::default();
    let checked = structure(db, &mut report.findings).and_then(|()| {
        // What the tables of a damaged file say cannot be trusted.
        if report.findings.is_empty() { contents(db, &mut report) } else { Ok(()) }
    });
    match checked {
        Err(Error::Corrupt(reason)) => report.findings.push(Finding::Damage(reason)),
        other => other?,
    }
    Ok(report)
}

fn structure(db: &Connection, findings: &mut Vec<Finding>) -> Result<()> {
    let mut check = db.prepare(&format!("PRAGMA integrity_check({MOST})"))?;
    let mut lines = check.query([])?;
    while let Some(line) = lines.next()? {
        match line.get::<_, String>(0)? {
            sound if sound == "ok" => {}
            damage => findings.push(Finding::Damage(damage)),
        }
    }
    Ok(())
}

/// Counts people, channels, messages and files; the findings are empty.
pub(super) fn counts(db: &Connection) -> Result<Report> {
    let count = |table| {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
    };
    Ok(Report {
        people: count("users")?,
        channels: count("channels")?,
        messages: count("messages")?,
        uploads: count("uploads")?,
        findings: Vec::new(),
    })
}

fn contents(db: &Connection, report: &mut Report) -> Result<()> {
    *report = counts(db)?;
    dangling(db, &mut report.findings)?;
    broken_channels(db, NUMBERS, Finding::Numbers, &mut report.findings)?;
    broken_channels(db, REVISIONS, Finding::Revisions, &mut report.findings)?;
    broken_channels(db, MEMBERS, Finding::Members, &mut report.findings)?;
    let has_threads = has_table(db, "threads")?;
    let in_run = if has_threads { "m.off_run = 0" } else { "true" };
    broken_channels(db, &own_above(in_run), Finding::OwnAbove, &mut report.findings)?;
    broken_channels(db, &quiet(in_run), Finding::Quiet, &mut report.findings)?;
    broken_channels(db, ATTACHMENTS, Finding::Attachments, &mut report.findings)?;
    // A database of a version before has none of these.
    if has_threads {
        broken_channels(db, RUN, Finding::Run, &mut report.findings)?;
        broken_channels(db, THREADS, Finding::Threads, &mut report.findings)?;
    }
    if has_table(db, "reactions")? {
        broken_channels(db, REACTIONS, Finding::Reactions, &mut report.findings)?;
        broken_channels(db, &versions(), Finding::Versions, &mut report.findings)?;
    }
    if has_column(db, "messages", "quote")? {
        broken_channels(db, QUOTES, Finding::Quotes, &mut report.findings)?;
        broken_channels(db, FORWARDS, Finding::Forwards, &mut report.findings)?;
    }
    if has_threads && db.query_row(FOLLOWS, [], |row| row.get(0))? {
        report.findings.push(Finding::Streams(STREAMS[0].1));
    }
    if has_table(db, "mentions")? {
        broken_channels(db, MENTIONS, Finding::Mentions, &mut report.findings)?;
    }
    if has_table(db, "pins")? {
        broken_channels(db, &pins(), Finding::Pins, &mut report.findings)?;
    }
    if has_table(db, "activity")? {
        broken_channels(db, ACTIVITY, Finding::Activity, &mut report.findings)?;
        if db.query_row(TURNS, [], |row| row.get(0))? {
            let what = "the newest turn of what concerns people is not noted";
            report.findings.push(Finding::Streams(what));
        }
    }
    if has_table(db, "search_rows")? {
        let broken = searching::broken(db)?.into_iter().map(Finding::Search);
        report.findings.extend(broken.take(MOST));
    }
    for (sql, finding) in STREAMS {
        if db.query_row(sql, [], |row| row.get(0))? {
            report.findings.push(Finding::Streams(finding));
        }
    }
    report.findings.extend(sums::changed(db)?.into_iter().take(MOST));
    let wrongly_kept = wrongly_kept_names(db)?.into_iter().map(Finding::OldName);
    report.findings.extend(wrongly_kept.take(MOST));
    let miscounted = miscounted_bytes(db)?.into_iter().map(Finding::Stored);
    report.findings.extend(miscounted.take(MOST));
    Ok(())
}

fn broken_channels(
    db: &Connection,
    sql: &str,
    finding: fn(ChannelId) -> Finding,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut find = db.prepare(sql)?;
    let broken = find.query_map([], |row| Ok(finding(ChannelId(row.get(0)?))))?;
    for channel in broken.take(MOST) {
        findings.push(channel?);
    }
    Ok(())
}

fn dangling(db: &Connection, findings: &mut Vec<Finding>) -> Result<()> {
    let mut check = db.prepare("PRAGMA foreign_key_check")?;
    let found = check
        .query_map([], |row| Ok(Finding::Dangling { table: row.get(0)?, parent: row.get(2)? }))?;
    for finding in found.take(MOST) {
        findings.push(finding?);
    }
    Ok(())
}

/// The people with an old name that somebody holds, or with too many old names. Empty for a database
/// of a version that kept none.
fn wrongly_kept_names(db: &Connection) -> Result<Vec<UserId>> {
    if !has_table(db, "old_names")? {
        return Ok(Vec::new());
    }
    let mut find = db.prepare(
        "SELECT o.user_id FROM old_names o JOIN users u ON u.name_key = o.name_key
         UNION SELECT user_id FROM old_names GROUP BY user_id HAVING count(*) > ?1",
    )?;
    let found = find.query_map([sql_count(MAX_OLD_NAMES)], |row| Ok(UserId(row.get(0)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn has_table(db: &Connection, name: &str) -> Result<bool> {
    let mut find = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?;
    Ok(find.exists([name])?)
}

fn has_column(db: &Connection, table: &str, name: &str) -> Result<bool> {
    let mut find = db.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2")?;
    Ok(find.exists([table, name])?)
}

/// The people whose bytes of files are counted wrongly; person 0 stands for all together. Empty for a
/// database of a version that did not count them.
fn miscounted_bytes(db: &Connection) -> Result<Vec<UserId>> {
    if !has_table(db, "stored")? {
        return Ok(Vec::new());
    }
    let mut find = db.prepare(
        "WITH counted (owner, bytes) AS (
             SELECT owner, sum(size_bytes) FROM uploads GROUP BY owner
             UNION ALL SELECT 0, coalesce(sum(size_bytes), 0) FROM uploads)
         SELECT owner FROM counted c
         WHERE c.bytes <> coalesce((SELECT bytes FROM stored s WHERE s.owner = c.owner), 0)
         UNION SELECT owner FROM stored
         WHERE bytes <> 0 AND owner NOT IN (SELECT owner FROM counted)",
    )?;
    let found = find.query_map([], |row| Ok(UserId(row.get(0)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
