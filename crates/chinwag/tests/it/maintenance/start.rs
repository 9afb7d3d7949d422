//! A server does not start on a damaged database: it says why, and leaves the files as they are.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use super::{Author, Said, check, run, used};
use crate::binary::Binary;
use crate::client::Client;

/// Starts a server; returns what it printed until it ended. One that starts is ended.
pub fn start(data: &Path) -> Said {
    let mut child = Binary::command(data).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if !line.is_empty() {
        child.kill().unwrap();
        child.wait().unwrap();
        return Said { code: 0, text: line };
    }
    child.wait_with_output().unwrap().into()
}

/// What a server prints that must not start on this folder.
pub fn refusal(data: &Path) -> Said {
    let database = data.join("chinwag.db");
    let before = fs::read(&database).ok();
    let said = start(data);
    assert_ne!(said.code, 0, "it started: {}", said.text);
    assert_eq!(fs::read(&database).ok(), before, "it was changed");
    said
}

fn refuses(data: &Path, why: &str) {
    let said = refusal(data);
    for part in ["is damaged", "chinwag check", "chinwag restore", why] {
        assert!(said.text.contains(part), "{part:?} in {}", said.text);
    }
    let said = check(data);
    assert_ne!(said.code, 0, "{}", said.text);
}

fn scribble(data: &Path, at: usize, bytes: &[u8]) {
    let path = data.join("chinwag.db");
    let mut file = fs::read(&path).unwrap();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(path, file).unwrap();
}

fn cut(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[tokio::test]
async fn the_database_damaged() {
    type Damage<'a> = &'a dyn Fn(&Path);
    let cases: [(Damage<'_>, &str); 7] = [
        (&|data| scribble(data, 0, &[0xEE; 100]), "not a database"),
        (&|data| scribble(data, 105, &[0xFF; 60]), ""),
        (&|data| scribble(data, 4_096 * 6, &[0xEE; 4_096]), ""),
        (&|data| cut(&data.join("chinwag.db"), 4_096 * 5), ""),
        (&|data| cut(&data.join("chinwag.db"), 0), "it is empty"),
        (&|data| fs::remove_file(data.join("chinwag.db")).unwrap(), "not there any more"),
        (&|data| fs::write(data.join("chinwag.db"), "a poem\n".repeat(2_000)).unwrap(), ""),
    ];
    for (n, (damage, why)) in cases.into_iter().enumerate() {
        println!("case {n}");
        let data = used().await;
        damage(data.path());
        refuses(data.path(), why);
    }
}

/// Commits that were answered follow the damaged frame. SQLite alone would drop them silently.
#[tokio::test]
async fn the_log_damaged() {
    for at in [8, 20, 32 + 24 + 100, 32 + 4_120 * 3 + 8 + 4, 32 + 4_120 * 5 + 2_000] {
        let data = tempfile::tempdir().unwrap();
        let mut server = Binary::start(data.path());
        let mut author = Author::new(&server).await;
        for n in 0..10 {
            author.say(&format!("message {n}"), None).await;
        }
        server.kill();
        let log = data.path().join("chinwag.db-wal");
        let whole = fs::read(&log).unwrap();
        println!("byte {at} of {}", whole.len());
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&log, bytes).unwrap();
        refuses(data.path(), "of its log is damaged");
        fs::write(&log, whole).unwrap();
        assert_eq!(check(data.path()).code, 0);
    }
}

/// A power cut leaves a torn end, which has no commit that was answered.
#[tokio::test]
async fn a_torn_end_of_the_log_is_no_damage() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    author.say("kept", None).await;
    server.kill();
    let log = data.path().join("chinwag.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    // A commit of one frame with the salts of this log, of which not all bytes were written.
    let frame = bytes[32..32 + 4_120].to_owned();
    bytes.extend_from_slice(&frame);
    bytes.extend_from_slice(&frame[..1_000]);
    fs::write(&log, bytes).unwrap();
    let server = Binary::start(data.path());
    author.client.address = server.address;
    assert_eq!(author.everything().await.len(), 1);
    server.stop().await;
    assert_eq!(check(data.path()).code, 0);
}

/// After a kill only the log has the last messages. A folder without the log looks sound.
#[tokio::test]
async fn a_log_that_is_lost_is_missed() {
    let data = tempfile::tempdir().unwrap();
    // Two rounds: before the second one the log was copied back into the database once.
    for round in 0..2 {
        let mut server = Binary::start(data.path());
        let mut client = Client::new(server.address);
        let name = format!("Ada {round}");
        assert_eq!(client.post("/api/session", &json!({ "name": name })).await.status, 201);
        server.kill();
        let log = data.path().join("chinwag.db-wal");
        let whole = fs::read(&log).unwrap();
        let losses: [&dyn Fn(); 2] =
            [&|| fs::remove_file(&log).unwrap(), &|| fs::write(&log, "").unwrap()];
        for lose in losses {
            lose();
            refuses(data.path(), "its log chinwag.db-wal is gone or empty");
            let out = tempfile::tempdir().unwrap();
            let file = out.path().join("a.tar");
            let args = ["backup", file.to_str().unwrap(), "--data", data.path().to_str().unwrap()];
            let said = run(&args);
            // In the first round the database is empty and cannot be backed up.
            let code = if round == 0 { 2 } else { 1 };
            assert_eq!(said.code, code, "{}", said.text);
            assert!(said.text.contains("is gone or empty") || round == 0, "{}", said.text);
            fs::write(&log, &whole).unwrap();
        }
        assert_eq!(check(data.path()).code, 0);
        let server = Binary::start(data.path());
        server.stop().await;
        // A server that stopped in order has copied everything into the database.
        let _ = fs::remove_file(&log);
        assert_eq!(check(data.path()).code, 0);
    }
    Binary::start(data.path()).stop().await;
}

/// Whatever a server left, the index can be made anew: the note that the log is needed goes with the log.
#[tokio::test]
async fn the_index_is_made_anew_after_any_end() {
    for kill in [false, true] {
        let data = tempfile::tempdir().unwrap();
        let mut server = Binary::start(data.path());
        let mut author = Author::new(&server).await;
        author.say("kept", None).await;
        if kill {
            server.kill();
        } else {
            server.stop().await;
        }
        for _ in 0..2 {
            let outcome = chinwag::maintenance::reindex(data.path()).unwrap();
            assert_eq!(outcome.findings.len(), 0, "kill: {kill}");
        }
        assert_eq!(check(data.path()).code, 0, "kill: {kill}");
        let server = Binary::start(data.path());
        author.client.address = server.address;
        let found = author.client.get("/api/search?q=kept").await;
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!(author.everything().await.len(), 1);
        server.stop().await;
        assert_eq!(check(data.path()).code, 0);
    }
}
