//! Transcripts: what the archive of a channel holds, for whom, and what becomes of it on the way.

use std::io::{Cursor, Read as _};

use futures_util::StreamExt as _;
use hyper::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use zip::ZipArchive;

use crate::app::{TestApp, User};
use crate::client::Reply;

type Archive = ZipArchive<Cursor<Vec<u8>>>;

pub async fn export(user: &mut User, channel: i64, query: &str) -> Reply {
    let path = format!("/api/channels/{channel}/transcript{query}");
    user.client.send(Method::POST, &path, "application/x-www-form-urlencoded", Vec::new()).await
}

pub fn open(reply: &Reply) -> Archive {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), "application/zip");
    ZipArchive::new(Cursor::new(reply.body.to_vec())).expect("an archive")
}

/// Reads a file of the archive; the library compares its checksum.
fn read(archive: &mut Archive, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut file = archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    file.read_to_end(&mut bytes).expect("its bytes");
    bytes
}

pub fn text(archive: &mut Archive, name: &str) -> String {
    String::from_utf8(read(archive, name)).unwrap()
}

pub fn lines(archive: &mut Archive) -> Vec<Value> {
    let text = text(archive, "messages.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_transcript_holds_what_is_there_now_and_the_files() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("<b>Bob").await);
    let tea = ada.channel("tea & <i>cake").await;
    bob.join(tea).await;
    ada.say(tea, "**strong** <script>alert(1)</script>").await;
    let one = bob.say(tea, "canary of the author").await["number"].clone();
    let other = bob.say(tea, "canary of the moderator").await["number"].clone();
    let hostile = "../../etc\\pass:wd\u{202e}gnp.html";
    let file = bob.upload(hostile, "text/html", b"<script>alert(1)</script>".to_vec()).await;
    assert_eq!(file.status, 201, "{}", file.text());
    let picture = bob.upload("pier.png", "image/png", crate::picture_files::photo(64, 64)).await;
    let ids = json!([file.json()["id"], picture.json()["id"]]);
    bob.post(tea, &json!({ "text": "two files", "attachments": ids })).await;
    bob.client.delete(&format!("/api/channels/{tea}/messages/{one}")).await;
    let spam = json!({ "reason": "spam" });
    ada.client.post(&format!("/api/channels/{tea}/messages/{other}/removal"), &spam).await;

    let reply = export(&mut ada, tea, "?offset=480").await;
    assert!(!String::from_utf8_lossy(&reply.body).contains("canary"), "tombstones have no text");
    let mut archive = open(&reply);
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in &names {
        let parts: Vec<_> = name.split('/').collect();
        assert!(parts.len() <= 2 && !parts.contains(&"..") && !name.contains('\\'), "{name:?}");
        let is_odd = |c: char| c.is_control() || c == '\u{202e}';
        assert!(!name.contains(is_odd), "{name:?}");
    }
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("files/5-")).count(), 2, "{names:?}");
    let page = text(&mut archive, "index.html");
    assert!(page.contains("<strong>strong</strong> &#60;script&#62;"), "{page}");
    assert!(
        page.contains("tea &#38; &#60;i&#62;cake") && page.contains("&#60;b&#62;Bob"),
        "{page}"
    );
    assert!(!page.contains("<script") && !page.contains("<i>cake"), "{page}");
    assert!(page.contains("Content-Security-Policy") && page.contains("UTC+08:00"), "{page}");
    assert!(page.contains("deleted a message") && page.contains("Removed by a moderator"));
    assert!(page.contains("<img src=\"files/5-2-pier.png\""), "{page}");

    let mut lines = lines(&mut archive);
    assert_eq!(lines.len(), 5);
    assert!(page.contains("joined"), "{page}");
    let came = lines.remove(0);
    assert_eq!((&came["line"]["kind"], &came["deleted"]), (&json!("members"), &json!(false)));
    assert_eq!(lines[0]["text"], "**strong** <script>alert(1)</script>");
    let gone =
        |line: &Value| (line["text"].clone(), line["deleted"].clone(), line["removed"].clone());
    assert_eq!(gone(&lines[1]), (json!(""), json!(true), json!(false)));
    assert_eq!(gone(&lines[2]), (json!(""), json!(true), json!(true)));
    let path = lines[3]["files"][0]["path"].as_str().unwrap();
    assert_eq!(read(&mut archive, path), b"<script>alert(1)</script>");
    let chinese = json!({ "language": "zh" });
    ada.client.patch("/api/me/settings", &chinese).await;
    let page = text(&mut open(&export(&mut ada, tea, "").await), "index.html");
    assert!(page.contains("lang=\"zh-Hans\"") && page.contains("已被管理员移除"), "{page}");
}

#[tokio::test]
async fn only_a_host_who_is_in_it_makes_one_and_the_log_has_it() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let draft = json!({ "name": "team", "kind": "private", "people": [bob.id] });
    let team = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    ada.say(team, "canary").await;
    assert_eq!(export(&mut bob, team, "").await.status, 403, "a member");
    assert_eq!(export(&mut mei, team, "").await.status, 404, "the owner, who is not in it");
    let odd = export(&mut ada, team, "?offset=999").await;
    assert_eq!(odd.status, 422, "{}", odd.text());
    let empty = ada.channel("empty").await;
    let page = text(&mut open(&export(&mut ada, empty, "").await), "index.html");
    assert!(page.contains("Nothing had been said here."), "{page}");
    open(&export(&mut ada, team, "").await);
    let log = mei.client.get("/api/log?act=export").await.json();
    let entries = log["entries"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[0]["channel"]), (1, &json!(empty)), "{log}");
    // From another site nobody has one made.
    let mut foreign = ada.client.clone();
    foreign.headers.push(("origin", "https://elsewhere.example".to_owned()));
    let path = format!("/api/channels/{team}/transcript");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(foreign.send(Method::POST, &path, form, Vec::new()).await.status, 403);
}

