//! What a person takes along: their profile, all that they wrote, and their files.

use std::io::{Cursor, Read as _};
use std::process::Command;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::TestApp;
use crate::picture_files as make;

/// The files of an archive: names and bytes.
fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a whole archive");
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        found.push((entry.name().unwrap().into_owned(), data));
    }
    found
}

fn lines(files: &[(String, Vec<u8>)]) -> Vec<Value> {
    let (_, bytes) = files.iter().find(|(name, _)| name == "messages.jsonl").unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn somebody_takes_along_what_they_wrote_and_nothing_else() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    ada.say(tea, "of Ada").await;
    let sent = bob.upload("../notes.txt", "text/plain", b"my notes".to_vec()).await.json();
    let with_file = json!({ "text": "look", "attachments": [sent["id"]] });
    assert_eq!(bob.post(tea, &with_file).await.status, 201);
    let gone = bob.say(tea, "deleted").await["number"].as_i64().unwrap();
    bob.client.delete(&format!("/api/channels/{tea}/messages/{gone}")).await;
    let face = bob.upload("me.png", "image/png", make::photo(200, 200)).await.json();
    let changed = bob.client.put("/api/me/picture", &json!({ "upload": face["id"] })).await;
    assert_eq!(changed.status, 200);
    // A private place that he is taken out of, and one that he stays in.
    let mut ids = Vec::new();
    for name in ["lost", "kept"] {
        let draft = json!({ "name": name, "kind": "private", "people": [bob.id] });
        let id = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
        bob.say(id, &format!("in {name}")).await;
        ids.push(id);
    }
    let out = format!("/api/channels/{}/members/{}", ids[0], bob.id);
    assert_eq!(ada.client.delete(&out).await.status, 204);

    let reply = bob.client.get("/api/me/export").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/zip"));
    let files = unpack(&reply.body);
    let mut said: Vec<_> = lines(&files).iter().map(|line| line["text"].clone()).collect();
    said.sort_by_key(Value::to_string);
    assert_eq!(said, ["in kept", "look"], "what he reads, and stands");
    let path = lines(&files).iter().find_map(|line| line["files"][0].as_str().map(str::to_owned));
    let path = path.unwrap();
    assert!(path.starts_with("files/") && !path.contains(".."), "{path}");
    let kept = files.iter().find(|(name, _)| *name == path);
    assert_eq!(kept.map(|(_, bytes)| bytes.as_slice()), Some(&b"my notes"[..]), "{path}");
    let (_, profile) = files.iter().find(|(name, _)| name == "profile.json").unwrap();
    let profile: Value = serde_json::from_slice(profile).unwrap();
    assert_eq!((&profile["name"], &profile["id"]), (&json!("Bob"), &json!(bob.id)));
    assert!(files.iter().any(|(name, bytes)| name.starts_with("picture.") && bytes.len() > 100));

    // The operator takes all along, while the server runs, and of nobody who is not there.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bob.zip");
    let export = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chinwag"));
        command.args(["export", name]).arg(&file).arg("--data").arg(app.data());
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let missing = export("Nobody").await.unwrap();
    assert!(!missing.status.success() && !file.exists());
    let made = export("Bob").await.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let files = unpack(&std::fs::read(&file).unwrap());
    assert_eq!(lines(&files).len(), 3, "also what was written in the private place");
    let again = export("Bob").await.unwrap();
    assert!(!again.status.success(), "it replaces no file");
}

#[tokio::test]
async fn whoever_is_deactivated_gets_no_more_of_it() {
    // More than what waits in the buffers of a connection.
    const LARGE: usize = 16 * 1_024 * 1_024;
    let app = TestApp::start().await;
    let mut owner = app.in_charge("Olu", "owner").await;
    let mut bob = app.user("Bob").await;
    let tea = bob.channel("tea").await;
    for _ in 0..2 {
        let sent = bob.upload("large.bin", "text/plain", vec![7; LARGE]).await.json();
        let with_file = json!({ "text": "large", "attachments": [sent["id"]] });
        assert_eq!(bob.post(tea, &with_file).await.status, 201);
    }
    let mut stream = TcpStream::connect(bob.client.address).await.unwrap();
    let head = format!(
        "GET /api/me/export HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
        bob.client.address,
        bob.client.cookie_line()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 64 * 1_024];
    stream.read_exact(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "it began");

    let deactivated = format!("/api/people/{}/deactivated", bob.id);
    assert_eq!(owner.client.put(&deactivated, &json!({})).await.status, 204);
    // It ends in the middle: the last chunk and what a whole archive ends with never come.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.ends_with(b"\r\n0\r\n\r\n"), "an archive that was broken off is not whole");
    assert!(answer.len() < 2 * LARGE, "{} bytes: the second file is not in it", answer.len());
}
