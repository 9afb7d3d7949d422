//! A wall clock that is set on or back by an hour or a day, under the real server: nobody is
//! refused, no session is lost, nothing that waits is removed, and every order stays.

use std::sync::Arc;

use chinwag::clock::{Clock, ManualClock, SystemClock};
use hyper::Method;
use serde_json::json;

use crate::app::{DEADLINE, TestApp};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const JUMPS: [i64; 4] = [HOUR, -HOUR, DAY, -DAY];

/// A server with a clock that tests set. Files have the times of the computer, so the clock begins
/// with those.
async fn start(args: &[&str]) -> (Arc<ManualClock>, TestApp) {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::clone(&clock) as Arc<dyn Clock>, args).await;
    (clock, app)
}

#[tokio::test]
async fn nobody_is_refused_for_longer_than_the_limit_says() {
    for jump in JUMPS {
        let (clock, app) = start(&["--limit-messages", "1", "--limit-messages-burst", "2"]).await;
        let mut ada = app.user("Ada").await;
        let channel = ada.channel("general").await;
        for _ in 0..2 {
            ada.say(channel, "x").await;
        }
        let full = ada.post(channel, &json!({ "text": "x" })).await;
        assert_eq!((full.status, full.header("retry-after")), (429, "1"));
        clock.jump_ms(jump);
        let full = ada.post(channel, &json!({ "text": "x" })).await;
        assert_eq!(
            (full.status, full.header("retry-after")),
            (429, "1"),
            "{jump}: not freed either"
        );
        clock.advance_ms(1_000);
        ada.say(channel, "a second later").await;
        app.user("Grace").await;
    }
}

#[tokio::test]
async fn sessions_outlive_a_jump_and_come_to_their_end_by_the_time_that_passes() {
    for jump in JUMPS {
        let (clock, app) = start(&["--session-days", "1"]).await;
        let mut ada = app.user("Ada").await;
        let mut socket = ada.listen().await;
        clock.jump_ms(jump);
        assert_eq!(ada.client.get("/api/me").await.status, 200, "{jump}");
        // Sweeps go on meanwhile.
        clock.advance_ms(9 * MINUTE);
        assert_eq!(ada.client.get("/api/me").await.status, 200, "{jump}");
        // The clock is back before it was steady for ten minutes, so the jump was never followed.
        clock.jump_ms(-jump);
        clock.advance_ms(20 * HOUR);
        assert_eq!(ada.client.get("/api/me").await.status, 200, "{jump}");
        let channel = ada.channel("general").await;
        ada.say(channel, "still connected").await;
        socket.event("message").await;
        clock.advance_ms(25 * HOUR);
        assert_eq!(ada.client.get("/api/me").await.status, 401, "an end is an end");
    }
}

#[tokio::test]
async fn on_a_computer_of_others_a_session_ends_when_nobody_used_it_for_half_a_day() {
    let (clock, app) = start(&[]).await;
    let mut ada = app.user("Ada").await;
    let mut library = app.browser();
    let body = json!({ "name": "Grace", "shared": true });
    assert_eq!(library.post("/api/session", &body).await.status, 201);
    for _ in 0..2 {
        clock.advance_ms(11 * HOUR);
        assert_eq!(library.get("/api/me").await.status, 200, "it was used meanwhile");
    }
    clock.advance_ms(13 * HOUR);
    assert_eq!(library.get("/api/me").await.status, 401);
    assert_eq!(ada.client.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn a_session_in_use_outlives_a_clock_that_stays_where_it_jumped_to() {
    for jump in [HOUR, -HOUR, 12 * HOUR, -DAY] {
        let (clock, app) = start(&["--session-days", "1"]).await;
        let mut ada = app.user("Ada").await;
        clock.jump_ms(jump);
        for _ in 0..40 {
            assert_eq!(ada.client.get("/api/me").await.status, 200, "{jump}");
            clock.advance_ms(MINUTE);
        }
        let channel = ada.channel("general").await;
        let said = ada.say(channel, "now").await;
        let told = said["created_at"].as_str().unwrap().to_owned();
        let shown = chinwag::wire::time::rfc3339(clock.now());
        assert_eq!(told, shown, "{jump}: the clock is followed when it was steady");
    }
}

#[tokio::test]
async fn messages_stay_in_their_order() {
    for jump in JUMPS {
        let (clock, app) = start(&[]).await;
        let mut ada = app.user("Ada").await;
        let channel = ada.channel("general").await;
        for turn in 0..6 {
            ada.say(channel, &format!("{turn}")).await;
            clock.jump_ms(if turn % 2 == 0 { jump } else { -jump });
            clock.advance_ms(MINUTE);
        }
        let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
        let messages = page["messages"].as_array().unwrap();
        let texts: Vec<&str> = messages.iter().map(|m| m["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["0", "1", "2", "3", "4", "5"], "{jump}");
        let times: Vec<&str> = messages.iter().map(|m| m["created_at"].as_str().unwrap()).collect();
        assert!(times.is_sorted(), "{jump}: {times:?}");
    }
}

#[tokio::test]
async fn files_that_wait_are_not_removed_by_a_jump() {
    for jump in [HOUR, -HOUR, 25 * HOUR, -25 * HOUR] {
        let (clock, app) = start(&["--upload-keep-hours", "1"]).await;
        let mut ada = app.user("Ada").await;
        let whole = "/api/uploads?name=x";
        let sent = ada.client.send(Method::POST, whole, "text/plain", b"words".to_vec()).await;
        let file = format!("/api/uploads/{}", sent.json()["id"].as_str().unwrap());
        ada.client.headers = vec![
            ("tus-resumable", "1.0.0".to_owned()),
            ("upload-length", "5".to_owned()),
            ("upload-metadata", "filename eA==".to_owned()),
        ];
        let begun = ada.client.send(Method::POST, "/api/uploads/resumable", "", Vec::new()).await;
        let begun = begun.header("location").to_owned();
        clock.jump_ms(jump);
        // Far enough for a sweep, which goes on beside this.
        clock.advance_ms(9 * MINUTE);
        for _ in 0..20 {
            tokio::task::yield_now().await;
            assert_eq!(ada.client.get(&file).await.status, 200, "{jump}");
            let head = ada.client.send(Method::HEAD, &begun, "", Vec::new()).await;
            assert_eq!(head.status, 200, "{jump}");
        }
        clock.jump_ms(-jump);
        clock.advance_ms(2 * HOUR);
        let until = tokio::time::Instant::now() + DEADLINE;
        while ada.client.get(&file).await.status != 404 {
            assert!(tokio::time::Instant::now() < until, "what nobody wants goes by itself");
        }
    }
}
