//! Reactions: who hears of them, which emoji there are, and who may.

use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;

fn at(channel: i64, message: &Value, emoji: &str) -> String {
    let emoji = utf8_percent_encode(emoji, NON_ALPHANUMERIC);
    format!("/api/channels/{channel}/messages/{}/reactions/{emoji}", message["number"])
}

async fn react(user: &mut User, channel: i64, message: &Value, emoji: &str) -> Reply {
    user.client.put(&at(channel, message, emoji), &Value::Null).await
}

async fn take_back(user: &mut User, channel: i64, message: &Value, emoji: &str) -> Reply {
    user.client.delete(&at(channel, message, emoji)).await
}

#[tokio::test]
async fn everybody_in_the_channel_hears_who_put_which_emoji() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut eve = app.user("Eve").await;
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let said = ada.say(channel, "hello").await;
    let revision = said["revision"].as_i64().unwrap();
    let (mut at_ada, mut at_grace) = (ada.listen().await, grace.listen().await);
    let (mut outside, mut classic) = (eve.listen().await, ada.listen_classic().await);
    outside.connect("/", None).await.unwrap();

    let answer = react(&mut grace, channel, &said, "👍").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mine = json!([{ "emoji": "👍", "count": 1, "mine": true }]);
    assert_eq!(answer.json()["reactions"], mine);
    assert_eq!(answer.json()["revision"], revision + 1);
    let event = |number: i64, on: bool, count: i64| {
        json!({
            "channel": channel, "since": revision + number - 1, "revision": revision + number,
            "number": said["number"], "user": { "id": grace.id, "name": "Grace" }, "emoji": "👍",
            "on": on, "count": count,
        })
    };
    let (first, last) = (event(1, true, 1), event(3, false, 1));
    for window in [&mut at_ada, &mut at_grace] {
        let mut heard = window.event("reaction").await;
        let user = heard["user"].as_object_mut().unwrap();
        user.retain(|name, _| name == "id" || name == "name");
        assert_eq!(heard, first);
    }
    // The same again changes nothing, and nobody hears of it.
    assert_eq!(react(&mut grace, channel, &said, "👍").await.json(), answer.json());
    react(&mut ada, channel, &said, "👍").await;
    let taken = take_back(&mut grace, channel, &said, "👍").await.json();
    assert_eq!(taken["reactions"], json!([{ "emoji": "👍", "count": 1, "mine": false }]));
    assert_eq!(take_back(&mut grace, channel, &said, "👍").await.json(), taken);
    assert_eq!(at_ada.event("reaction").await["revision"], revision + 2);
    let mut heard = at_ada.event("reaction").await;
    heard["user"].as_object_mut().unwrap().retain(|name, _| name == "id" || name == "name");
    assert_eq!(heard, last);
    at_ada.connect("/", None).await.unwrap();
    assert!(!at_ada.settled().await.iter().any(|(name, _)| name == "reaction"));
    assert!(classic.settled().await.is_empty(), "they know no reactions");
    let heard = outside.settled().await;
    assert!(!heard.iter().any(|(name, _)| name == "reaction"), "Eve is not in it: {heard:?}");
    // Each reader is told which are theirs, by all doors that tell of messages.
    for (user, own) in [(&mut ada, true), (&mut grace, false), (&mut eve, false)] {
        let kinds = json!([{ "emoji": "👍", "count": 1, "mine": own }]);
        let path = format!("/api/channels/{channel}");
        let page = user.client.get(&format!("{path}/messages")).await.json();
        assert_eq!(page["messages"].as_array().unwrap().last().unwrap()["reactions"], kinds);
        let missed = user.client.get(&format!("{path}/changes?since={revision}")).await.json();
        assert_eq!(missed["messages"][0]["reactions"], kinds, "{}", user.name);
        assert_eq!(missed["messages"].as_array().unwrap().len(), 1);
        let state = user.client.get("/api/state?channel=general").await.json();
        let rows = state["page"]["messages"]["messages"].as_array().unwrap().clone();
        assert_eq!(rows.last().unwrap()["reactions"], kinds);
        let who = user.client.get(&at(channel, &said, "👍")).await.json();
        assert_eq!((&who["people"][0]["name"], &who["total"]), (&json!("Ada"), &json!(1)));
    }
    let none = eve.client.get(&at(channel, &said, "🎉")).await.json();
    assert_eq!(none, json!({ "people": [], "total": 0 }));
    outside.ask("/app", "preview", json!({ "channel": channel })).await;
    react(&mut grace, channel, &said, "🎉").await;
    assert_eq!(outside.event("reaction").await["emoji"], "🎉", "whoever looks hears it too");
}

