//! Files that belong to nothing go for good; files that may still be wanted stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chinwag::chat::{Chat, Limits, Quota, Rules};
use chinwag::clock::SystemClock;
use chinwag::files::shelf::{Hold, Kind, place};
use chinwag::files::{Files, IfHeld, Promise};
use chinwag::model::ids::UploadId;
use chinwag::store::sqlite::{SqliteConfig, SqliteStore};
use hyper::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};

/// A file that lies there without a row.
fn stray(data: &Path, id: UploadId, kind: Kind) -> PathBuf {
    let path = data.join("files").join(place(id, kind));
    fs::write(&path, "left over").unwrap();
    path
}

/// Does what the server does every ten minutes, on a folder without a server. With a keep time of
/// zero every file is old.
async fn sweep(data: &Path, upload_keep_ms: i64) {
    let config = SqliteConfig { data: data.to_owned(), ..SqliteConfig::default() };
    let store = Arc::new(SqliteStore::open(config, Arc::new(|_| {})).unwrap());
    let files = Files::open(&data.join("files"), 8, 0).unwrap();
    let limits = Limits::default();
    let quota = Quota::default();
    let rules =
        Rules { session_ms: i64::MAX / 4, upload_limit_bytes: 1, upload_keep_ms, quota, limits };
    let chat = Chat::new(store, files, Arc::new(SystemClock), rules);
    chat.sweep().await.unwrap();
    chat.close().await;
}

async fn send(user: &mut User, bytes: &[u8]) -> Value {
    let path = "/api/uploads?name=a.txt";
    user.client.send(Method::POST, path, "text/plain", bytes.to_vec()).await.json()
}

fn path_of(app: &TestApp, file: &Value) -> PathBuf {
    let id = UploadId::parse(file["id"].as_str().unwrap()).unwrap();
    app.data().join("files").join(place(id, Kind::Bytes))
}

#[tokio::test]
async fn files_without_a_row_go_and_others_stay() {
    let mut app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let file = send(&mut ada, b"said").await;
    ada.post(channel, &json!({ "text": "", "attachments": [file["id"]] })).await;
    app.stop().await;
    let data = app.data();
    let stray_files =
        [Kind::Bytes, Kind::Thumbnail].map(|kind| stray(&data, UploadId([7; 16]), kind));
    // A file in its place whose sender may come back to finish it.
    let promised = UploadId([8; 16]);
    let promised_file = stray(&data, promised, Kind::Bytes);
    let promise = json!({ "owner": 1, "name": "b", "media_type": "", "length": 9, "metadata": "" });
    let note = data.join("files/incoming").join(format!("{promised}.json"));
    fs::write(&note, promise.to_string()).unwrap();

    sweep(&data, 3_600_000).await;
    assert!(stray_files.iter().all(|file| file.exists()), "young: its row may be on the way");
    sweep(&data, 0).await;
    assert!(stray_files.iter().all(|file| !file.exists()), "they belong to nothing");
    assert!(path_of(&app, &file).exists(), "a message has it");
    // With a keep time of zero it was given up, and removed with its promise.
    assert!(!promised_file.exists() && !note.exists());
}

/// While a backup holds the files, a deleted message's file stays; afterwards it goes.
#[tokio::test]
async fn a_backup_keeps_deleted_files_until_it_is_done() {
    let mut app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let (first, second) = (send(&mut ada, b"one").await, send(&mut ada, b"two").await);
    for file in [&first, &second] {
        ada.post(channel, &json!({ "text": "", "attachments": [file["id"]] })).await;
    }
    let hold = Hold::take(&app.data().join("files")).unwrap().expect("nobody else has it");
    ada.client.delete(&format!("/api/channels/{channel}/messages/1")).await;
    assert!(path_of(&app, &first).exists(), "the copy of the database may name it");
    drop(hold);
    ada.client.delete(&format!("/api/channels/{channel}/messages/2")).await;
    assert!(!path_of(&app, &second).exists());
    app.stop().await;
    sweep(&app.data(), 0).await;
    assert!(!path_of(&app, &first).exists(), "deleted is deleted");
}

/// Somebody may come back to a file in its last minute; the sweep must not take it from under them.
#[tokio::test]
async fn an_upload_that_somebody_is_at_is_not_swept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let config = SqliteConfig { data: data.to_owned(), ..SqliteConfig::default() };
    let store = Arc::new(SqliteStore::open(config, Arc::new(|_| {})).unwrap());
    let files = Files::open(&data.join("files"), 8, 0).unwrap();
    let rules = Rules {
        session_ms: i64::MAX / 4,
        upload_limit_bytes: 100,
        upload_keep_ms: 0,
        quota: Quota::default(),
        limits: Limits::default(),
    };
    let chat = Chat::new(store, files.clone(), Arc::new(SystemClock), rules);
    let (id, owner) = (UploadId([9; 16]), chinwag::model::ids::UserId(1));
    let promise = Promise::new(owner, "a".to_owned(), String::new(), 5);
    let claim = files.claim_in_parts(id, &promise, 1).unwrap();
    files.promise(id, promise, claim).await.unwrap();
    let mut incoming = files.take(id, IfHeld::GiveUp).await.unwrap().unwrap();
    incoming.write(bytes::Bytes::from_static(b"01234")).await.unwrap();
    chat.sweep().await.unwrap();
    let finished = incoming.settle().await.unwrap();
    assert_eq!(finished.size, 5);
    // It is in its place, and its row is about to be written.
    chat.sweep().await.unwrap();
    assert!(data.join("files").join(place(id, Kind::Bytes)).exists());
    drop(incoming);
    chat.sweep().await.unwrap();
    assert!(!data.join("files").join(place(id, Kind::Bytes)).exists(), "nobody is at it");
    chat.close().await;
}
