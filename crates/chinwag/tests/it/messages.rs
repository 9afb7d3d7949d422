//! Messages: posting, order, the same key again, deleting, pages, catching up.

use serde_json::{Value, json};

use crate::app::TestApp;

const KEY: &str = "0f1e2d3c-4b5a-4789-8abc-def012345678";

#[tokio::test]
async fn everybody_in_the_channel_sees_it_at_once_with_the_next_revision() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("小雨").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let (mut at_ada, mut at_grace) = (ada.listen().await, grace.listen().await);
    let posted = grace.say(channel, " \n  你好 👋\nsecond line  ").await;
    assert_eq!(posted["text"], "  你好 👋\nsecond line");
    for window in [&mut at_ada, &mut at_grace] {
        let heard = window.event("message").await;
        assert_eq!(heard["type"], "posted");
        assert_eq!(heard["revision"], 2, "the first is that of the line of who joined");
        assert_eq!(heard["message"], posted);
    }
}

#[tokio::test]
async fn one_key_posts_once_for_ever() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let other = ada.channel("other").await;
    let body = json!({ "key": KEY, "text": "once" });
    let first = ada.post(channel, &body).await;
    assert_eq!(first.status, 201);
    let app = app.restart().await;
    ada.client.address = app.address;
    let again = ada.post(channel, &body).await;
    assert_eq!((again.status, again.json()), (200, first.json()), "after a restart too");
    let changed = ada.post(channel, &json!({ "key": KEY, "text": "twice" })).await;
    assert_eq!((changed.status, changed.code()), (409, "key_reused".into()));
    assert_eq!(ada.post(other, &body).await.code(), "key_reused");
    ada.client.delete(&format!("/api/channels/{channel}/messages/1")).await;
    let late = ada.post(channel, &body).await;
    assert_eq!(late.status, 200);
    assert!(late.json()["deleted_at"].is_string(), "a late retry does not bring it back");

    let mut grace = app.user("Grace").await;
    assert_eq!(grace.post(channel, &body).await.status, 201, "a key is its author's own");
    ada.client.headers.push(("idempotency-key", format!("\"{}\"", KEY.replace('0', "1"))));
    assert_eq!(ada.post(channel, &json!({ "text": "by header" })).await.status, 201);
    assert_eq!(ada.post(channel, &json!({ "text": "by header" })).await.status, 200);
}

#[tokio::test]
async fn a_key_comes_in_the_body_or_in_the_header_and_is_never_replaced() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let (other, plain) = (KEY.replace('0', "1"), KEY.replace('-', ""));
    let (with, without) = (json!({ "key": KEY, "text": "x" }), json!({ "text": "x" }));
    let post = async |ada: &mut crate::app::User, header: &[&str], body: &Value| {
        let headers = header.iter().map(|value| ("idempotency-key", (*value).to_owned()));
        ada.client.headers = headers.collect();
        let reply = ada.post(channel, body).await;
        ada.client.headers.clear();
        reply
    };
    let quoted = format!("\"{KEY}\"");
    assert_eq!(post(&mut ada, &[&quoted], &without).await.status, 201);
    for same in [KEY, &quoted, &plain, &KEY.to_uppercase()] {
        assert_eq!(post(&mut ada, &[same], &with).await.status, 200, "{same}");
        assert_eq!(post(&mut ada, &[same], &without).await.status, 200, "{same}");
    }
    for headers in [vec![other.as_str()], vec![KEY, other.as_str()]] {
        let reply = post(&mut ada, &headers, &with).await;
        assert_eq!((reply.status, reply.code()), (400, "bad_request".into()), "{headers:?}");
    }
    for odd in ["", "\"\"", "nonsense", "1"] {
        let reply = post(&mut ada, &[odd], &without).await;
        assert_eq!((reply.status, reply.code()), (422, "invalid".into()), "{odd}");
    }
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(numbers(&page), [1]);

    let document = ada.client.get("/api/openapi.json").await.json();
    let post = &document["paths"]["/api/channels/{id}/messages"]["post"];
    let header = post["parameters"].as_array().unwrap().iter();
    let header = header.filter(|parameter| parameter["name"] == "Idempotency-Key");
    assert!(header.clone().all(|parameter| parameter["in"] == "header"));
    assert_eq!(header.count(), 1, "bots read of it in the document");
}

