//! What was deleted is in no file of the data folder soon after, while the server runs and after it
//! stopped.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};

use crate::app::DEADLINE;
use crate::binary::Binary;
use crate::client::Client;
use crate::picture_files as make;

/// Somebody at a real server.
struct Person {
    client: Client,
}

impl Person {
    async fn new(server: &Binary, name: &str) -> Self {
        let mut client = Client::new(server.address);
        let reply = client.post("/api/session", &json!({ "name": name })).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        Self { client }
    }

    async fn channel(&mut self, name: &str) -> i64 {
        let made = self.client.post("/api/channels", &json!({ "name": name })).await;
        made.json()["id"].as_i64().unwrap_or_else(|| panic!("{}", made.text()))
    }

    async fn post(&mut self, channel: i64, body: &Value) -> i64 {
        let path = format!("/api/channels/{channel}/messages");
        let reply = self.client.post(&path, body).await;
        reply.json()["number"].as_i64().unwrap_or_else(|| panic!("{}", reply.text()))
    }

    async fn say(&mut self, channel: i64, text: &str) -> i64 {
        self.post(channel, &json!({ "text": text })).await
    }

    async fn edit(&mut self, channel: i64, number: i64, body: &Value) {
        let path = format!("/api/channels/{channel}/messages/{number}");
        let reply = self.client.patch(&path, body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    async fn upload(&mut self, name: &str, bytes: Vec<u8>) -> Value {
        let path = format!("/api/uploads?name={name}");
        let reply = self.client.send(Method::POST, &path, "text/plain", bytes).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        reply.json()
    }

    async fn bytes(&mut self, path: &str) -> Vec<u8> {
        let reply = self.client.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.body.to_vec()
    }

    async fn delete(&mut self, path: &str) {
        let reply = self.client.delete(path).await;
        assert!((200..300).contains(&reply.status), "{path}: {}", reply.text());
    }
}

/// Bytes that must not be found any more, and what they are of.
struct Canaries(Vec<(String, Vec<u8>)>);

impl Canaries {
    /// A text, in each form in which a file could have it.
    fn text(&mut self, text: &str) {
        self.0.push((format!("{text} in UTF-8"), text.as_bytes().to_vec()));
        let units: Vec<u16> = text.encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        self.0.push((format!("{text} in UTF-16LE"), little));
        self.0.push((format!("{text} in UTF-16BE"), big));
    }

    /// A part from the middle of some bytes.
    fn part(&mut self, of: &str, bytes: &[u8]) {
        let middle = bytes.len() / 2;
        self.0.push((of.to_owned(), bytes[middle..middle + 32].to_vec()));
    }

    /// Which of them are in files of a folder, and in which.
    fn found(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                found.extend(self.found(&path));
            }
            // It may be gone, or be a socket or as large as the disk.
            let bytes =
                if name == "ballast" { Vec::new() } else { fs::read(&path).unwrap_or_default() };
            for (what, canary) in &self.0 {
                if bytes.windows(canary.len()).any(|part| part == canary) || name.contains(what) {
                    found.push(format!("{what}: {}", path.display()));
                }
            }
        }
        found
    }