#[tokio::test]
async fn thousands_of_messages_come_on_several_pages() {
    const MESSAGES: usize = 5_040;
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    let posts = futures_util::stream::iter(0..MESSAGES).map(|number| {
        let client = ada.client.clone();
        let path = format!("/api/channels/{tea}/messages");
        let body = json!({ "text": format!("message {number}") }).to_string().into_bytes();
        async move { client.exchange(Method::POST, &path, "application/json", body).await.unwrap() }
    });
    let done: Vec<Reply> = posts.buffer_unordered(64).collect().await;
    assert!(done.iter().all(|reply| reply.status == 201));
    let mut archive = open(&export(&mut ada, tea, "").await);
    let lines = lines(&mut archive);
    assert_eq!(lines.len(), MESSAGES);
    assert!(lines.iter().zip(1..).all(|(line, number)| line["number"] == number));
    let (first, second) = (text(&mut archive, "index.html"), text(&mut archive, "page-2.html"));
    let messages = |page: &str| page.matches("<li class=\"msg").count();
    assert_eq!((messages(&first), messages(&second)), (5_000, 40));
    assert!(first.contains("href=\"page-2.html\"") && second.contains("href=\"index.html\""));
    assert_eq!(archive.len(), 3);
}

#[tokio::test]
async fn a_file_that_is_gone_is_named_and_the_archive_stays_whole() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    let mut ids = Vec::new();
    for name in ["kept.txt", "gone.txt"] {
        let file = ada.upload(name, "text/plain", name.as_bytes().to_vec()).await.json();
        ids.push(file["id"].as_str().unwrap().to_owned());
    }
    ada.post(tea, &json!({ "text": "", "attachments": ids })).await;
    // As if it had been removed between the row and the bytes.
    let bytes = app.data().join("files").join(&ids[1][..2]).join(format!("{}.bin", ids[1]));
    std::fs::remove_file(&bytes).unwrap();
    let mut archive = open(&export(&mut ada, tea, "").await);
    assert_eq!(read(&mut archive, "files/1-1-kept.txt"), b"kept.txt");
    let page = text(&mut archive, "index.html");
    assert!(page.contains("gone.txt</bdi> <small>removed, not in this transcript"), "{page}");
    let line = &lines(&mut archive)[0];
    assert_eq!(
        (&line["files"][0]["path"], &line["files"][1]["path"]),
        (&json!("files/1-1-kept.txt"), &Value::Null)
    );
}

/// Begins a transcript and reads the beginning of the answer.
async fn begin(user: &User, channel: i64) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(user.client.address).await.unwrap();
    let request = format!(
        "POST /api/channels/{channel}/transcript HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\
         Content-Length: 0\r\n\r\n",
        user.client.address,
        user.client.cookie_line(),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = [0; 256];
    let count = stream.read(&mut bytes).await.unwrap();
    (stream, String::from_utf8_lossy(&bytes[..count]).into_owned())
}

#[tokio::test]
async fn a_transcript_that_nobody_takes_ends_and_gives_its_place_back() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    // More than the buffers of a connection hold.
    for number in 0..8 {
        let file = ada.upload(&format!("{number}.bin"), "", vec![7; 4 << 20]).await.json();
        ada.post(tea, &json!({ "text": "", "attachments": [file["id"]] })).await;
    }
    let one = begin(&ada, tea).await;
    let two = begin(&ada, tea).await;
    assert!(one.1.starts_with("HTTP/1.1 200") && two.1.starts_with("HTTP/1.1 200"), "{}", one.1);
    let third = export(&mut ada, tea, "").await;
    assert_eq!((third.status, third.code()), (429, "too_many".to_owned()), "two at a time");
    assert!(!third.header("retry-after").is_empty());
    drop((one, two));
    // It notices that nobody takes it when it hands on the next piece.
    loop {
        let reply = export(&mut ada, tea, "").await;
        if reply.status == 200 {
            assert_eq!(open(&reply).len(), 10);
            break;
        }
        assert_eq!(reply.status, 429);
    }
}

#[tokio::test]
async fn whoever_loses_the_right_gets_no_more_of_it() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    bob.join(tea).await;
    ada.client.put(&format!("/api/channels/{tea}/hosts/{}", bob.id), &Value::Null).await;
    for number in 0..8 {
        let file = ada.upload(&format!("{number}.bin"), "", vec![7; 4 << 20]).await.json();
        ada.post(tea, &json!({ "text": "", "attachments": [file["id"]] })).await;
    }
    ada.say(tea, "the end of it").await;
    let (mut stream, head) = begin(&bob, tea).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let unhost = format!("/api/channels/{tea}/hosts/{}", bob.id);
    assert_eq!(ada.client.delete(&unhost).await.status, 204);
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(!rest.ends_with(b"0\r\n\r\n"), "the answer is not taken for a whole one");
    let is_there = |what: &[u8]| rest.windows(what.len()).any(|part| part == what);
    assert!(!is_there(b"the end of it"), "what comes later is not given out");
}
