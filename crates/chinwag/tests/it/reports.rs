//! What clients report of themselves, for the operator.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::app::TestApp;
use crate::client::Client;

#[tokio::test]
async fn a_client_that_healed_itself_says_so_and_cannot_flood_the_log() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let report = |channel: i64, found: &str| {
        json!({ "kind": "digest_mismatch", "channel": channel, "revision": 7,
            "expected": "e3b0c442", "found": found })
    };
    let odd = "x\n2026-11-23 ERROR forged \u{1b}[31m";
    assert_eq!(ada.client.post("/api/reports", &report(channel, odd)).await.status, 204);
    let long = ada.client.post("/api/reports", &report(channel, &"x".repeat(129))).await;
    assert_eq!((long.status, long.code()), (422, "invalid".into()));
    assert_eq!(ada.client.post("/api/reports", &report(99, "x")).await.code(), "not_found");
    let kind = json!({ "kind": "something", "channel": channel });
    assert_eq!(ada.client.post("/api/reports", &kind).await.code(), "bad_request");
    for _ in 0..4 {
        ada.client.post("/api/reports", &report(channel, "x")).await;
    }
    let reply = ada.client.post("/api/reports", &report(channel, "x")).await;
    assert_eq!((reply.status, reply.code()), (429, "too_many".into()));
    assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
    let mut grace = app.user("Grace").await;
    assert_eq!(grace.client.post("/api/reports", &report(channel, "x")).await.status, 204);
}

/// A report becomes one line of the log with what is needed, whatever the client puts into it.
#[tokio::test]
async fn a_report_is_one_line_in_the_log() {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log");
    let mut server = Command::new(env!("CARGO_BIN_EXE_chinwag"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path().join("data"))
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut ada = Client::new(line.trim().rsplit("http://").next().unwrap().parse().unwrap());
    ada.post("/api/session", &json!({ "name": "Ada" })).await;
    ada.post("/api/channels", &json!({ "name": "general" })).await;
    let odd = "x\n2026-11-23T00:00:00Z ERROR forged \u{1b}[31m\r";
    let report = json!({ "kind": "digest_mismatch", "channel": 1, "revision": 7,
        "expected": "e3b0c442", "found": odd });
    assert_eq!(ada.post("/api/reports", &report).await.status, 204);
    server.kill().unwrap();
    server.wait().unwrap();
    let log = std::fs::read_to_string(log).unwrap();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("differed")).collect();
    assert_eq!(told.len(), 1, "{log}");
    for part in ["WARN", "person=1", "\"Ada\"", "channel=1", "revision=7", "\"e3b0c442\"", "forged"]
    {
        assert!(told[0].contains(part), "{part}: {log}");
    }
    assert!(
        !log.contains("\nx") && !log.lines().any(|line| line.starts_with("2026-11-23T00:00:00Z"))
    );
    assert!(!log.contains('\u{1b}') && !log.contains('\r'), "{log}");
}
