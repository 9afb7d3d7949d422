//! Looks the whole database over, and names what is wrong with it.
//!
//! First SQLite's own structure, then what the tables say of each other, then promise 3, then whether
//! every row is as it was written (`sums`). All of it
//! is one read transaction, so it may run beside a working server.

use rusqlite::Connection;

use super::{SqliteStore, sums, uploads};
use crate::model::ids::{ChannelId, UserId};
use crate::store::{Error, Result};

/// The most findings of one kind; a file that is damaged all over needs no longer list.
const MOST: usize = 100;

/// What a look at the database found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many people there are.
    pub people: i64,
    /// How many channels.
    pub channels: i64,
    /// How many messages, tombstones included.
    pub messages: i64,
    /// How many files.
    pub uploads: i64,
    /// What is wrong. Nothing, in a sound database.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The file itself; the text is SQLite's.
    #[error("the file is damaged: {0}")]
    Damage(String),
    /// A row that names another which is not there.
    #[error("a row of {table} names a row of {parent} that is not there")]
    Dangling {
        /// Where the row is.
        table: String,
        /// Where the other should be.
        parent: String,
    },
    /// A channel's messages are not numbered from 1 to its newest.
    #[error("the numbers of channel {0} have a gap")]
    Numbers(ChannelId),
    /// A channel's revisions are out of order, or not up to its newest change.
    #[error("the revisions of channel {0} do not fit its history")]
    Revisions(ChannelId),
    /// A channel counts its members wrongly.
    #[error("channel {0} counts its members wrongly")]
    Members(ChannelId),
    /// Messages of a channel count their files wrongly.
    #[error("messages of channel {0} count their files wrongly")]
    Attachments(ChannelId),
    /// A person's own stream, or the place's, stands before one of its changes; or there is not
    /// exactly one row that says which installation this is.
    #[error("{0}")]
    Streams(&'static str),
    /// Messages do not add up to the sum that was kept of them.
    #[error("among messages {first} to {last} of channel {channel} one is not as it was written")]
    Messages {
        /// The channel.
        channel: ChannelId,
        /// The first that it may be.
        first: i64,
        /// The last that it may be.
        last: i64,
    },
    /// The rows of a table do not add up to the sum that was kept of them.
    #[error("a row of {0} is not as it was written")]
    Table(String),
    /// The bytes of somebody's files are counted wrongly.
    #[error("the bytes of the files of person {0} are counted wrongly")]
    Stored(UserId),
}

/// Rows of the two streams beside the channels' that are ahead of their stream, and what says which
/// installation this is.
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

/// Channels whose messages are not 1, 2, … `last_number`.
const NUMBERS: &str = "
    SELECT c.id FROM channels c
    LEFT JOIN (SELECT channel_id, count(*) AS rows, min(number) AS first, max(number) AS last
               FROM messages GROUP BY channel_id) m ON m.channel_id = c.id
    WHERE coalesce(m.rows, 0) <> c.last_number OR coalesce(m.last, 0) <> c.last_number
       OR coalesce(m.first, 1) <> 1";

/// Channels where the newest revision is neither in a row nor that of the channel's own facts, or
/// posting went back in time. One revision may change several rows, but it posts one.
const REVISIONS: &str = "
    SELECT c.id FROM channels c
    LEFT JOIN (SELECT channel_id, min(revision) AS first, max(revision) AS last
               FROM messages GROUP BY channel_id) m ON m.channel_id = c.id
    WHERE max(coalesce(m.last, 0), c.facts_revision) <> c.revision
       OR coalesce(m.first, 1) < 1
    UNION
    SELECT channel_id FROM (
        SELECT channel_id, revision, posted_revision,
               lag(posted_revision, 1, 0) OVER (PARTITION BY channel_id ORDER BY number) AS earlier
        FROM messages)
    WHERE posted_revision <= earlier OR revision < posted_revision";

const MEMBERS: &str = "
    SELECT c.id FROM channels c
    WHERE c.member_count <> (SELECT count(*) FROM members m WHERE m.channel_id = c.id)";

const ATTACHMENTS: &str = "
    SELECT DISTINCT m.channel_id FROM messages m
    LEFT JOIN (SELECT channel_id, message_number, count(*) AS files FROM uploads
               WHERE channel_id IS NOT NULL GROUP BY channel_id, message_number) u
           ON u.channel_id = m.channel_id AND u.message_number = m.number
    WHERE m.attachments <> coalesce(u.files, 0)";

impl SqliteStore {
    /// Looks the whole database over. It reads every page: seconds for a gigabyte.
    ///
    /// # Errors
    /// When it cannot be read at all; damage that was found is in the report.
    pub async fn check(&self) -> Result<Report> {
        self.readers.read(look).await
    }
}

/// The look of [`SqliteStore::check`].
pub(super) fn look(db: &Connection) -> Result<Report> {
    let mut report = Report::default();
    let looked = structure(db, &mut report.findings).and_then(|()| {
        // What a damaged file says of itself is worth nothing.
        if report.findings.is_empty() { contents(db, &mut report) } else { Ok(()) }
    });
    match looked {
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

/// How many of each there are.
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
    broken_channels(db, ATTACHMENTS, Finding::Attachments, &mut report.findings)?;
    for (sql, finding) in STREAMS {
        if db.query_row(sql, [], |row| row.get(0))? {
            report.findings.push(Finding::Streams(finding));
        }
    }
    report.findings.extend(sums::changed(db)?.into_iter().take(MOST));
    let miscounted = uploads::miscounted(db)?.into_iter().map(Finding::Stored);
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
