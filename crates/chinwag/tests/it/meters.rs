//! Limits of commands, of topics, and of the bytes of texts. Time stands still in these tests, so
//! that none depends on how fast the machine is.

use std::sync::Arc;

use chinwag::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::limits::{PROXY, too_many, user_at};

async fn start(args: &[&str]) -> TestApp {
    let still = Arc::new(ManualClock::at(SystemClock.now()));
    TestApp::start_by(still, &[args, &PROXY].concat()).await
}

#[tokio::test]
async fn commands_have_one_limit_at_every_door() {
    let limits = ["--limit-commands", "1", "--limit-commands-per-address", "2"];
    let app = start(&limits).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    let channel = ada.channel("general").await;
    let path = format!("/api/channels/{channel}");
    assert_eq!(ada.client.post(&format!("{path}/visit"), &Value::Null).await.status, 200);
    for number in 0..4 {
        let read = json!({ "number": number });
        assert_eq!(ada.client.put(&format!("{path}/read"), &read).await.status, 200);
    }
    too_many(&ada.client.put(&format!("{path}/read"), &json!({ "number": 1 })).await, 1);
    too_many(&ada.client.put(&format!("{path}/membership"), &Value::Null).await, 1);
    too_many(&ada.client.delete(&format!("{path}/membership")).await, 1);
    too_many(&ada.client.patch(&path, &json!({ "topic": "tea" })).await, 1);
    too_many(&ada.client.patch("/api/me/settings", &json!({ "theme": "dark" })).await, 1);
    too_many(&ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await, 1);
    // Visiting the channel that was visited last changes nothing, and is no command.
    assert_eq!(ada.client.post(&format!("{path}/visit"), &Value::Null).await.status, 200);
    assert_eq!(ada.client.get("/channel/general").await.status, 200);

    let mut grace = user_at(&app, "Grace", "203.0.113.7").await;
    for _ in 0..5 {
        grace.join(channel).await;
    }
    let mut rain = user_at(&app, "Rain", "203.0.113.7").await;
    too_many(&rain.client.post(&format!("{path}/visit"), &Value::Null).await, 1);
    too_many(&rain.client.get("/channel/general").await, 1);
    user_at(&app, "Tove", "203.0.113.8").await.join(channel).await;
}

#[tokio::test]
async fn topics_are_told_to_everybody_and_so_have_a_limit_of_their_own() {
    let app = start(&["--limit-topics", "3", "--limit-topics-per-address", "5"]).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    let mut grace = user_at(&app, "Grace", "203.0.113.8").await;
    let (tea, coffee) = (ada.channel("tea").await, ada.channel("coffee").await);
    grace.join(tea).await;
    grace.join(coffee).await;
    let mut socket = grace.listen().await;
    let set = async |user: &mut User, channel: i64, topic: &str| {
        user.client.patch(&format!("/api/channels/{channel}"), &json!({ "topic": topic })).await
    };
    for topic in ["one", "two", "three"] {
        assert_eq!(set(&mut ada, tea, topic).await.status, 200);
        assert_eq!(socket.event("channel").await["channel"]["topic"], topic);
    }
    for _ in 0..20 {
        assert_eq!(set(&mut ada, tea, " three ").await.status, 200, "the same changes nothing");
    }
    too_many(&set(&mut ada, tea, "four").await, 20);
    too_many(&set(&mut ada, coffee, "four").await, 20);
    too_many(&set(&mut grace, tea, "four").await, 20);
    assert_eq!(
        set(&mut grace, coffee, "four").await.status,
        200,
        "their own limit and the channel's allow it"
    );
    assert_eq!(socket.event("channel").await["channel"]["topic"], "four", "nothing in between");

    let mut rain = user_at(&app, "Rain", "203.0.113.7").await;
    let (water, juice) = (rain.channel("water").await, rain.channel("juice").await);
    assert_eq!(set(&mut rain, water, "five").await.status, 200);
    assert_eq!(set(&mut rain, juice, "six").await.status, 200);
    too_many(&set(&mut rain, juice, "seven").await, 12);
}

#[tokio::test]
async fn text_is_counted_by_its_bytes_however_many_names_send_it() {
    let limits = ["--limit-message-kb", "2", "--limit-message-kb-per-address", "3"];
    let app = start(&limits).await;
    let channel = app.user("Maker").await.channel("general").await;
    // As much as in sixteen seconds at the same time: 32 kB from one person, 48 kB from an address.
    let long = json!({ "text": "字".repeat(5_000) });
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    for _ in 0..2 {
        assert_eq!(ada.post(channel, &long).await.status, 201);
    }
    too_many(&ada.post(channel, &long).await, 7);
    ada.say(channel, "short").await;
    let mut grace = user_at(&app, "Grace", "203.0.113.7").await;
    assert_eq!(grace.post(channel, &long).await.status, 201);
    too_many(&user_at(&app, "Rain", "203.0.113.7").await.post(channel, &long).await, 5);
    assert_eq!(user_at(&app, "Tove", "203.0.113.8").await.post(channel, &long).await.status, 201);
}

/// What is refused because of the texts of others at the address costs none of one's messages.
#[tokio::test]
async fn a_text_that_is_refused_counts_as_no_message() {
    let limits = ["--limit-message-kb", "2", "--limit-message-kb-per-address", "3"];
    let messages = ["--limit-messages", "1", "--limit-messages-burst", "2"];
    let app = start(&[limits, messages].concat()).await;
    let channel = app.user("Maker").await.channel("general").await;
    let long = json!({ "text": "字".repeat(5_000) });
    for (name, count) in [("Ada", 2), ("Grace", 1)] {
        let mut user = user_at(&app, name, "203.0.113.7").await;
        for _ in 0..count {
            assert_eq!(user.post(channel, &long).await.status, 201);
        }
    }
    let mut rain = user_at(&app, "Rain", "203.0.113.7").await;
    for _ in 0..3 {
        too_many(&rain.post(channel, &long).await, 5);
    }
    for _ in 0..2 {
        rain.say(channel, "short").await;
    }
    too_many(&rain.post(channel, &json!({ "text": "short" })).await, 1);
}

#[tokio::test]
async fn without_a_limit_of_messages_their_text_has_none() {
    let limits = ["--limit-message-kb", "1", "--limit-message-kb-per-address", "1"];
    let app = start(&[&limits[..], &["--limit-messages", "0"]].concat()).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    let channel = ada.channel("general").await;
    let long = json!({ "text": "字".repeat(5_000) });
    for _ in 0..5 {
        assert_eq!(ada.post(channel, &long).await.status, 201);
    }
}

#[tokio::test]
async fn a_class_behind_one_address_is_never_refused() {
    let app = TestApp::start_with(&[]).await;
    let channel = app.user("Teacher").await.channel("class").await;
    let pupils = (0..60).map(|n| {
        let app = &app;
        async move {
            let mut pupil = app.user(&format!("pupil {n}")).await;
            pupil.join(channel).await;
            let socket = pupil.listen().await;
            for turn in 0..5 {
                let said = pupil.say(channel, &format!("{turn} {}", "字".repeat(300))).await;
                let read = json!({ "number": said["number"] });
                let path = format!("/api/channels/{channel}/read");
                assert_eq!(pupil.client.put(&path, &read).await.status, 200);
            }
            let dark = pupil.client.patch("/api/me/settings", &json!({ "theme": "dark" })).await;
            assert_eq!(dark.status, 200);
            pupil.channel(&format!("of pupil {n}")).await;
            socket
        }
    });
    assert_eq!(futures_util::future::join_all(pupils).await.len(), 60);
}
