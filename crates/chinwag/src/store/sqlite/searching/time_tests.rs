//! A search ends in time, also while the index looks for its next row.

use std::time::Duration;

use rusqlite::Connection;

use super::reading::search;
use super::time::Time;
use crate::model::ids::UserId;
use crate::model::search::{Asked, Found, Order, SearchQuery};
use crate::store::sqlite::readers::watched;
use crate::store::sqlite::{connection, migrations};

const ADA: UserId = UserId(1);
/// Messages of so many equal characters, which have no other beside them.
const MESSAGES: usize = 400;
const LONG: usize = 2_000;

/// A channel whose messages are all in the index.
fn database() -> Connection {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chinwag.db");
    let mut db = connection::open_writer(&path).unwrap();
    migrations::migrate(&mut db, &path).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends)
             VALUES (1, 'Ada', 'ada', 0, 'auto', 'auto', 0);
         INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count,
                               revision, last_number, last_in_run)
             VALUES (1, 'general', 'general', '', 0, 1, 1, {MESSAGES}, {MESSAGES}, {MESSAGES});
         INSERT INTO members (channel_id, user_id, joined_at) VALUES (1, 1, 0);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MESSAGES})
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, text)
             SELECT 1, i, i, i, 1, randomblob(16), i, '二 ' || replace(hex(zeroblob({LONG} / 2)), '0', '一')
             FROM n;
         INSERT INTO search_marks (channel_id, low, high) VALUES (1, 0, {MESSAGES});
         INSERT INTO search_rows (id, channel_id, number) SELECT number, 1, number FROM messages;
         INSERT INTO search_index (rowid, body, names, tags)
             SELECT number, replace(text, '一', '一 '), '', 'c1 u1' FROM messages;"
    ))
    .unwrap();
    db
}

fn find(db: &mut Connection, typed: &str, order: Order, time: Duration) -> Found {
    let asked = Asked::parse(typed, |_| None).unwrap();
    let query = SearchQuery { asked, order, ..SearchQuery::default() };
    let time = Time::of(time);
    watched(db, time.stop(), |db| search(db, ADA, &query, &[], &time)).unwrap()
}

#[test]
fn a_search_whose_time_is_over_tells_that_there_may_be_more() {
    let mut db = database();
    let long = Duration::from_secs(600);
    // It stands nowhere, so the index gives no row between the first message and the last.
    let nowhere = format!("{}二", "一".repeat(200));
    let found = find(&mut db, &nowhere, Order::Newest, long);
    assert_eq!((found.count, found.is_more), (0, false));
    let found = find(&mut db, &nowhere, Order::Newest, Duration::ZERO);
    assert_eq!((found.count, found.is_more), (0, true));
    // Hits are not ranked for ever either, and nothing of it is left on the connection.
    let everywhere = "一".repeat(200);
    for (time, is_more) in [(Duration::ZERO, true), (long, false)] {
        for order in [Order::Best, Order::Newest] {
            let found = find(&mut db, &everywhere, order, time);
            assert_eq!(found.is_more, is_more, "{order:?}");
            assert_eq!(found.count == MESSAGES, !is_more, "{order:?}");
        }
    }
}
