//! What the rights cost a post: nothing. The rows that a post reads anyway have what decides.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::writer::Tx;
use super::{connection, migrations, posting};
use crate::model::ids::{ChannelId, MessageKey, UserId};
use crate::model::text::MessageText;
use crate::model::time::Timestamp;
use crate::store::{NewMessage, PostOutcome};

/// The tables that a post of a member reads and writes. Files of one's own are looked up only where a message
/// has some.
const TABLES: [&str; 4] = ["channels", "members", "messages", "users"];
/// Its statements beside updates: what the channel, the member and the author are, and the new message.
const STATEMENTS: usize = 4;

/// What was prepared: the tables, and how many statements beside updates (SQLite tells of these by column).
#[derive(Debug, Default)]
struct Prepared {
    tables: BTreeSet<String>,
    statements: usize,
}

/// A public channel with Ada in it, who has that role and that seat.
fn database(role: &str, host: bool) -> Connection {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("chinwag.db");
    let mut db = connection::open_writer(path).unwrap();
    migrations::migrate(&mut db, path).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends, role,
                            password_hash)
             VALUES (1, 'Ada', 'ada', 0, 'auto', 'auto', 0, '{role}', 'x');
         INSERT INTO channels (id, name, name_key, topic, created_at, created_by, member_count)
             VALUES (1, 'general', 'general', '', 0, 1, 1);
         INSERT INTO members (channel_id, user_id, joined_at, host) VALUES (1, 1, 0, {});",
        i32::from(host)
    ))
    .unwrap();
    db
}

/// Posts, with every statement prepared anew.
fn post(db: &mut Connection, key: u8) -> Prepared {
    let prepared = Arc::new(Mutex::new(Prepared::default()));
    let seen = Arc::clone(&prepared);
    let look = move |context: AuthContext<'_>| {
        let mut seen = seen.lock().unwrap();
        match context.action {
            AuthAction::Read { table_name, .. } => {
                seen.tables.insert(table_name.to_owned());
            }
            AuthAction::Select => seen.statements += 1,
            AuthAction::Insert { table_name } | AuthAction::Delete { table_name } => {
                seen.statements += 1;
                seen.tables.insert(table_name.to_owned());
            }
            AuthAction::Update { table_name, .. } => {
                seen.tables.insert(table_name.to_owned());
            }
            _ => {}
        }
        Authorization::Allow
    };
    db.flush_prepared_statement_cache();
    db.authorizer(Some(look)).unwrap();
    let new = NewMessage {
        channel: ChannelId(1),
        author: UserId(1),
        key: MessageKey([key; 16]),
        text: MessageText::parse("hello", false).unwrap(),
        mentions: Vec::new(),
        attachments: Vec::new(),
        at: Timestamp(1),
    };
    let outcome = posting::post(&mut Tx::of_test(db), &new).unwrap();
    assert!(matches!(outcome, PostOutcome::Posted(_)), "{outcome:?}");
    db.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).unwrap();
    Arc::try_unwrap(prepared).unwrap().into_inner().unwrap()
}

#[test]
fn a_right_costs_a_post_no_statement() {
    for (role, host) in [
        ("member", false),
        ("member", true),
        ("moderator", false),
        ("owner", false),
        ("guest", false),
    ] {
        let mut db = database(role, host);
        for key in [1, 2] {
            let found = post(&mut db, key);
            let tables: Vec<&str> = found.tables.iter().map(String::as_str).collect();
            assert_eq!(tables, TABLES, "{role}");
            assert_eq!(found.statements, STATEMENTS, "{role}: {found:?}");
        }
    }
}