#[tokio::test]
async fn one_key_sent_many_times_at_once_is_one_message() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let upload = ada.client.send(hyper::Method::POST, "/api/uploads?name=x", "", vec![7]).await;
    let id = upload.json()["id"].clone();
    let body = json!({ "key": KEY, "text": "once", "attachments": [id] });
    let path = format!("/api/channels/{channel}/messages");
    let racers = (0..16).map(|_| {
        let (mut client, path, body) = (ada.client.clone(), path.clone(), body.clone());
        async move { client.post(&path, &body).await }
    });
    let replies = futures_util::future::join_all(racers).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    let first = replies[0].json();
    assert!(replies.iter().all(|reply| reply.status < 202 && reply.json() == first));
    for other in [json!({ "key": KEY, "text": "once" }), json!({ "key": KEY, "attachments": [id] })]
    {
        let reply = ada.post(channel, &other).await;
        assert_eq!((reply.status, reply.code()), (409, "key_reused".into()), "{other}");
        assert!(reply.json()["detail"].as_str().unwrap().contains("another message"));
    }
    ada.client.delete(&format!("{path}/1")).await;
    let late = ada.post(channel, &body).await;
    assert_eq!((late.status, late.json()["deleted_at"].is_string()), (200, true));
    let page = ada.client.get(&path).await.json();
    assert_eq!(numbers(&page), [1]);
}

#[tokio::test]
async fn one_tells_why_a_text_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    for (text, code) in
        [(" \n\t ", "empty_text"), (&"字".repeat(10_001), "too_long"), ("a\0b", "invalid")]
    {
        assert_eq!(ada.post(channel, &json!({ "text": text })).await.code(), code);
    }
    assert_eq!(ada.post(channel, &json!({ "text": "字".repeat(10_000) })).await.status, 201);
    assert_eq!(ada.post(999, &json!({ "text": "x" })).await.code(), "not_found");
    assert_eq!(
        ada.post(channel, &json!({ "text": "x", "key": "nonsense" })).await.code(),
        "invalid"
    );
    assert_eq!(ada.post(channel, &json!({ "txet": "x" })).await.code(), "bad_request");
}

#[tokio::test]
async fn deleting_leaves_a_tombstone_for_everybody() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    ada.say(channel, "regret").await;
    grace.join(channel).await;
    let mut window = grace.listen().await;
    let path = format!("/api/channels/{channel}/messages/1");
    assert_eq!(grace.client.delete(&path).await.code(), "forbidden");
    let gone = ada.client.delete(&path).await.json();
    assert_eq!((gone["text"].clone(), gone["revision"].clone()), (json!(""), json!(3)));
    let heard = window.event("message").await;
    assert_eq!((heard["type"].clone(), heard["revision"].clone()), (json!("deleted"), json!(3)));
    assert_eq!(ada.client.delete(&path).await.json(), gone, "again is the same");
    assert_eq!(ada.client.delete(&path.replace("/1", "/9")).await.code(), "not_found");
}

#[tokio::test]
async fn pages_join_without_a_gap() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    for n in 1..=120 {
        ada.say(channel, &format!("message {n}")).await;
    }
    let path = format!("/api/channels/{channel}/messages");
    let newest = ada.client.get(&path).await.json();
    assert_eq!(numbers(&newest), (21..=120).collect::<Vec<_>>());
    assert_eq!(
        (newest["has_older"].clone(), newest["has_newer"].clone()),
        (json!(true), json!(false))
    );
    let older = ada.client.get(&format!("{path}?before=21")).await.json();
    assert_eq!(numbers(&older), (1..=20).collect::<Vec<_>>());
    assert_eq!(older["has_older"], false);
    let after = ada.client.get(&format!("{path}?after=118&limit=50")).await.json();
    assert_eq!(numbers(&after), [119, 120]);
    let odd = ada.client.get(&format!("{path}?before=x")).await;
    assert_eq!(odd.code(), "bad_request");
}

#[tokio::test]
async fn what_changed_since_is_told_in_the_order_of_revisions() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    for n in 1..=4 {
        ada.say(channel, &format!("message {n}")).await;
    }
    ada.client.delete(&format!("/api/channels/{channel}/messages/2")).await;
    let path = format!("/api/channels/{channel}/changes");
    let changes = ada.client.get(&format!("{path}?since=2")).await.json();
    assert_eq!(numbers(&changes), [3, 4, 2]);
    assert_eq!((changes["revision"].clone(), changes["complete"].clone()), (json!(5), json!(true)));
    let part = ada.client.get(&format!("{path}?since=0&limit=2")).await.json();
    assert_eq!((numbers(&part), part["complete"].clone()), (vec![1, 3], json!(false)));
    let digest = ada.client.get(&format!("/api/channels/{channel}/digest")).await.json();
    assert_eq!(digest["revision"], 5);
}

#[tokio::test]
async fn too_much_at_once_is_told_when_to_come_back() {
    let app = TestApp::start_with(&["--limit-messages", "1", "--limit-messages-burst", "3"]).await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    for _ in 0..3 {
        ada.say(channel, "quick").await;
    }
    let reply = ada.post(channel, &json!({ "text": "too quick" })).await;
    assert_eq!((reply.status, reply.code()), (429, "too_many".into()));
    assert_eq!(reply.json()["retry_after_s"], 1);
}

fn numbers(page: &Value) -> Vec<i64> {
    let messages = page["messages"].as_array().unwrap();
    messages.iter().map(|message| message["number"].as_i64().unwrap()).collect()
}
