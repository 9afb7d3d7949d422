//! A backup or a data folder that somebody else made can do no harm to who looks at it.

use std::fs;
use std::path::Path;

use chinwag::model::hex::hex;
use sha2::{Digest as _, Sha256};

use super::archive::append;
use super::{Author, Said, check, run};
use crate::binary::Binary;

const HEAD: &str =
    r#"{"format":1,"chinwag":"0.1.0","database":4,"made_at":"2026-11-23T04:00:00Z"}"#;

/// A data folder with three messages, and no server.
async fn small() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    for n in 0..3 {
        author.say(&format!("message {n}"), None).await;
    }
    server.stop().await;
    data
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A backup with these entries, a manifest that fits and a seal.
fn sealed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let count = entries.len();
    let mut manifest = format!(
        "{{\"people\":1,\"channels\":1,\"messages\":3,\"uploads\":0,\"entries\":{count}}}\n"
    );
    let mut out = Vec::new();
    for (path, bytes) in entries {
        append(&mut out, path, bytes, tar::EntryType::Regular);
        let (length, sha256) = (bytes.len(), sha256(bytes));
        manifest.push_str(&format!(
            "{{\"path\":\"{path}\",\"bytes\":{length},\"sha256\":\"{sha256}\"}}\n"
        ));
    }
    let start = out.len() + 512;
    let length = manifest.len();
    manifest.push_str(&format!("{{\"sha256\":\"{}\"}}\n", "0".repeat(64)));
    append(&mut out, "manifest.jsonl", manifest.as_bytes(), tar::EntryType::Regular);
    let end = start + length;
    let seal = format!("{{\"sha256\":\"{}\"}}\n", sha256(&out[..end]));
    out[end..end + seal.len()].copy_from_slice(seal.as_bytes());
    out.resize(out.len() + 1_024, 0);
    out
}

/// What `verify` and `restore` say about a backup.
fn tried(folder: &Path, archive: &[u8]) -> [Said; 2] {
    let (file, home) = (folder.join("hostile.tar"), folder.join("home"));
    fs::write(&file, archive).unwrap();
    let [file, home] = [&file, &home].map(|path| path.to_str().unwrap());
    [run(&["verify", file]), run(&["restore", file, "--data", home])]
}

/// A trigger could keep tokens alive that a restore ends, and one that goes round, or a view in place
/// of a table, would never end.
#[tokio::test]
async fn a_database_with_another_schema_is_refused() {
    let data = small().await;
    let database = data.path().join("chinwag.db");
    let whole = fs::read(&database).unwrap();
    let endless =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n";
    let view = format!(
        "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; ALTER TABLE channels RENAME TO hidden;
         CREATE VIEW channels AS {endless}"
    );
    let round = format!(
        "CREATE TRIGGER round AFTER DELETE ON sessions
             BEGIN UPDATE place SET revision = (SELECT max(id) FROM ({endless})); END"
    );
    for (sql, named) in [
        (
            "CREATE TRIGGER undying AFTER DELETE ON sessions
                 BEGIN INSERT INTO tokens SELECT * FROM tokens WHERE 0; END",
            "trigger undying",
        ),
        (&round, "trigger round"),
        (&view, "table hidden"),
        ("CREATE TABLE more (what TEXT)", "table more"),
        ("ALTER TABLE users ADD COLUMN odd TEXT", "table users"),
        ("DROP INDEX messages_by_key", "index messages_by_key is missing"),
        (
            "CREATE TRIGGER \"a\x1bb\" AFTER DELETE ON users BEGIN SELECT 1; END",
            "trigger a\\u{1b}b",
        ),
    ] {
        fs::write(&database, &whole).unwrap();
        let db = rusqlite::Connection::open(&database).unwrap();
        db.execute_batch(sql).unwrap();
        db.close().unwrap();
        let spoiled = fs::read(&database).unwrap();
        let out = tempfile::tempdir().unwrap();
        let archive = sealed(&[("chinwag-backup.json", HEAD.as_bytes()), ("chinwag.db", &spoiled)]);
        let [verified, restored] = tried(out.path(), &archive);
        let started = super::start::refusal(data.path());
        for said in [&verified, &restored, &check(data.path()), &started] {
            assert_eq!(said.code, 1, "{named}: {}", said.text);
            assert!(said.text.contains("schema"), "{named}: {}", said.text);
            assert!(said.text.contains(named), "{named}: {}", said.text);
        }
        let said = super::start::refusal(&out.path().join("home"));
        assert!(said.text.contains("was not restored to the end"), "{named}: {}", said.text);
    }
}

/// An operator may have let SQLite collect statistics.
#[tokio::test]
async fn the_tables_of_statistics_are_no_difference() {
    let data = small().await;
    let db = rusqlite::Connection::open(data.path().join("chinwag.db")).unwrap();
    db.execute_batch("ANALYZE").unwrap();
    db.close().unwrap();
    let said = check(data.path());
    assert_eq!(said.code, 0, "{}", said.text);
}

/// A terminal obeys control characters, and a line feed would forge a sentence.
#[tokio::test]
async fn nothing_of_a_backup_reaches_the_terminal_unescaped() {
    let data = small().await;
    let database = fs::read(data.path().join("chinwag.db")).unwrap();
    let head = HEAD.replace("04:00", "\\u001b]0;mine\\u0007\\nNothing is wrong.");
    let settings = r#"{"name": "\u001b[2J\nEnded: 9 sessions\u009b\u202egpj", "a\u001b\nb": 1}"#;
    let archive = sealed(&[
        ("chinwag-backup.json", head.as_bytes()),
        ("chinwag.db", &database),
        ("settings.json", settings.as_bytes()),
    ]);
    let out = tempfile::tempdir().unwrap();
    let missing = run(&["check", "--data", "no\x1b[2J\nsuch\u{202e}folder"]);
    assert_eq!(missing.code, 2);
    let [verified, restored] = tried(out.path(), &archive);
    assert_eq!((verified.code, restored.code), (0, 0), "{} {}", verified.text, restored.text);
    for said in [&verified, &restored, &missing] {
        let odd = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!said.text.contains(odd), "{:?}", said.text);
        assert!(said.text.contains("\\u{1b}"), "{}", said.text);
        let forged = |line: &str| line.starts_with("Ended: 9") || line.starts_with("such");
        assert!(!said.text.lines().any(forged), "{}", said.text);
    }
    assert!(
        restored.text.contains("CHINWAG_NAME=\\u{1b}[2J\\nEnded: 9 sessions\\u{9b}\\u{202e}gpj")
    );
    let ends = verified.text.lines().filter(|line| line.starts_with("Nothing is wrong."));
    assert_eq!(ends.count(), 1, "{}", verified.text);
}