    /// Waits until none is found any more.
    async fn until_gone(&self, data: &Path) {
        let began = Instant::now();
        loop {
            let found = self.found(data);
            if found.is_empty() {
                return;
            }
            assert!(began.elapsed() < 2 * DEADLINE, "still there: {found:#?}");
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

/// Runs a command on a data folder.
fn chinwag(args: &[&str], data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chinwag"));
    command.args(args).arg("--data").arg(data).output().unwrap()
}

/// What was changed since it was posted.
struct Edited {
    /// A message with many earlier texts, which is to be deleted.
    goes: i64,
    /// A message with three files, which stays with one of them.
    keeps: i64,
    stays: Value,
}

async fn edited(ada: &mut Person, general: i64, gone: &mut Canaries) -> Edited {
    // Earlier texts of a message that goes, of many lengths too; and files that are taken out of one that stays,
    // with the words that stood beside them.
    let goes = ada.say(general, "canary-version-000").await;
    gone.text("canary-version-000");
    for number in 1..30_usize {
        let canary = format!("canary-version-{number:03}");
        let filler = "tea ".repeat(number * 7_919 % 130);
        ada.edit(general, goes, &json!({ "text": format!("{canary} {filler}") })).await;
        gone.text(&canary);
    }
    let out = ada.upload("canary-taken-out.txt", b"canary-inside-of-it".to_vec()).await;
    gone.text("canary-taken-out");
    gone.text("canary-inside-of-it");
    let other = make::photo(800, 600);
    let out_too = ada.upload("canary-other-picture.png", other.clone()).await;
    gone.text("canary-other-picture");
    gone.part("another picture", &other);
    let thumbnail = format!("/thumbnails/{}", out_too["id"].as_str().unwrap());
    gone.part("another thumbnail", &ada.bytes(&thumbnail).await);
    let stays = ada.upload("stays.txt", b"canary-that-stays".to_vec()).await;
    let files = [&out["id"], &stays["id"], &out_too["id"]];
    let keeps = ada.post(general, &json!({ "text": "three", "attachments": files })).await;
    Edited { goes, keeps, stays }
}

/// Waits until the server has indexed all messages.
async fn until_indexed(data: &Path) {
    let began = Instant::now();
    let db = rusqlite::Connection::open(data.join("chinwag.db")).unwrap();
    let left = "SELECT count(*) FROM channels c LEFT JOIN search_marks s ON s.channel_id = c.id
                WHERE c.last_number > coalesce(s.high, 0)
                  AND EXISTS (SELECT 1 FROM messages m WHERE m.channel_id = c.id
                              AND m.number > coalesce(s.high, 0) AND m.deleted_at IS NULL)";
    while db.query_row(left, [], |row| row.get::<_, i64>(0)).unwrap() > 0 {
        assert!(began.elapsed() < 2 * DEADLINE, "messages are not indexed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A word that begins as no other one does.
fn word(number: usize) -> String {
    let scattered = u32::try_from(number).unwrap().wrapping_add(1).wrapping_mul(2_654_435_761);
    format!("{scattered:08x}word{number:03}")
}

/// Says many messages; returns those that are to be deleted.
async fn many(ada: &mut Person, general: i64, gone: &mut Canaries) -> Vec<i64> {
    // Messages of many lengths, so that the database moves rows about. Some of them are deleted.
    let mut deleted = Vec::new();
    for number in 0..150_usize {
        let canary = format!("canary-message-{number:03}");
        let filler = "tea ".repeat(number * 7_919 % 130);
        let word = word(number);
        let said = ada.say(general, &format!("{canary} {word} {filler}")).await;
        if number % 7 == 0 {
            gone.text(&canary);
            deleted.push(said);
        }
        if number % 49 == 0 {
            // Words stand in an index too, where those that begin alike share their beginnings.
            gone.text(&word[2..]);
        }
    }
    deleted
}

#[tokio::test]
async fn nothing_is_left_of_what_was_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut command = Binary::command(data);
    command.args(["--limit-commands", "0", "--limit-new-channels", "0"]);
    let server = Binary::spawn(command);
    let (mut ada, mut bob) = (Person::new(&server, "Ada").await, Person::new(&server, "Bob").await);
    let password = json!({ "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &password).await.status, 204);
    let owner = chinwag(&["owner", "Ada"], data);
    assert!(owner.status.success());
    let mut gone = Canaries(Vec::new());

    let general = ada.channel("general").await;
    let mut deleted = many(&mut ada, general, &mut gone).await;
    // A file with its name, and a picture with its thumbnail.
    gone.text("canary-inside-a-file");
    gone.text("canary-name-of-a-file");
    let file = ada.upload("canary-name-of-a-file.txt", b"canary-inside-a-file".to_vec()).await;
    let photo = make::photo(900, 700);
    let picture = ada.upload("canary-name-of-a-picture.png", photo.clone()).await;
    gone.text("canary-name-of-a-picture");
    gone.part("a picture", &photo);
    let thumbnail = format!("/thumbnails/{}", picture["id"].as_str().unwrap());
    gone.part("a thumbnail", &ada.bytes(&thumbnail).await);
    let both = json!({ "text": "look", "attachments": [file["id"], picture["id"]] });
    deleted.push(ada.post(general, &both).await);
    // A file that is in no message.
    let loose = ada.upload("canary-loose.txt", b"canary-in-a-loose-file".to_vec()).await;
    gone.text("canary-loose");
    gone.text("canary-in-a-loose-file");
    let Edited { goes, keeps, stays } = edited(&mut ada, general, &mut gone).await;
    deleted.push(goes);
    // What a report keeps of a message until it is dealt with.
    let reported = bob.say(general, "canary-reported").await;
    gone.text("canary-reported");
    let at = format!("/api/channels/{general}/messages/{reported}");
    let report = json!({ "reason": "spam" });
    assert_eq!(ada.client.put(&format!("{at}/report"), &report).await.status, 204);
    // A channel with its topic, its message and a file.
    let doomed = ada.channel("doomed").await;
    let topic = json!({ "topic": "canary-topic" });
    assert_eq!(ada.client.patch(&format!("/api/channels/{doomed}"), &topic).await.status, 200);
    gone.text("canary-topic");
    let inside = ada.upload("a.txt", b"canary-file-of-a-channel".to_vec()).await;
    gone.text("canary-file-of-a-channel");
    ada.post(doomed, &json!({ "text": "canary-doomed unsayable", "attachments": [inside["id"]] }))
        .await;
    gone.text("canary-doomed");
    gone.text("unsayable");
    // A person's picture, what they say of themselves, and a token's name.
    let face = bob.upload("canary-face.png", make::photo(300, 300)).await;
    gone.text("canary-face");
    let me = bob.client.put("/api/me/picture", &json!({ "upload": face["id"] })).await.json();
    let square = format!("/pictures/{}/1", me["picture"].as_str().unwrap());
    gone.part("a face", &bob.bytes(&square).await);
    let profile = json!({ "about": "canary-about" });
    assert_eq!(bob.client.put("/api/me/profile", &profile).await.status, 200);
    gone.text("canary-about");

    until_indexed(data).await;
    let there: Vec<String> = gone.found(data);
    assert!(there.len() > 30, "the look finds them before they are deleted: {}", there.len());

    for number in deleted {
        ada.delete(&format!("/api/channels/{general}/messages/{number}")).await;
    }
    ada.edit(general, keeps, &json!({ "text": "one", "attachments": [stays["id"]] })).await;
    ada.delete(&format!("/api/uploads/{}", loose["id"].as_str().unwrap())).await;
    bob.delete(&at).await;
    ada.delete(&format!("/api/message-reports/{general}/{reported}")).await;
    ada.delete(&format!("/api/channels/{doomed}")).await;
    bob.delete("/api/me/picture").await;
    assert_eq!(bob.client.put("/api/me/profile", &json!({ "about": "" })).await.status, 200);

    gone.until_gone(data).await;
    // What was not deleted is there, and the database is sound.
    let page = ada.bytes(&format!("/api/channels/{general}/messages?before=101&limit=1")).await;
    assert!(String::from_utf8_lossy(&page).contains("canary-message-099"));
    let kept = ada.bytes(&format!("/files/{}/x", stays["id"].as_str().unwrap())).await;
    assert_eq!(kept, b"canary-that-stays");
    server.stop().await;
    assert_eq!(gone.found(data), Vec::<String>::new());
    let checked = chinwag(&["check"], data);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
