//! Makes folders full of messages, faster than a server would take them.
//!
//! The store makes the database, its people and its channels. One SQL statement then puts the messages
//! into its tables as the store would have done: numbered from 1 in each channel, the channels in
//! turn, each with a random key. Outside the store this is the only file that knows the product's
//! tables. If the schema changes, it fails; it does not measure something else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use chinwag::model::channels::{ChannelState, ChannelView};
use chinwag::model::ids::{ChannelId, SecretHash, UserId};
use chinwag::model::names::{ChannelName, DisplayName};
use chinwag::model::text::Topic;
use chinwag::model::time::Timestamp;
use chinwag::store::sqlite::{DATABASE, SqliteConfig, SqliteStore};
use chinwag::store::{Channels, NewChannel, NewSession, Store, Users};
use rusqlite::{Connection, named_params};

use super::setting::Bench;

/// The time of all messages. The store does not read the clock.
pub(super) const AT: Timestamp = Timestamp(1_767_225_600_000);
/// What the texts are cut from.
const TEXT: &str = ", of about the length that people write to others";

/// What a folder is to hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Messages in all.
    pub messages: u64,
    /// Channels that share the messages. They are called `bench 0` and so on.
    pub channels: u64,
    /// Channels that the author is in: those with messages, and empty ones.
    pub memberships: u64,
    /// The approximate length of the texts in bytes.
    pub text_bytes: usize,
}

/// The author and the channels of a filled folder.
#[derive(Debug, Clone)]
pub(super) struct People {
    /// The author of everything.
    pub author: UserId,
    /// The channels with messages.
    pub channels: Arc<[ChannelId]>,
}

/// A folder that is removed when this value is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes it, among the folders of the bench.
    pub(super) fn new(bench: &Bench, name: &str) -> Result<Self> {
        let path = bench.folder.join(format!("chinwag-bench-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { path })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What was measured counts whether or not the folder can be removed.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Makes a data folder as planned.
pub(super) fn fill(folder: &Path, plan: &Plan) -> Result<People> {
    let runtime = runtime()?;
    let people = runtime.block_on(async {
        let store = open(folder)?;
        let people = people(&store, plan).await;
        store.close().await;
        people
    })?;
    insert(folder, plan, &people)?;
    // Opening the store computes the checksums of the messages that it did not insert itself.
    let store = runtime.block_on(async { open(folder) })?;
    runtime.block_on(store.close());
    Ok(people)
}

/// Gives the messages of a folder other texts, and has them indexed by whoever opens it. Returns how many bytes the
/// texts have.
pub(super) fn reword(folder: &Path, text: impl Fn(u64) -> String) -> Result<u64> {
    let mut db = Connection::open(folder.join(DATABASE))?;
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;")?;
    let tx = db.transaction()?;
    let mut bytes = 0;
    {
        let mut find =
            tx.prepare("SELECT channel_id, number FROM messages ORDER BY channel_id, number")?;
        let all = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let all: Vec<(i64, i64)> = all.collect::<rusqlite::Result<_>>()?;
        let mut update =
            tx.prepare("UPDATE messages SET text = ?3 WHERE channel_id = ?1 AND number = ?2")?;
        for (place, (channel, number)) in all.into_iter().enumerate() {
            let text = text(place as u64);
            bytes += text.len() as u64;
            update.execute((channel, number, text))?;
        }
    }
    tx.execute_batch("DELETE FROM sums; UPDATE place SET search_version = 0;")?;
    tx.commit()?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error)?;
    Ok(bytes)
}

/// The runtime for the store's methods.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .context("cannot start the runtime")
}

/// The store in a folder.
pub(super) fn open(folder: &Path) -> Result<Arc<SqliteStore>> {
    let config = SqliteConfig { data: folder.to_owned(), ..SqliteConfig::default() };
    Ok(Arc::new(SqliteStore::open(config, Arc::new(|_| {}))?))
}

/// One author in all channels.
pub(super) async fn people(store: &SqliteStore, plan: &Plan) -> Result<People> {
    let session = NewSession {
        token: SecretHash([1; 32]),
        device: Some(SecretHash([2; 32])),
        at: AT,
        expires_at: AT.plus_ms(1),
        user_agent: "bench".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    let name = DisplayName::parse("bench").ok().context("a plain name was refused")?;
    let (account, _) = store.take_name(name, session).await?;
    let mut channels = Vec::new();
    for number in 0..plan.memberships.max(plan.channels) {
        let name = ChannelName::parse(&format!("bench {number}"))
            .ok()
            .context("a plain name was refused")?;
        let topic = Topic::parse("").ok().context("an empty topic was refused")?;
        let (by, state) = (account.user.id, ChannelState::default());
        let new = NewChannel { id: None, name, topic, state, by, people: Vec::new(), at: AT };
        let ChannelView { channel, .. } = store.create_channel(new).await?;
        channels.push(channel.id);
    }
    channels.truncate(plan.channels as usize);
    Ok(People { author: account.user.id, channels: channels.into() })
}

/// Puts the messages into the tables.
fn insert(folder: &Path, plan: &Plan, people: &People) -> Result<()> {
    let first = people.channels.first().context("no channel to fill")?.0;
    let last = first + plan.channels as i64 - 1;
    ensure!(people.channels.last().is_some_and(|id| id.0 == last), "channels are not in a row");
    let db = Connection::open(folder.join(DATABASE))?;
    // Nothing has to survive a crash here: a folder that is filled in part is thrown away.
    db.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
         PRAGMA cache_size = -1000000;",
    )?;
    // An index that is made at the end is sorted once, instead of being searched for every row.
    let index: String = db.query_row(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = 'messages_by_key'",
        [],
        |row| row.get(0),
    )?;
    db.execute_batch("BEGIN; DROP INDEX messages_by_key;")?;
    db.execute(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :messages)
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text)
         SELECT :first + i % :channels, i / :channels + 1, i / :channels + 1, i / :channels + 1,
                :author, randomblob(16), :at + i, 'message number ' || i || :text
         FROM n",
        named_params! {
            ":messages": plan.messages as i64,
            ":first": first,
            ":channels": plan.channels as i64,
            ":author": people.author.0,
            ":at": AT.0,
            ":text": text(plan.text_bytes),
        },
    )?;
    db.execute_batch(&index)?;
    db.execute(
        "UPDATE channels
         SET (last_number, last_in_run, revision) =
             (SELECT max(number), max(number), max(number) FROM messages WHERE channel_id = channels.id)
         WHERE id BETWEEN ?1 AND ?2",
        [first, last],
    )?;
    // The words of these messages are looked for by nobody, and indexing them would be measured with everything else.
    db.execute(
        "INSERT OR REPLACE INTO search_marks (channel_id, low, high)
         SELECT id, 0, last_number FROM channels WHERE id BETWEEN ?1 AND ?2",
        [first, last],
    )?;
    db.execute_batch("DELETE FROM sums; COMMIT; PRAGMA journal_mode = WAL;")?;
    db.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Puts a thread of so many replies between the newest message of the first channel, which begins it, and another
