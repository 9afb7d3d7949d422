//! What reads cost, in steps of SQLite's machine: a channel with a hundred times as many messages,
//! all of them unread, costs no more than another.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rusqlite::Connection;

use super::rows::{self, channels, joined, members};
use super::writer::Tx;
use super::{
    changes, connection, editing, messages, migrations, posting, reacting, reading, streams,
    threading,
};
use crate::model::edits::Edit;
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use crate::model::messages::PageAt;
use crate::model::reactions::Emoji;
use crate::model::text::MessageText;
use crate::model::threads::Reply;
use crate::model::time::Timestamp;
use crate::store::{NewMessage, PostOutcome};

const ADA: UserId = UserId(1);
const GRACE: UserId = UserId(2);
const CHANNEL: ChannelId = ChannelId(1);
/// More than fit into a page of messages, and a hundred times as many.
const FEW: i64 = 200;
const MANY: i64 = 20_000;
/// Steps that bisecting more rows may take more, and a deeper tree.
const DEEPER: u64 = 200;

/// A channel with so many messages by Grace, the first of them deleted, of which Ada has read none.
fn database(count: i64) -> Connection {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("chinwag.db");
    let mut db = connection::open_writer(path).unwrap();
    migrations::migrate(&mut db, path).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends)
             VALUES (1, 'Ada', 'ada', 0, 'auto', 'auto', 0), (2, 'Grace', 'grace', 0, 'auto', 'auto', 0);
         INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count,
                               revision, last_number, last_in_run)
             VALUES (1, 'general', 'general', '', 0, 1, 2, {count} + 1, {count}, {count});
         INSERT INTO members (channel_id, user_id, joined_at) VALUES (1, 1, 0), (1, 2, 0);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text)
             SELECT 1, i, i, i, 2, randomblob(16), 0, 'as it is' FROM n;
         INSERT INTO versions (channel_id, number, edit, at, text)
             SELECT 1, number, 0, 0, 'as it was' FROM messages;
         INSERT INTO reaction_kinds (channel_id, number, place, emoji, count)
             SELECT 1, number, 1, '👍', 2 FROM messages;
         INSERT INTO reactions (channel_id, number, place, user_id, revision)
             SELECT 1, number, 1, id, id FROM messages, users;
         UPDATE messages SET edits = 1, reactions = 1;
         UPDATE messages SET deleted_at = 1, text = '', revision = {count} + 1 WHERE number = 1;
         UPDATE channels SET last_quiet = 1;"
    ))
    .unwrap();
    db
}

/// The steps that `work` takes when it is done again.
fn steps(db: &mut Connection, work: impl Fn(&Connection)) -> u64 {
    work(db);
    let count = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&count);
    db.progress_handler(
        1,
        Some(move || {
            counter.fetch_add(1, Relaxed);
            false
        }),
    )
    .unwrap();
    work(db);
    db.progress_handler(1, None::<fn() -> bool>).unwrap();
    count.load(Relaxed)
}

#[test]
fn reads_cost_the_same_in_a_channel_of_any_length() {
    type Read = fn(&Connection, i64);
    let reads: [(&str, Read); 11] = [
        ("the list of channels", |db, _| drop(joined::all(db, ADA).unwrap())),
        ("one channel", |db, _| drop(channels::view(db, CHANNEL, ADA).unwrap().unwrap())),
        ("what the app starts from", |db, _| {
            drop(streams::overview(db, ADA, ChannelId(0)).unwrap().unwrap());
        }),
        ("one's own changes", |db, _| {
            drop(streams::own_changes(db, ADA, Revision(0), 100).unwrap().unwrap());
        }),
        ("where the streams stand", |db, _| drop(streams::heads(db, ADA).unwrap())),
        ("the newest hundred", |db, _| {
            drop(messages::page(db, CHANNEL, ADA, PageAt::Newest, 100).unwrap().unwrap());
        }),
        ("the newest changes", |db, count| {
            let since = Revision(count - 50);
            drop(changes::changes(db, CHANNEL, ADA, since, 100).unwrap().unwrap());
        }),
        ("the earlier texts of a message", |db, count| {
            let versions = editing::versions(db, CHANNEL, Number(count / 2), ADA).unwrap();
            assert_eq!(versions.map(|versions| versions.len()), Some(1));
        }),
        ("who reacted", |db, count| {
            let thumb = Emoji::parse("👍").unwrap();
            let who = reacting::reactors(db, CHANNEL, Number(count / 2), thumb, ADA).unwrap();
            assert_eq!(who.map(|who| who.total), Some(2));
        }),
        ("an edit and a reaction", |db, count| {
            let (message, mut tx) = ((CHANNEL, Number(count / 2)), Tx::of_test(db));
            let before = rows::messages::message(db, message.0, message.1).unwrap().unwrap();
            let text = MessageText::parse(&format!("edit {}", before.edits), false).unwrap();
            let wanted = Edit { edits: None, text, mentions: Vec::new(), files: None };
            editing::edit(&mut tx, message, GRACE, &wanted, Timestamp(1)).unwrap();
            let thumb = Emoji::parse("👍").unwrap();
            for on in [false, true] {
                let wish = (thumb, on);
                reacting::react(&mut tx, message, ADA, wish, Timestamp(1)).unwrap().unwrap();
            }
        }),
        ("what is unread", |db, _| {
            let head = channels::head(db, CHANNEL).unwrap().unwrap();
            let member = members::row(db, CHANNEL, ADA).unwrap().unwrap();
            assert!(reading::unread(db, CHANNEL, head, member).unwrap() > 0);
        }),
    ];
    let (mut few, mut many) = (database(FEW), database(MANY));
    for (name, read) in reads {
        let short = steps(&mut few, |db| read(db, FEW));
        let long = steps(&mut many, |db| read(db, MANY));
        assert!(short > 0, "{name}");
        assert!(long <= short + DEEPER, "{name}: {short} steps grew to {long}");
    }
}

