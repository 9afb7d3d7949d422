//! What concerns people, by REST, by the socket and on the plain page; and how much of a channel they want to be
//! told of.

use serde_json::{Value, json};

use crate::app::{TestApp, User};

async fn list(user: &mut User, query: &str) -> Value {
    let reply = user.client.get(&format!("/api/me/activity{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Why, by whom, and whether it is new.
fn told(page: &Value) -> Vec<(&str, &str, bool)> {
    let rows = page["activity"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |value: &Value| value.as_str().is_some();
        assert!(text(&row["at"]) && row["message"]["text"].is_string());
        (row["kind"].as_str().unwrap(), row["by"]["name"].as_str().unwrap(), row["new"] == true)
    })
    .collect()
}

async fn news(user: &mut User) -> Value {
    user.client.get("/api/me/activity/new").await.json()
}

#[tokio::test]
async fn all_windows_of_whoever_is_called_hear_of_it_and_agree_on_what_was_seen() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    bob.join(channel).await;
    let mut windows = [bob.listen().await, bob.listen().await];
    let said = ada.say(channel, "@Bob look").await;
    ada.say(channel, "@all look").await;
    for window in &mut windows {
        assert_eq!(window.event("activity").await, json!({}));
    }
    let page = list(&mut bob, "").await;
    assert_eq!(told(&page), [("everybody", "Ada", true), ("mention", "Ada", true)]);
    assert_eq!(page["channels"][0]["name"], "general");
    assert_eq!(page["next"], Value::Null);
    assert_eq!(told(&list(&mut bob, "?only=reactions").await), []);
    assert_eq!(told(&list(&mut ada, "").await), []);
    let calls = news(&mut bob).await;
    let number = &said["number"];
    assert_eq!(calls["calls"][1], json!({ "channel": channel, "number": number, "late": false }));

    let path = format!("/api/channels/{channel}/messages/{number}/seen");
    let seen = bob.client.put(&path, &Value::Null).await.json();
    for window in &mut windows {
        let heard = window.event("activity").await;
        assert_eq!(heard["revision"], seen["revision"]);
    }
    let rest = [("everybody", "Ada", true), ("mention", "Ada", false)];
    assert_eq!(told(&list(&mut bob, "").await), rest);
    assert_eq!(told(&list(&mut bob, "?new=true").await), rest[..1]);
    let through = json!({ "through": calls["through"] });
    assert_eq!(bob.client.put("/api/me/activity/seen", &through).await.status, 200);
    assert_eq!(news(&mut bob).await["calls"], json!([]));
    let missed = bob.client.get(&format!("/api/me/changes?since={}", seen["revision"])).await;
    assert_eq!(missed.json()["activity"]["through"], calls["through"]);

    // Reactions come in one row, to the author alone.
    let answer = bob.say(channel, "looked").await;
    let at = format!("/api/channels/{channel}/messages/{}/reactions", answer["number"]);
    for emoji in ["%F0%9F%91%8D", "%F0%9F%8E%89"] {
        ada.client.put(&format!("{at}/{emoji}"), &Value::Null).await;
    }
    assert!(windows[0].event("activity").await["revision"].is_number(), "all was seen");
    assert_eq!(windows[0].event("activity").await, json!({}));
    assert_eq!(told(&list(&mut bob, "?only=reactions").await), [("reaction", "Ada", false)]);
    assert_eq!(news(&mut bob).await["calls"], json!([]), "they call nobody");

    // The page without script says the same.
    let page = bob.client.get("/activity").await.text();
    for sentence in [
        "Ada reacted with 👍 🎉 to your message in #general",
        "Ada told everyone in #general",
        "Ada mentioned you in #general",
    ] {
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    assert!(page.contains(&format!("href=\"/channel/general/{number}\"")), "{page}");
    // A message that goes takes along what it was about.
    ada.client.delete(&format!("/api/channels/{channel}/messages/{number}")).await;
    assert_eq!(told(&list(&mut bob, "?only=mentions").await), [("everybody", "Ada", false)]);
}

#[tokio::test]
async fn direct_messages_and_invitations_come_too() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut cleo = app.user("Cleo").await;
    let mut window = bob.listen().await;
    // A channel into which he is put, when it is made and later.
    let draft = json!({ "name": "ops", "kind": "private", "people": [bob.id] });
    let ops = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    assert_eq!(window.event("activity").await, json!({}));
    let page = list(&mut bob, "").await;
    assert_eq!(told(&page), [("invitation", "Ada", true)]);
    assert_eq!(page["channels"][0]["name"], "ops");
    let row = &page["activity"][0]["message"];
    assert_eq!((&row["line"]["kind"], &row["text"]), (&json!("members"), &json!("")));
    assert_eq!(told(&list(&mut ada, "").await), []);
    // It is counted until it was seen; a message that goes does not take it along.
    let calls = news(&mut bob).await["calls"].clone();
    assert_eq!(calls, json!([{ "channel": ops, "number": row["number"], "late": true }]));
    assert!(bob.client.get("/activity").await.text().contains("Ada added you to #ops"));
    let path = format!("/api/channels/{ops}/messages/{}/seen", row["number"]);
    assert_eq!(bob.client.put(&path, &Value::Null).await.status, 200);
    assert_eq!(told(&list(&mut bob, "").await), [("invitation", "Ada", false)]);
    assert_eq!(news(&mut bob).await["calls"], json!([]));

    // Of a direct conversation, the newest message by others.
    let people = json!({ "people": [bob.id, cleo.id] });
    let talk = ada.client.post("/api/direct", &people).await.json()["id"].as_i64().unwrap();
    ada.say(talk, "lunch?").await;
    let second = cleo.say(talk, "yes").await;
    let direct = |page: &Value| {
        let rows = page["activity"].as_array().unwrap().iter();
        let rows = rows.filter(|row| row["kind"] == "direct");
        rows.map(|row| (row["message"]["text"].clone(), row["new"] == true)).collect::<Vec<_>>()
    };
    assert_eq!(direct(&list(&mut bob, "").await), [(json!("yes"), true)]);
    assert_eq!(direct(&list(&mut cleo, "").await), [(json!("lunch?"), true)], "not her own");
    assert_eq!(news(&mut bob).await["calls"], json!([]), "it has a count of its own");
    cleo.client.delete(&format!("/api/channels/{talk}/messages/{}", second["number"])).await;
    assert_eq!(direct(&list(&mut bob, "").await), [(json!("lunch?"), true)]);
    let mark = json!({ "number": second["number"] });
    bob.client.put(&format!("/api/channels/{talk}/read"), &mark).await;
    assert_eq!(
        direct(&list(&mut bob, "").await),
        [(json!("lunch?"), false)],
        "reading takes it off"
    );
    assert!(bob.client.get("/activity").await.text().contains("Ada wrote to you"));
    // A message that calls him is there once; the parts have what they are called after.
    ada.say(talk, "@Bob and @Cleo: at noon").await;
    assert_eq!(told(&list(&mut bob, "").await)[0], ("mention", "Ada", true));
    assert_eq!(direct(&list(&mut bob, "").await), []);
    let root = bob.say(ops, "who?").await;
    let reply = json!({ "text": "me", "thread": root["number"] });
    assert_eq!(ada.post(ops, &reply).await.status, 201);
    assert_eq!(told(&list(&mut bob, "?only=replies").await), [("reply", "Ada", true)]);
    assert_eq!(told(&list(&mut bob, "?only=mentions").await), [("mention", "Ada", true)]);
    assert_eq!(told(&list(&mut bob, "?only=reactions").await), []);
}

#[tokio::test]
async fn a_guest_finds_only_what_is_in_their_channels() {
    let app = TestApp::start().await;
    let (mut ada, mut guest) = (app.user("Ada").await, app.user("Guest").await);
    let (open, other) = (ada.channel("open").await, ada.channel("other").await);
    guest.join(open).await;
    guest.join(other).await;
    let said = ada.say(other, "@Guest secret").await;
    ada.say(open, "@Guest welcome").await;
    guest.client.delete(&format!("/api/channels/{other}/membership")).await;
    let app = app.with_roles(&mut [(&mut guest, "guest")]).await;
    ada.client.address = app.address;
    guest.client.address = app.address;
    let page = list(&mut guest, "").await;
    assert_eq!(told(&page), [("mention", "Ada", true)]);
    assert!(!page.to_string().contains("secret"), "{page}");
    let path = |number: &Value| format!("/api/channels/{other}/messages/{number}/seen");
    let there = guest.client.put(&path(&said["number"]), &Value::Null).await;
    let nowhere = guest.client.put(&path(&json!(999)), &Value::Null).await;
    assert_eq!((there.status, there.text()), (nowhere.status, nowhere.text()));
    assert_eq!(there.status, 404);
}

#[tokio::test]
async fn all_windows_follow_a_level() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let channel = ada.channel("general").await;
    let path = format!("/api/channels/{channel}");
    assert_eq!(bob.client.get(&path).await.json()["level"], "mentions", "he looks at it");
    let choice = json!({ "level": "nothing" });
    assert_eq!(bob.client.put(&format!("{path}/level"), &choice).await.status, 404);
    bob.join(channel).await;
    let mut window = bob.listen().await;
    let answer = bob.client.put(&format!("{path}/level"), &choice).await;
    assert_eq!((answer.status, &answer.json()["level"]), (200, &json!("nothing")));
    let heard = window.event("membership").await;
    assert_eq!(heard["channel"]["level"], "nothing");
    assert_eq!(bob.client.get("/api/channels").await.json()["channels"][0]["level"], "nothing");
    assert_eq!(ada.client.get(&path).await.json()["level"], "mentions");
    let wrong = bob.client.put(&format!("{path}/level"), &json!({ "level": "loud" })).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    // Without script the list is as quiet as with it, until somebody calls.
    let bold = "class=\"row is-unread\" href=\"/channel/general\"";
    let elsewhere = bob.channel("elsewhere").await;
    ada.say(channel, "hello").await;
    let page = bob.client.get("/channel/elsewhere").await.text();
    assert!(!page.contains(bold), "{elsewhere}: {page}");
    ada.say(channel, "@Bob").await;
    assert!(bob.client.get("/channel/elsewhere").await.text().contains(bold));
    let talk = ada.client.post("/api/direct", &json!({ "people": [bob.id] })).await.json();
    assert_eq!(talk["level"], "all", "whoever writes directly means them");
}
