//! Messages that quote another: by every door that tells of messages, and what of the original nobody else learns.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

/// The newest message of a channel, by every door that tells of it.
async fn newest(user: &mut User, name: &str, channel: i64) -> Value {
    let path = format!("/api/channels/{channel}");
    let page = user.client.get(&format!("{path}/messages")).await.json();
    let newest = page["messages"].as_array().unwrap().last().unwrap().clone();
    let missed = user.client.get(&format!("{path}/changes?since=0")).await.json();
    let missed = missed["messages"].as_array().unwrap();
    assert!(missed.contains(&newest), "{missed:?}");
    let state = user.client.get(&format!("/api/state?channel={name}")).await.json();
    let shown = state["page"]["messages"]["messages"].as_array().unwrap();
    assert_eq!(shown.last().unwrap(), &newest);
    newest
}

#[tokio::test]
async fn a_quote_is_told_with_its_original_and_follows_it() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let said = ada.say(channel, "The <b>early</b> ferry").await;
    let number = &said["number"];
    let (mut at_ada, mut classic) = (ada.listen().await, ada.listen_classic().await);
    let draft = json!({ "text": "is full", "quote": number });
    let posted = grace.post(channel, &draft).await;
    assert_eq!(posted.status, 201, "{}", posted.text());
    let posted = posted.json();
    let quote = json!({ "number": number, "original": {
        "edits": 0, "author": said["author"], "created_at": said["created_at"],
        "beginning": "The <b>early</b> ferry",
    } });
    assert_eq!(posted["quote"], quote);
    assert_eq!(at_ada.event("message").await["message"], posted, "one round trip");
    assert_eq!(classic.event("emit msg").await["msg"], "is%20full", "the text as it is");
    assert_eq!(newest(&mut grace, "general", channel).await, posted);
    let page = grace.client.get("/channel/general").await.text();
    let link = format!("href=\"/channel/general/{number}\"");
    assert!(page.contains(&link) && page.contains("&#60;b&#62;early"), "{page}");
    assert!(!page.contains("<b>early"), "escaped");

    let path = format!("/api/channels/{channel}/messages/{number}");
    ada.client.patch(&path, &json!({ "text": "The last ferry" })).await;
    let edited = newest(&mut grace, "general", channel).await;
    assert_eq!(edited["quote"]["original"]["beginning"], "The last ferry");
    assert_eq!(edited["revision"], posted["revision"], "the message did not change");
    // An edit of the message that quotes keeps the quote, and cannot change it.
    let own = format!("/api/channels/{channel}/messages/{}", posted["number"]);
    let reworded = grace.client.patch(&own, &json!({ "text": "is gone" })).await.json();
    assert_eq!(reworded["quote"], edited["quote"]);
    let odd = grace.client.patch(&own, &json!({ "text": "is gone", "quote": null })).await;
    assert_eq!(odd.status, 400);
    ada.client.delete(&path).await;
    let told = newest(&mut grace, "general", channel).await;
    let original = &told["quote"]["original"];
    assert_eq!(original["beginning"], "");
    assert!(original["deleted_at"].is_string() && original["removed"].is_null(), "{original}");
    let page = grace.client.get("/channel/general").await.text();
    assert!(page.contains("A message that was deleted") && !page.contains("ferry"), "{page}");
    // It cannot be quoted any more.
    for (quote, status, code) in [
        (number.clone(), 409, "quoted_gone"),
        (json!(0), 409, "quoted_gone"),
        (json!(-5), 409, "quoted_gone"),
        (json!(1_000), 409, "quoted_gone"),
        (json!("1"), 400, "bad_request"),
    ] {
        let refused = grace.post(channel, &json!({ "text": "x", "quote": quote })).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{quote}");
    }
    grace.client.patch("/api/me/settings", &json!({ "language": "zh" })).await;
    let refused = grace.post(channel, &json!({ "text": "x", "quote": number })).await;
    assert_eq!(refused.json()["detail"], "您引用的消息已不存在。");
}

#[tokio::test]
async fn a_hidden_channel_cannot_be_asked_by_quotes() {
    let app = TestApp::start().await;
    let (mut ada, mut eve) = (app.user("Ada").await, app.user("Eve").await);
    let draft = json!({ "name": "ops", "kind": "private", "people": [] });
    let secret = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let open = ada.channel("general").await;
    for text in ["one", "two", "three"] {
        ada.say(secret, text).await;
    }
    let quote = |number: i64| json!({ "text": "x", "quote": number });
    // A number that is there, one that is not, and a channel that is not there.
    let mut told = Vec::new();
    for (channel, number) in [(secret, 2), (secret, 99), (secret + 1, 2)] {
        let refused = eve.post(channel, &quote(number)).await;
        told.push((
            refused.status,
            refused.json()["code"].clone(),
            refused.json()["detail"].clone(),
        ));
    }
    assert!(told.iter().all(|one| *one == told[0]) && told[0].0 == 404, "{told:?}");
    // A number is one of the channel that is written to.
    let refused = eve.post(open, &quote(3)).await;
    assert_eq!(refused.code(), "quoted_gone");
}

#[tokio::test]
async fn the_page_without_script_quotes_and_keeps_the_quote_when_it_is_refused() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    let said = ada.say(tea, "Oolong & more").await;
    let address = format!("/channel/tea/{}", said["number"]);
    let page = bob.client.get("/channel/tea").await.text();
    let button = format!("action=\"{address}\"><button type=\"submit\" name=\"quote\"");
    assert!(page.contains(&button), "{page}");
    let page = bob.client.get(&format!("{address}?quote=")).await.text();
    let field = format!("name=\"quote\" value=\"{}\"", said["number"]);
    assert!(page.contains(&field) && page.contains("Quoting"), "{page}");
    let number = said["number"].to_string();
    bob.client.headers = vec![("accept", "text/html".to_owned())];
    let refused = bob.client.form("/channel/tea", &[("msg", " "), ("quote", &number)]).await;
    assert!(refused.status == 422 && refused.text().contains(&field), "{}", refused.text());
    let sent = bob.client.form("/channel/tea", &[("msg", "Yes"), ("quote", &number)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    ada.client.delete(&format!("/api/channels/{tea}/messages/{number}")).await;
    let refused = bob.client.form("/channel/tea", &[("msg", "Too"), ("quote", &number)]).await;
    let shown = refused.text();
    assert!(refused.status == 409 && shown.contains("is not there any more"), "{shown}");
    assert!(shown.contains("Too</textarea>") && !shown.contains(&field), "it can go without");
    let odd = bob.client.form("/channel/tea", &[("msg", "Too"), ("quote", "x")]).await;
    assert_eq!(odd.status, 422);
    bob.client.headers.clear();
    let newest = newest(&mut bob, "tea", tea).await;
    assert_eq!((&newest["text"], &newest["quote"]["number"]), (&json!("Yes"), &said["number"]));
}