/// As [`database`], with so many lines between the newest message and the one before it.
fn with_lines(count: i64) -> Connection {
    let db = database(FEW);
    db.execute_batch(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, deleted_at, text)
             SELECT 1, {FEW} + i, {FEW} + 1 + i, {FEW} + 1 + i, 2, randomblob(16), 0, 0,
                    'archived' || char(10) || char(10)
             FROM n;
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text)
             VALUES (1, {FEW} + {count} + 1, {FEW} + {count} + 2, {FEW} + {count} + 2, 2,
                     randomblob(16), 0, 'the newest');
         UPDATE channels SET last_number = {FEW} + {count} + 1, revision = {FEW} + {count} + 2,
                             last_in_run = {FEW} + {count} + 1,
                             last_quiet = {FEW} + {count};"
    ))
    .unwrap();
    db
}

#[test]
fn the_newest_hundred_and_the_list_cost_the_same_however_many_lines_lie_between() {
    let (mut few, mut many) = (with_lines(FEW), with_lines(MANY));
    type Read = fn(&Connection);
    let reads: [(&str, Read); 3] = [
        ("the newest hundred", |db| {
            let page = messages::page(db, CHANNEL, ADA, PageAt::Newest, 100).unwrap().unwrap();
            assert_eq!(page.messages.len(), 200, "one message, and lines up to the bound");
        }),
        ("the list of channels", |db| drop(joined::all(db, ADA).unwrap())),
        ("what is unread above the lines", |db| {
            let head = channels::head(db, CHANNEL).unwrap().unwrap();
            let member = members::row(db, CHANNEL, ADA).unwrap().unwrap();
            let member = members::MemberRow { read_number: head.last_quiet, ..member };
            assert_eq!(reading::unread(db, CHANNEL, head, member).unwrap(), 1);
        }),
    ];
    for (name, read) in reads.into_iter().filter(|(name, _)| *name != "the list of channels") {
        let short = steps(&mut few, read);
        let long = steps(&mut many, read);
        assert!(long <= short + DEEPER, "{name}: {short} steps grew to {long}");
    }
    // The list counts the lines above an old mark, in an index that holds nothing else: a few steps for each.
    let list = reads[1].1;
    let (short, long) = (steps(&mut few, list), steps(&mut many, list));
    let lines = u64::try_from(MANY - FEW).unwrap();
    assert!(long <= short + 7 * lines + DEEPER, "{short} steps grew to {long}");
}

#[test]
fn a_post_asks_nothing_more_where_there_are_lines() {
    let mut plain = database(FEW);
    let mut lines = with_lines(FEW);
    let unread = |db: &Connection| {
        let head = channels::head(db, CHANNEL).unwrap().unwrap();
        let member = members::row(db, CHANNEL, ADA).unwrap().unwrap();
        // Ada has not read the newest message.
        let read_number = Number(head.last_number.0 - 1);
        let member = members::MemberRow { read_number, ..member };
        assert_eq!(reading::unread(db, CHANNEL, head, member).unwrap(), 1);
    };
    assert_eq!(steps(&mut plain, unread), steps(&mut lines, unread));
}

/// A channel of the length [`FEW`] in which a thread of that many replies stands between its two newest
/// messages. Ada follows it, and has read the channel up to its root.
fn with_thread(replies: i64) -> Connection {
    let db = database(FEW);
    db.execute_batch(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {replies})
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text, root, off_run, off_count)
             SELECT 1, {FEW} + i, {FEW} + 1 + i, {FEW} + 1 + i, 2, randomblob(16), 0, 'an answer',
                    {FEW}, 1, i
             FROM n;
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text, gap, off_count)
             VALUES (1, {FEW} + {replies} + 1, {FEW} + {replies} + 2, {FEW} + {replies} + 2, 2,
                     randomblob(16), 0, 'the newest', {replies}, {replies});
         INSERT INTO threads VALUES (1, {FEW}, {replies}, {FEW} + {replies}, 0, '2', 1,
                                     {FEW} + {replies}, 0, 2);
         INSERT INTO follows VALUES (1, 1, {FEW}, 1, {FEW} + {replies} - 10, 1, 1);
         UPDATE messages SET thread = 1 WHERE number = {FEW};
         UPDATE members SET read_number = {FEW};
         UPDATE channels SET last_number = {FEW} + {replies} + 1,
                             revision = {FEW} + {replies} + 2,
                             last_in_run = {FEW} + {replies} + 1, off_count = {replies};"
    ))
    .unwrap();
    db
}