#[tokio::test]
async fn an_emoji_is_one_of_unicodes_list_however_its_address_is_written() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let said = ada.say(channel, "hello").await;
    for odd in ["a", "+1", "👍👍", "thumbs up", "中", "\u{200d}", "👍 ", "%", "1", "../1"] {
        for method in [Method::PUT, Method::DELETE, Method::GET] {
            let path = at(channel, &said, odd);
            let refused = ada.client.send(method, &path, "", Vec::new()).await;
            assert_eq!((refused.status, refused.code()), (422, "invalid".into()), "{odd}");
        }
    }
    for odd in ["%FF", "%F0%9F%91", "%00"] {
        let path = at(channel, &said, "x").replace("/x", &format!("/{odd}"));
        let refused = ada.client.put(&path, &Value::Null).await;
        assert!((400..=422).contains(&refused.status), "{odd}: {}", refused.text());
    }
    for (typed, kept) in [("❤", "❤️"), ("❤️", "❤️"), ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"), ("#️⃣", "#️⃣"), ("🇭🇰", "🇭🇰")]
    {
        let told = react(&mut ada, channel, &said, typed).await;
        assert_eq!(told.status, 200, "{typed}: {}", told.text());
        let told = told.json();
        assert_eq!(told["reactions"].as_array().unwrap().last().unwrap()["emoji"], kept);
    }
    // As a client may that does not encode it.
    let plain = at(channel, &said, "x").replace("/x", "/👍");
    let stream = ada.client.clone().exchange(Method::PUT, &plain, "", Vec::new()).await;
    assert!(stream.is_err() || stream.is_ok_and(|reply| reply.status == 200));
}

#[tokio::test]
async fn twenty_kinds_are_enough() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let said = ada.say(channel, "hello").await;
    let emoji: Vec<String> = ('\u{1f600}'..).take(21).map(String::from).collect();
    for one in &emoji[..20] {
        assert_eq!(react(&mut ada, channel, &said, one).await.status, 200, "{one}");
    }
    let refused = react(&mut grace, channel, &said, &emoji[20]).await;
    assert_eq!((refused.status, refused.code()), (409, "too_many_of".into()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("20 kinds"), "{}", refused.text());
    let told = react(&mut grace, channel, &said, &emoji[3]).await.json();
    let kinds: Vec<_> = told["reactions"].as_array().unwrap().iter().collect();
    assert!(kinds.iter().map(|kind| kind["emoji"].as_str().unwrap()).eq(&emoji[..20]));
    assert_eq!((&kinds[3]["count"], &kinds[3]["mine"]), (&json!(2), &json!(true)));
}

#[tokio::test]
async fn whoever_may_not_write_does_not_react_and_announcements_are_answered() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut moderator = app.in_charge("Mo", "moderator").await;
    let channel = ada.channel("general").await;
    let said = ada.say(channel, "hello").await;
    let path = format!("/api/channels/{channel}");
    let outside = react(&mut bob, channel, &said, "👍").await;
    assert_eq!((outside.status, outside.code()), (403, "not_inside".into()));
    bob.join(channel).await;
    react(&mut bob, channel, &said, "🎉").await;
    for (on, off, code) in [
        (json!({ "locked": true }), json!({ "locked": false }), "locked"),
        (json!({ "all_muted": true }), json!({ "all_muted": false }), "all_muted"),
        (json!({ "archived": true }), json!({ "archived": false }), "archived"),
    ] {
        assert_eq!(ada.client.patch(&path, &on).await.status, 200);
        assert_eq!(react(&mut bob, channel, &said, "👍").await.code(), code);
        assert_eq!(take_back(&mut bob, channel, &said, "🎉").await.code(), code);
        // What is so already is answered.
        assert_eq!(react(&mut bob, channel, &said, "🎉").await.status, 200, "{code}");
        assert_eq!(take_back(&mut bob, channel, &said, "👍").await.status, 200, "{code}");
        let host = react(&mut ada, channel, &said, "👍").await.status;
        assert_eq!(host, if code == "archived" { 403 } else { 200 }, "{code}");
        assert_eq!(ada.client.patch(&path, &off).await.status, 200);
        take_back(&mut ada, channel, &said, "👍").await;
    }
    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(moderator.client.put(&mute, &json!({ "minutes": 5 })).await.status, 204);
    assert_eq!(react(&mut bob, channel, &said, "👍").await.code(), "muted");
    assert_eq!(moderator.client.delete(&mute).await.status, 204);
    ada.client.patch(&path, &json!({ "posting": "hosts" })).await;
    assert_eq!(react(&mut bob, channel, &said, "👍").await.status, 200);
    let out = format!("{path}/kept-out/{}", bob.id);
    assert_eq!(ada.client.put(&out, &Value::Null).await.status, 204);
    assert_eq!(react(&mut bob, channel, &said, "❤️").await.code(), "not_found");
    assert_eq!(bob.client.get(&at(channel, &said, "👍")).await.code(), "not_found");
    let who = ada.client.get(&at(channel, &said, "👍")).await.json();
    assert_eq!(who["people"][0]["name"], "Bob", "what they put there stays");
}

#[tokio::test]
async fn nothing_is_put_to_a_tombstone_or_a_line() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    let said = ada.say(channel, "hello").await;
    bob.join(channel).await;
    react(&mut bob, channel, &said, "👍").await;
    let path = format!("/api/channels/{channel}/messages/{}", said["number"]);
    let tombstone = ada.client.delete(&path).await.json();
    assert_eq!(tombstone.get("reactions"), None);
    let line = json!({ "number": 2 });
    for message in [&said, &line, &json!({ "number": 99 })] {
        for reply in [
            react(&mut bob, channel, message, "👍").await,
            take_back(&mut bob, channel, message, "👍").await,
            bob.client.get(&at(channel, message, "👍")).await,
        ] {
            assert_eq!((reply.status, reply.code()), (404, "not_found".into()), "{message}");
        }
    }
}
