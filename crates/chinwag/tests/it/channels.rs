//! Channels: the list, making, joining, leaving, reading.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn a_channel_is_made_once_and_everybody_hears_of_it() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let grace = app.user("Grace").await;
    let mut window = grace.listen().await;
    let body = json!({ "name": "设计 评审", "topic": "中文界面" });
    let made = ada.client.post("/api/channels", &body).await;
    assert_eq!(made.status, 201);
    let made = made.json();
    assert_eq!((made["member"].clone(), made["member_count"].clone()), (json!(true), json!(1)));
    let heard = window.event("channel").await;
    assert_eq!(heard["type"], "created");
    assert_eq!(heard["channel"]["name"], "设计 评审");
    for same in ["设计 评审", "设计   评审", " 设计 评审 "] {
        let reply = ada.client.post("/api/channels", &json!({ "name": same })).await;
        assert_eq!((reply.status, reply.code()), (409, "channel_exists".into()), "{same}");
    }
    let empty = ada.client.post("/api/channels", &json!({ "name": " " })).await;
    assert_eq!(empty.json()["detail"], "Channel name cannot be empty.");
}

#[tokio::test]
async fn who_makes_a_channel_hears_it_on_every_screen_at_once() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut windows = [ada.listen().await, ada.listen().await];
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    grace.say(channel, "hello").await;
    for window in &mut windows {
        assert_eq!(window.event("message").await["message"]["text"], "hello");
    }
}

#[tokio::test]
async fn members_come_and_go_and_hear_only_where_they_are() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let mut window = grace.listen().await;
    ada.say(channel, "before she came").await;
    grace.join(channel).await;
    assert_eq!(window.event("member").await["member_count"], 2);
    ada.say(channel, "now she hears").await;
    assert_eq!(window.event("message").await["message"]["text"], "now she hears");
    let members = ada.client.get(&format!("/api/channels/{channel}/members")).await.json();
    assert_eq!(members["total"], 2);

    let left = grace.client.delete(&format!("/api/channels/{channel}/membership")).await;
    assert_eq!(left.status, 204);
    assert_eq!(window.event("member").await["type"], "left");
    ada.say(channel, "she is gone").await;
    // An event that Grace does hear, sent after the one that must not reach her client.
    ada.channel("a sign").await;
    window.event("channel").await;
    window.connect("/", None).await.unwrap();
    let heard = window.settled().await;
    // Of her own leaving there is a line, which she still heard.
    let is_said = |(name, told): &(String, Value)| name == "message" && told["type"] != "line";
    assert!(!heard.iter().any(is_said), "{heard:?}");
}

#[tokio::test]
async fn the_last_channel_and_how_far_one_read_are_remembered() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    for n in 1..=5 {
        ada.say(channel, &format!("message {n}")).await;
    }
    let visit = format!("/api/channels/{channel}/visit");
    let view = grace.client.post(&visit, &serde_json::Value::Null).await.json();
    assert_eq!(view["member"], false, "looking is not joining");
    assert_eq!(grace.client.get("/api/me").await.json()["last_channel"], channel);
    grace.join(channel).await;
    let mut window = grace.listen().await;
    let read = format!("/api/channels/{channel}/read");
    // The sixth row says that she joined.
    ada.say(channel, "message 6").await;
    let moved = grace.client.put(&read, &json!({ "number": 7 })).await;
    assert_eq!(moved.status, 200);
    let (moved, heard) = (moved.json(), window.event("read").await);
    for (name, value) in moved.as_object().unwrap() {
        assert_eq!(&heard[name], value, "the event says what the answer says: {heard}");
    }
    assert_eq!((&moved["channel"], &moved["number"]), (&json!(channel), &json!(7)));
    assert_eq!((&moved["unread"], &moved["step"]), (&json!(0), &heard["revision"]));
    grace.client.put(&read, &json!({ "number": 2 })).await;
    let view = grace.client.get(&format!("/api/channels/{channel}")).await.json();
    assert_eq!(view["read_number"], 7, "reading never moves it down");
    grace.client.put(&read, &json!({ "number": 600 })).await;
    let view = grace.client.get(&format!("/api/channels/{channel}")).await.json();
    assert_eq!(view["read_number"], 7, "nor past what there is");
}

#[tokio::test]
async fn only_members_change_the_topic() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let path = format!("/api/channels/{channel}");
    let topic = json!({ "topic": "Everyone, everything" });
    assert_eq!(grace.client.patch(&path, &topic).await.code(), "not_inside");
    assert_eq!(ada.client.patch(&path, &topic).await.json()["topic"], "Everyone, everything");
    let long = json!({ "topic": "x".repeat(251) });
    assert_eq!(ada.client.patch(&path, &long).await.code(), "too_long");
}