#[test]
fn a_channel_is_read_past_a_thread_of_any_length() {
    const ROOT: (ChannelId, Number) = (CHANNEL, Number(FEW));
    let (mut few, mut many) = (with_thread(FEW), with_thread(MANY));
    type Read = fn(&Connection);
    let reads: [(&str, Read); 8] = [
        ("the newest hundred", |db| {
            let page = messages::page(db, CHANNEL, ADA, PageAt::Newest, 100).unwrap().unwrap();
            assert_eq!((page.messages.len(), page.messages[99].number.0 - FEW > FEW), (100, true));
        }),
        ("what comes after the root", |db| {
            let page = messages::page(db, CHANNEL, ADA, PageAt::After(ROOT.1), 100).unwrap();
            assert_eq!(page.unwrap().messages.len(), 1);
        }),
        ("what is before a reply in the middle of it", |db| {
            let middle = PageAt::Before(Number(FEW + FEW / 2));
            let page = messages::page(db, CHANNEL, ADA, middle, 100).unwrap().unwrap();
            assert_eq!(page.messages.last().map(|last| last.number), Some(ROOT.1));
        }),
        ("a digest", |db| drop(messages::digest(db, CHANNEL, ADA, 100).unwrap().unwrap())),
        ("the list of channels", |db| {
            let list = joined::all(db, ADA).unwrap();
            assert_eq!(list[0].membership.map(|membership| membership.unread), Some(1));
        }),
        ("the newest replies", |db| {
            let page = threading::page(db, ROOT, ADA, PageAt::Newest, 100).unwrap().unwrap();
            assert_eq!((page.replies.len(), page.has_older), (100, true));
        }),
        ("what is unread in it", |db| {
            assert_eq!(rows::follows::all(db, ADA).unwrap()[0].unread, 10);
        }),
        ("a reply", |db| {
            let mut tx = Tx::of_test(db);
            let text = MessageText::parse("one more", false).unwrap();
            let reply = Some(Reply { root: ROOT.1, in_run: false });
            let new = NewMessage {
                channel: CHANNEL,
                author: GRACE,
                key: MessageKey([7; 16]),
                text,
                mentions: Vec::new(),
                quote: None,
                forward: None,
                reply,
                attachments: Vec::new(),
                at: Timestamp(1),
            };
            let posted = posting::post(&mut tx, &new).unwrap();
            assert!(matches!(posted, PostOutcome::Posted(_)), "{posted:?}");
            // Nothing of it stays.
            db.execute_batch("ROLLBACK; BEGIN;").unwrap();
        }),
    ];
    for (name, read) in reads {
        few.execute_batch("BEGIN;").unwrap();
        many.execute_batch("BEGIN;").unwrap();
        let short = steps(&mut few, read);
        let long = steps(&mut many, read);
        few.execute_batch("ROLLBACK;").unwrap();
        many.execute_batch("ROLLBACK;").unwrap();
        assert!(long <= short + DEEPER, "{name}: {short} steps grew to {long}");
    }
}

#[test]
fn the_list_of_ones_own_places_does_not_read_those_of_others() {
    /// Adds public channels, private ones and conversations of Grace's, each with a message.
    fn add_channels_of_others(db: &Connection, count: i64) {
        db.execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= {count})
             INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count,
                                   revision, last_number, last_in_run, kind)
                 SELECT i, i, ' ' || i, '', 0, 2, 1, 1, 1, 1,
                        CASE i % 3 WHEN 0 THEN 'public' WHEN 1 THEN 'private' ELSE 'direct' END
                 FROM n;
             INSERT INTO members (channel_id, user_id, joined_at)
                 SELECT id, 2, 0 FROM channels WHERE id > 1;
             INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                                   created_at, text)
                 SELECT id, 1, 1, 1, 2, randomblob(16), 0, 'as it is' FROM channels WHERE id > 1;"
        ))
        .unwrap();
    }
    type Read = fn(&Connection);
    let reads: [(&str, Read); 3] = [
        ("the list", |db| assert_eq!(joined::all(db, ADA).unwrap().len(), 1)),
        ("what the app starts from", |db| {
            drop(streams::overview(db, ADA, ChannelId(0)).unwrap().unwrap());
        }),
        ("where the streams stand", |db| drop(streams::heads(db, ADA).unwrap())),
    ];
    let (mut few, mut many) = (database(FEW), database(FEW));
    add_channels_of_others(&few, 10);
    add_channels_of_others(&many, 3_000);
    for (name, read) in reads {
        let (short, long) = (steps(&mut few, read), steps(&mut many, read));
        assert!(short > 0 && long <= short + DEEPER, "{name}: {short} steps grew to {long}");
    }
}
