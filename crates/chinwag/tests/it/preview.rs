//! Looking is not joining, and writing is: a public channel as a person sees it who is no member.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

/// Whether a person is a member of a channel.
async fn member(user: &mut User, channel: i64) -> Value {
    user.client.get(&format!("/api/channels/{channel}")).await.json()["member"].clone()
}

/// The members of a channel.
async fn members(user: &mut User, channel: i64) -> i64 {
    let members = user.client.get(&format!("/api/channels/{channel}/members")).await.json();
    members["total"].as_i64().unwrap()
}

#[tokio::test]
async fn no_door_joins_whoever_only_looks() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    ada.say(channel, "hello").await;
    let page = grace.client.get("/channel/general").await.text();
    assert!(page.contains("hello"), "{page}");
    assert!(page.contains("You are reading #general. 1 person is in it; writing joins you."));
    assert!(page.contains("action=\"/channel/general/join\""), "{page}");
    let state = grace.client.get("/api/state?channel=general").await.json();
    assert_eq!(state["page"]["messages"]["messages"][0]["text"], "hello");
    grace.client.post(&format!("/api/channels/{channel}/visit"), &Value::Null).await;
    assert_eq!(member(&mut grace, channel).await, false);
    assert_eq!(grace.client.get("/api/me").await.json()["last_channel"], channel);
    assert_eq!(grace.client.get("/").await.header("location"), "/channel/general");

    let theirs = ada.client.get("/channel/general").await.text();
    assert!(!theirs.contains("You are reading"), "nothing of it for members");
}

#[tokio::test]
async fn the_first_message_joins_and_so_does_the_button() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let (one, two) = (ada.channel("one").await, ada.channel("two").await);
    grace.say(one, "in one").await;
    assert_eq!(member(&mut grace, one).await, true);
    let joined = grace.client.form("/channel/two/join", &[]).await;
    assert_eq!((joined.status, joined.header("location")), (303, "/channel/two"));
    assert_eq!(member(&mut grace, two).await, true);
    let away = grace.client.delete(&format!("/api/channels/{two}/membership")).await;
    assert_eq!(away.status, 204);
    // After leaving, the page is there again, and visiting it joins nobody.
    assert_eq!(grace.client.get("/channel/two").await.status, 200);
    assert_eq!(member(&mut grace, two).await, false);
    assert_eq!(members(&mut ada, two).await, 1);
    assert_eq!(grace.client.form("/channel/nowhere/join", &[]).await.status, 404);
}

#[tokio::test]
async fn a_channel_is_heard_while_it_is_looked_at_one_at_a_time() {
    let app = TestApp::start().await;
    let (mut ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let (one, two) = (ada.channel("one").await, ada.channel("two").await);
    ada.say(one, "before").await;
    let mut window = grace.listen().await;
    let mut other = grace.listen().await;
    let looked = window.ask("/app", "preview", json!({ "channel": one })).await;
    assert_eq!(looked, json!({ "ok": true, "revision": 1 }));
    let said = ada.say(one, "while she looks").await;
    assert_eq!(window.event("message").await["message"]["text"], "while she looks");
    let number = &said["number"];
    ada.client.delete(&format!("/api/channels/{one}/messages/{number}")).await;
    assert_eq!(window.event("message").await["type"], "deleted");

    // The next preview replaces it.
    window.ask("/app", "preview", json!({ "channel": two })).await;
    ada.say(one, "no more").await;
    ada.say(two, "but this").await;
    assert_eq!(window.event("message").await["message"]["text"], "but this");
    window.ask("/app", "preview", json!({ "channel": null })).await;
    ada.say(two, "and nothing after").await;
    // An event that everybody hears, sent after the one that must not be heard.
    ada.channel("a sign").await;
    for socket in [&mut window, &mut other] {
        socket.event("channel").await;
        socket.connect("/", None).await.unwrap();
        let heard = socket.settled().await;
        assert!(!heard.iter().any(|(name, _)| name == "message"), "{heard:?}");
    }
}

#[tokio::test]
async fn whoever_joined_meanwhile_goes_on_hearing() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let mut window = grace.listen().await;
    window.ask("/app", "preview", json!({ "channel": channel })).await;
    grace.say(channel, "writing joins").await;
    assert_eq!(window.event("message").await["message"]["text"], "writing joins");
    window.ask("/app", "preview", json!({ "channel": null })).await;
    ada.say(channel, "still heard").await;
    assert_eq!(window.event("message").await["message"]["text"], "still heard");
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_refused() {
    let app = TestApp::start().await;
    let grace = app.user("Grace").await;
    let mut window = grace.listen().await;
    for (payload, code) in [
        (json!({ "channel": 99 }), "not_found"),
        (json!({ "channel": "general" }), "invalid"),
        (json!({ "channel": 1.5 }), "invalid"),
    ] {
        let answer = window.ask("/app", "preview", payload.clone()).await;
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!(code)), "{payload}");
    }
    let none = window.ask("/app", "preview", Value::Null).await;
    assert_eq!(none, json!({ "ok": true, "revision": null }));
}

#[tokio::test]
async fn a_log_out_clears_what_the_browser_keeps() {
    let app = TestApp::start_with(&["--trusted-proxy", "127.0.0.1"]).await;
    let mut ada = app.user("Ada").await;
    ada.client.headers = vec![("x-forwarded-proto", "https".to_owned())];
    let out = ada.client.delete("/api/session").await;
    assert_eq!((out.status, out.header("clear-site-data")), (204, "\"cache\""));
}
