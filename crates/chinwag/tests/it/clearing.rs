//! Clearing a channel, as those in it and those outside notice it, and lines on the real server.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::binary::Binary;
use crate::client::Client;

fn clear(channel: i64, through: i64) -> String {
    format!("/api/channels/{channel}/messages?through={through}")
}

#[tokio::test]
async fn everybody_loses_what_was_cleared_and_nobody_else_hears_of_it() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("physics").await;
    grace.join(channel).await;
    for n in 0..3 {
        ada.say(channel, &format!("old {n}")).await;
    }
    let mut window = grace.listen().await;
    let mut classic = grace.listen_classic().await;
    let denied = grace.client.delete(&clear(channel, 4)).await;
    assert_eq!((denied.status, denied.code().as_str()), (403, "forbidden"));
    assert_eq!(ada.client.delete(&clear(channel, 0)).await.status, 422);
    let cleared = ada.client.delete(&clear(channel, 3)).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text());
    assert_eq!(cleared.json()["floor"], 3);
    let told = window.event("channel").await;
    assert_eq!((&told["channel"]["floor"], &told["channel_since"]), (&json!(3), &json!(4)));
    let line = window.line().await;
    assert_eq!((&line["since"], &line["message"]["line"]["kind"]), (&json!(5), &json!("cleared")));
    assert_eq!(line["message"]["author"]["name"], "Ada");
    assert!(classic.settled().await.is_empty(), "the classic namespace hears nothing of lines");

    let page = grace.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    let numbers: Vec<&Value> =
        page["messages"].as_array().unwrap().iter().map(|row| &row["number"]).collect();
    assert_eq!((numbers, &page["has_older"]), (vec![&json!(4), &json!(5)], &json!(false)));
    let changes = grace.client.get(&format!("/api/channels/{channel}/changes?since=0")).await;
    assert_eq!(changes.json()["info"]["floor"], 3);
    assert!(!changes.text().contains("old 0"), "{}", changes.text());
    // The plain page and the first HTML, with the line, and with a link to what is not kept.
    let html = grace.client.get("/channel/physics").await.text();
    assert!(html.contains("Ada cleared the channel") && !html.contains("old 0"), "{html}");
    let html = ada.client.get("/channel/physics/2").await.text();
    assert!(html.contains("You cleared the channel"), "{html}");
    assert!(html.contains("That message is no longer kept"), "{html}");
    assert!(html.contains("old 2"), "what is left is shown: {html}");
    ada.client.patch("/api/me/settings", &json!({ "language": "zh" })).await;
    let html = ada.client.get("/channel/physics/2").await.text();
    assert!(html.contains("该消息已不再保留") && html.contains("您 清空了频道"), "{html}");
    let digest = |answer: Value| answer["digest"].clone();
    let path = format!("/api/channels/{channel}/digest?last=100");
    let whole = digest(grace.client.get(&path).await.json());
    let path = format!("/api/channels/{channel}/digest?last=2");
    assert_eq!(digest(grace.client.get(&path).await.json()), whole, "it begins above the floor");
}

#[tokio::test]
async fn joins_and_leaves_are_one_row_that_goes_on() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let mut window = ada.listen().await;
    let mut people = [app.user("Bob").await, app.user("Cleo").await, app.user("Dan").await];
    for person in &mut people {
        person.join(channel).await;
    }
    for (step, count) in (1..=3).zip(1..) {
        let told = window.line().await;
        let line = &told["message"];
        assert_eq!((&line["number"], &told["revision"]), (&json!(1), &json!(step)));
        assert_eq!(line["line"]["people"].as_array().unwrap().len(), count);
        assert!(!line["deleted_at"].is_null(), "whoever knows no lines passes over it");
    }
    // A line shows the present names.
    people[0].client.put("/api/me/name", &json!({ "name": "Robert" })).await;
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"][0]["line"]["people"][0]["user"]["name"], "Robert");
    assert_eq!(ada.client.get(&format!("/api/channels/{channel}")).await.json()["unread"], 0);
    let html = ada.client.get("/channel/general").await.text();
    assert!(html.contains("Robert, Cleo and 1 other joined"), "{html}");
    let gone = people[0].client.delete(&format!("/api/channels/{channel}/messages/1")).await;
    assert_eq!(gone.status, 404);
}

/// How many rows of messages there are.
fn rows(data: &Path) -> i64 {
    let db = rusqlite::Connection::open(data.join("chinwag.db")).unwrap();
    db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap()
}

/// The real binary, killed right after a channel was cleared: the rows go after the next start, and
/// nobody sees one of them meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clearing_goes_on_after_kill_9() {
    let data = tempfile::tempdir().unwrap();
    let server = Binary::start(data.path());
    let mut client = Client::new(server.address);
    client.post("/api/session", &json!({ "name": "Ada" })).await;
    let made = client.post("/api/channels", &json!({ "name": "general" })).await;
    let channel = made.json()["id"].as_i64().unwrap();
    client.post(&format!("/api/channels/{channel}/messages"), &json!({ "text": "first" })).await;
    server.stop().await;
    // More rows than go at once.
    let db = rusqlite::Connection::open(data.path().join("chinwag.db")).unwrap();
    db.execute_batch(
        "BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO messages (channel_id, number, revision, posted_revision, author_id, key,
                               created_at, attachments, text)
         SELECT 1, i, i, i, 1, randomblob(16), 0, 0, 'x' FROM n;
         UPDATE channels SET last_number = 5000, last_in_run = 5000, revision = 5000;
         UPDATE members SET read_number = 5000;
         DELETE FROM sums;
         COMMIT;",
    )
    .unwrap();
    db.close().unwrap();
    let mut server = Binary::start(data.path());
    let mut client = Client { address: server.address, ..client };
    let cleared = client.delete(&clear(channel, 5000)).await;
    assert_eq!(cleared.status, 200, "{}", cleared.text());
    server.kill();
    let server = Binary::start(data.path());
    let mut client = Client { address: server.address, ..client };
    let page = client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"].as_array().unwrap().len(), 1, "the line alone");
    assert_eq!(page["messages"][0]["number"], 5001);
    for _ in 0..600 {
        if rows(data.path()) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(rows(data.path()), 1, "the rest of the rows went after the start");
    server.stop().await;
    let folder = data.path().to_str().unwrap();
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_chinwag"));
    let check = check.args(["check", "--data", folder]).output().unwrap();
    let told = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success(), "{told}");
}
