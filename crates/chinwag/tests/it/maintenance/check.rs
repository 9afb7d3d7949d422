//! `chinwag check` names what is wrong, beside a server and without one, and changes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Author, check, files, run, used};
use crate::binary::Binary;

/// The bytes of every file in a folder, except the log's index, which is shared memory. A running server's
/// socket is no file.
fn bytes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else if path.is_file() && !path.to_string_lossy().ends_with("-shm") {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn a_sound_folder_is_said_to_be_and_stays_as_it_is() {
    let data = used().await;
    let before = bytes(data.path());
    let said = check(data.path());
    assert_eq!((said.code, said.text.contains("Nothing is wrong.")), (0, true), "{}", said.text);
    assert!(said.text.contains("People: 1, channels: 1, messages: 30, files: 3."), "{}", said.text);
    assert_eq!(bytes(data.path()), before);
}

#[tokio::test]
async fn it_looks_beside_a_running_server_and_at_what_a_killed_one_left() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let mut author = Author::new(&server).await;
    for n in 0..10 {
        author.say("x", Some(vec![n; 10])).await;
    }
    let said = check(data.path());
    assert!(said.text.contains("A server is running") && said.code == 0, "{}", said.text);
    assert!(said.text.contains("messages: 10, files: 10."), "{}", said.text);
    server.kill();
    let before = bytes(data.path());
    assert!(before.keys().any(|path| path.ends_with("chinwag.db-wal")), "there is a log");
    let said = check(data.path());
    assert!(said.text.contains("messages: 10, files: 10.") && said.code == 0, "{}", said.text);
    assert_eq!(bytes(data.path()), before);
}

#[tokio::test]
async fn it_names_what_is_wrong_with_files() {
    let data = used().await;
    let [gone, changed, short] = &files(data.path())[..] else { panic!("three files") };
    let original = fs::read(changed).unwrap();
    let mut other = original.clone();
    other[500] ^= 1;
    fs::write(changed, other).unwrap();
    let quick = run(&["check", "--quick", "--data", data.path().to_str().unwrap()]);
    assert_eq!(quick.code, 0, "{}", quick.text);
    fs::remove_file(gone).unwrap();
    fs::write(short, b"short").unwrap();
    let said = check(data.path());
    assert_eq!(said.code, 1, "{}", said.text);
    for (file, what) in [
        (gone, "it is not there"),
        (changed, "it does not hold the bytes that were received"),
        (short, "it does not have the length that was received"),
    ] {
        let named = |line: &str| {
            line.contains(what)
                && line.contains(file.to_str().unwrap())
                && line.contains("“a.txt” (in message ")
        };
        assert_eq!(said.text.lines().filter(|line| named(line)).count(), 1, "{}", said.text);
    }
    assert_eq!(said.text.lines().count(), 5, "nothing else: {}", said.text);
}

#[tokio::test]
async fn it_names_a_gap_in_the_numbers() {
    let data = used().await;
    let db = rusqlite::Connection::open(data.path().join("chinwag.db")).unwrap();
    db.execute("DELETE FROM messages WHERE number = 7", []).unwrap();
    db.close().unwrap();
    let said = check(data.path());
    assert_eq!(said.code, 1, "{}", said.text);
    assert!(said.text.contains("The numbers of channel 1 have a gap."), "{}", said.text);
}

/// A member's number of unread messages is wrong if this count is.
#[tokio::test]
async fn it_names_a_wrong_count_of_own_messages_above_a_mark() {
    let data = used().await;
    let database = data.path().join("chinwag.db");
    let change =
        |sql: &str| rusqlite::Connection::open(&database).unwrap().execute(sql, []).unwrap();
    let wrong = "Channel 1 counts a member's own messages above their read mark wrongly.";
    // Ada wrote all 30 messages.
    change("UPDATE members SET read_number = 20, own_above = 10");
    let said = check(data.path());
    assert_eq!(said.code, 0, "{}", said.text);
    for count in ["11", "9", "0"] {
        change(&format!("UPDATE members SET own_above = {count}"));
        let said = check(data.path());
        assert_eq!(said.code, 1, "{count}: {}", said.text);
        assert!(said.text.contains(wrong), "{count}: {}", said.text);
    }
}

#[tokio::test]
async fn it_says_when_it_cannot_look() {
    let data = tempfile::tempdir().unwrap();
    let said = check(data.path());
    assert_eq!(said.code, 2, "{}", said.text);
    assert!(
        said.text.starts_with("chinwag: ") && said.text.contains("chinwag.db"),
        "{}",
        said.text
    );
}

/// Every offset of `needle` in the database.
fn offsets(file: &[u8], needle: &[u8]) -> Vec<usize> {
    let windows = file.windows(needle.len()).enumerate();
    windows.filter(|(_, part)| *part == needle).map(|(at, _)| at).collect()
}

/// SQLite does not notice a bit that flipped in a text.
#[tokio::test]
async fn a_flipped_bit_is_found_in_whatever_was_said() {
    let data = used().await;
    let path = data.path().join("chinwag.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    let secret = |sql| db.query_row(sql, [], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let key = secret("SELECT key FROM messages WHERE number = 5");
    let sha256 = secret("SELECT sha256 FROM uploads LIMIT 1");
    let token = secret("SELECT token FROM sessions LIMIT 1");
    db.close().unwrap();
    let whole = fs::read(&path).unwrap();
    let text: &[u8] = b"message 7 lorem ipsum";
    let mut seen = 0;
    for (what, told) in [
        (text, "among messages 1 to 1023 of channel 1 one is not as it was written"),
        (&key, ""),
        (b"Ada", "a row of users is not as it was written"),
        (b"generalgeneral", "a row of channels is not as it was written"),
        (b"a.txt", "a row of uploads is not as it was written"),
        (&sha256, "a row of uploads is not as it was written"),
        (&token, ""),
        // This is in a session and in its device.
        (b"127.0.0.1", "s is not as it was written"),
        (b"autoauto", ""),
    ] {
        let found = offsets(&whole, what);
        assert!(!found.is_empty(), "{}", String::from_utf8_lossy(what));
        for at in found {
            let mut bytes = whole.clone();
            bytes[at + what.len() / 2] ^= 2;
            fs::write(&path, bytes).unwrap();
            let said = check(data.path());
            assert_eq!(said.code, 1, "byte {at}: {}", said.text);
            // SQLite finds a value that differs from the one in an index, and reports it itself.
            let said_so = said.text.to_lowercase().contains(told);
            assert!(said_so || said.text.contains("damaged"), "byte {at}: {}", said.text);
            // A start checks rows, but not every index.
            if said_so && !told.is_empty() {
                let started = super::start::start(data.path());
                assert_ne!(started.code, 0, "byte {at}: it started: {}", started.text);
            }
            seen += 1;
        }
    }
    assert!(seen >= 9, "{seen}");
    fs::write(&path, whole).unwrap();
    assert_eq!(check(data.path()).code, 0);
}
