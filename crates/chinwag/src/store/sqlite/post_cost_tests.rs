//! What the rights cost a post: nothing. The rows that a post reads anyway have what decides. And what is
//! asked about a message in a channel that is not there costs what it costs in one that is hidden.

use std::path::Path;

use rusqlite::Connection;

use super::prepared::{Prepared, prepared};
use super::writer::Tx;
use super::{connection, editing, forwarding, migrations, posting, reacting, tombstones};
use crate::model::edits::Edit;
use crate::model::forwards::Source;
use crate::model::ids::{ChannelId, MessageKey, Number, UserId};
use crate::model::reactions::Emoji;
use crate::model::text::MessageText;
use crate::model::time::Timestamp;
use crate::store::{DeleteOutcome, EditOutcome, NewMessage, PostOutcome};

/// The tables that a post of a member reads and writes. Files of one's own are looked up only where a message
/// has some.
const TABLES: [&str; 4] = ["channels", "members", "messages", "users"];
/// Its statements beside updates: what the channel, the member and the author are, and the new message.
const STATEMENTS: usize = 4;

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
    let new = NewMessage {
        channel: ChannelId(1),
        author: UserId(1),
        key: MessageKey([key; 16]),
        text: MessageText::parse("hello", false).unwrap(),
        mentions: Vec::new(),
        quote: None,
        forward: None,
        reply: None,
        attachments: Vec::new(),
        at: Timestamp(1),
    };
    let (outcome, prepared) = prepared(db, |db| posting::post(&mut Tx::of_test(db), &new));
    assert!(matches!(outcome, Ok(PostOutcome::Posted(_))), "{outcome:?}");
    prepared
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

#[test]
fn edits_and_reactions_cost_a_post_no_statement() {
    let mut db = database("member", false);
    let before = post(&mut db, 1);
    let (message, ada) = ((ChannelId(1), Number(1)), UserId(1));
    let edit = Edit {
        edits: None,
        text: MessageText::parse("hello!", false).unwrap(),
        mentions: Vec::new(),
        files: None,
    };
    let edited = editing::edit(&mut Tx::of_test(&db), message, ada, &edit, Timestamp(2));
    assert!(matches!(edited, Ok(EditOutcome::Edited(..))), "{edited:?}");
    let wish = (Emoji::parse("👍").unwrap(), true);
    let reacted = reacting::react(&mut Tx::of_test(&db), message, ada, wish, Timestamp(2));
    assert_eq!(reacted.unwrap().unwrap().reactions.len(), 1);
    assert_eq!(post(&mut db, 2), before);
    assert_eq!(before.statements, STATEMENTS);
}

#[test]
fn a_hidden_message_costs_what_one_costs_that_is_not_there() {
    type Ask = fn(&Connection, ChannelId) -> bool;
    const NUMBER: Number = Number(1);
    const BOB: UserId = UserId(2);
    /// Whether there is something for Bob.
    const ASKED: [(&str, Ask); 6] = [
        ("an edit", |db, channel| {
            let text = MessageText::parse("x", false).unwrap();
            let edit = Edit { edits: None, text, mentions: Vec::new(), files: None };
            let tx = &mut Tx::of_test(db);
            let outcome = editing::edit(tx, (channel, NUMBER), BOB, &edit, Timestamp(2));
            outcome.unwrap() != EditOutcome::NotFound
        }),
        ("its earlier texts", |db, channel| {
            editing::versions(db, channel, NUMBER, BOB).unwrap().is_some()
        }),
        ("taking back what is not there", |db, channel| {
            let (tx, wish) = (&mut Tx::of_test(db), (Emoji::parse("👍").unwrap(), false));
            reacting::react(tx, (channel, NUMBER), BOB, wish, Timestamp(2)).unwrap().is_some()
        }),
        ("who reacted", |db, channel| {
            let emoji = Emoji::parse("👍").unwrap();
            reacting::reactors(db, channel, NUMBER, emoji, BOB).unwrap().is_some()
        }),
        ("forwarding it", |db, channel| {
            let source = Source { channel, number: NUMBER };
            forwarding::forwardable(db, source, BOB).unwrap().is_some()
        }),
        ("a deletion", |db, channel| {
            let tx = &mut Tx::of_test(db);
            let outcome = tombstones::delete(tx, channel, NUMBER, BOB, Timestamp(2));
            outcome.unwrap() != DeleteOutcome::NotFound
        }),
    ];
    let mut db = database("member", false);
    post(&mut db, 1);
    // With a file and a reaction, so that there is more to read of it.
    db.execute_batch(
        "INSERT INTO users (id, name, name_key, created_at, language, theme, enter_sends, role)
             VALUES (2, 'Bob', 'bob', 0, 'auto', 'auto', 0, 'member');
         INSERT INTO uploads (id, owner, created_at, name, size_bytes, media_type, sha256,
                              thumbnail, channel_id, message_number, position)
             VALUES (randomblob(16), 1, 0, 'x', 1, 'text/plain', randomblob(32), 0, 1, 1, 0);
         UPDATE messages SET attachments = 1;",
    )
    .unwrap();
    let wish = (Emoji::parse("👍").unwrap(), true);
    let message = (ChannelId(1), NUMBER);
    reacting::react(&mut Tx::of_test(&db), message, UserId(1), wish, Timestamp(2)).unwrap();
    for (name, ask) in ASKED {
        assert!(prepared(&mut db, |db| ask(db, ChannelId(1))).0, "{name}: it is public");
    }
    for hidden in [
        "INSERT INTO kept_out (channel_id, user_id, at, by) VALUES (1, 2, 0, 1);",
        "DELETE FROM kept_out; UPDATE channels SET kind = 'private';",
    ] {
        db.execute_batch(hidden).unwrap();
        for (name, ask) in ASKED {
            let there = prepared(&mut db, |db| ask(db, ChannelId(1)));
            let nowhere = prepared(&mut db, |db| ask(db, ChannelId(99)));
            assert_eq!(there, nowhere, "{name}");
            assert!(!there.0, "{name}");
        }
    }
}
