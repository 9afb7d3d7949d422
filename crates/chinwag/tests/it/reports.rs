//! What clients tell of themselves, for whoever runs the server.

use serde_json::json;

use crate::app::TestApp;

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