/// message, which is the newest then. Returns the number of the message that begins it.
pub(super) fn add_thread(folder: &Path, people: &People, replies: i64) -> Result<i64> {
    let channel = people.channels.first().context("no channel to fill")?.0;
    let db = Connection::open(folder.join(DATABASE))?;
    let root: i64 =
        db.query_row("SELECT last_number FROM channels WHERE id = ?1", [channel], |row| {
            row.get(0)
        })?;
    let (author, at, text) = (people.author.0, AT.0, text(80));
    db.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {replies})
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text, root, off_run, off_count)
             SELECT {channel}, {root} + i, {root} + i, {root} + i, {author}, randomblob(16), {at},
                    'reply ' || i || '{text}', {root}, 1, i
             FROM n;
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text, gap, off_count)
             SELECT {channel}, {root} + {replies} + 1, {root} + {replies} + 1,
                    {root} + {replies} + 1, {author}, randomblob(16), {at}, 'the newest',
                    {replies}, {replies};
         INSERT INTO threads (channel_id, root, replies, last_number, last_at, faces, turn,
                              told_number, told_at, told_by)
             VALUES ({channel}, {root}, {replies}, {root} + {replies}, {at}, '{author}', 0, 0, 0, 0);
         UPDATE messages SET thread = 1 WHERE channel_id = {channel} AND number = {root};
         UPDATE channels SET last_number = {root} + {replies} + 1,
                             revision = {root} + {replies} + 1,
                             last_in_run = {root} + {replies} + 1, off_count = {replies}
             WHERE id = {channel};
         DELETE FROM sums;
         COMMIT;"
    ))?;
    db.close().map_err(|(_, error)| error)?;
    // As after filling.
    let runtime = runtime()?;
    let store = runtime.block_on(async { open(folder) })?;
    runtime.block_on(store.close());
    Ok(root)
}

/// The part of each text that follows the number.
fn text(bytes: usize) -> String {
    const NUMBER: usize = "message number 1000000".len();
    TEXT.chars().cycle().take(bytes.saturating_sub(NUMBER)).collect()
}

#[cfg(test)]
mod tests {
    use chinwag::model::messages::PageAt;
    use chinwag::store::Messages;

    use super::*;

    #[test]
    fn the_store_reads_a_folder_that_was_filled_past_it() {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan { messages: 1000, channels: 3, memberships: 7, text_bytes: 80 };
        let people = fill(folder.path(), &plan).unwrap();
        runtime().unwrap().block_on(async {
            let store = open(folder.path()).unwrap();
            let page = store
                .messages(people.channels[0], people.author, PageAt::Newest, 100)
                .await
                .unwrap();
            let page = page.unwrap();
            assert_eq!(page.messages.len(), 100);
            assert_eq!((page.last_number.0, page.revision.0), (334, 334));
            assert_eq!(page.messages[99].number.0, 334);
            assert_eq!(store.channels(people.author).await.unwrap().len(), 7);
            store.close().await;
        });
    }
}
