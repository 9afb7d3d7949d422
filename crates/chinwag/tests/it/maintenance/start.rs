//! A server does not start over a damaged database, says why, and leaves it as it is.

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use super::{Place, Said, check, run, used};
use crate::binary::Binary;
use crate::client::Client;

/// What a server says until it ends; one that starts says so, and is ended.
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

/// What a server says that does not start on this folder.
fn refusal(data: &Path) -> Said {
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

/// Commits that were answered lie behind the damaged frame: SQLite alone would drop them unseen.
#[tokio::test]
async fn the_log_damaged() {
    for at in [8, 20, 32 + 24 + 100, 32 + 4_120 * 3 + 8 + 4, 32 + 4_120 * 5 + 2_000] {
        let data = tempfile::tempdir().unwrap();
        let mut server = Binary::start(data.path());
        let mut place = Place::new(&server).await;
        for n in 0..10 {
            place.say(&format!("message {n}"), None).await;
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

/// A torn end is what a power cut leaves, and nothing that was answered is in it.
#[tokio::test]
async fn a_torn_end_of_the_log_is_no_damage() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let mut place = Place::new(&server).await;
    place.say("kept", None).await;
    server.kill();
    let log = data.path().join("chinwag.db-wal");
    let mut bytes = fs::read(&log).unwrap();
    // A commit of one frame whose bytes did not all arrive, with the salts of this log.
    let frame = bytes[32..32 + 4_120].to_owned();
    bytes.extend_from_slice(&frame);
    bytes.extend_from_slice(&frame[..1_000]);
    fs::write(&log, bytes).unwrap();
    let server = Binary::start(data.path());
    place.client.address = server.address;
    assert_eq!(place.everything().await.len(), 1);
    server.stop().await;
    assert_eq!(check(data.path()).code, 0);
}

/// After a kill the log alone holds what was said last. A folder without it looks sound.
#[tokio::test]
async fn a_log_that_is_lost_is_missed() {
    let data = tempfile::tempdir().unwrap();
    // Twice: by the second server, the database was copied back once.
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
            // Of the first server nothing is in the database; what cannot be read is no backup.
            let code = if round == 0 { 2 } else { 1 };
            assert_eq!(said.code, code, "{}", said.text);
            assert!(said.text.contains("is gone or empty") || round == 0, "{}", said.text);
            fs::write(&log, &whole).unwrap();
        }
        assert_eq!(check(data.path()).code, 0);
        let server = Binary::start(data.path());
        server.stop().await;
        // Who stopped in order left everything in the database.
        let _ = fs::remove_file(&log);
        assert_eq!(check(data.path()).code, 0);
    }
    Binary::start(data.path()).stop().await;
}
