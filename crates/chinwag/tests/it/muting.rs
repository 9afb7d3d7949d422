//! A mute everywhere: refused at every door, told to whom it concerns, and over by itself.

use std::sync::Arc;

use chinwag::clock::{Clock, ManualClock, SystemClock};
use hyper::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;
use crate::picture_files::photo;

/// What a promise of a file in parts says.
const TUS: [(&str, &str); 3] =
    [("tus-resumable", "1.0.0"), ("upload-length", "5"), ("upload-metadata", "filename eA==")];

/// Sends a file at one go.
async fn send_file(user: &mut User) -> Reply {
    user.client.send(Method::POST, "/api/uploads?name=x", "text/plain", b"x".to_vec()).await
}

/// Promises a file that comes in parts.
async fn promise_file(user: &mut User) -> Reply {
    let mut client = user.client.clone();
    client.headers = TUS.map(|(name, value)| (name, value.to_owned())).to_vec();
    client.send(Method::POST, "/api/uploads/resumable", "", Vec::new()).await
}

#[tokio::test]
async fn whoever_is_muted_everywhere_writes_by_no_door() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut moderator = app.in_charge("Mo", "moderator").await;
    let tea = ada.channel("tea").await;
    bob.join(tea).await;
    let own = bob.channel("bob's own").await;
    let direct = bob.client.post("/api/direct", &json!({ "people": [ada.id] })).await.json();
    let direct = direct["id"].as_i64().unwrap();
    let mut classic = bob.listen_classic().await;
    let mut window = bob.listen().await;
    let key = "01890000-0000-7000-8000-000000000001";
    let first = json!({ "text": "before", "key": key });
    assert_eq!(bob.post(tea, &first).await.status, 201);
    let begun = promise_file(&mut bob).await.header("location").to_owned();

    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(ada.client.put(&mute, &json!({ "minutes": 5 })).await.code(), "forbidden");
    assert_eq!(moderator.client.put(&mute, &json!({ "minutes": 0 })).await.status, 422);
    assert_eq!(moderator.client.put(&mute, &json!({ "minutes": 60 })).await.status, 204);
    let told = window.event("user").await;
    assert_eq!(told["me"]["muted_by"], json!(moderator.id), "it says whom to ask");
    assert!(told["me"]["muted_until"].is_string(), "and until when: {told}");

    // In a channel, in one that they run, and to one person.
    for channel in [tea, own, direct] {
        let refused = bob.post(channel, &json!({ "text": "no" })).await;
        assert_eq!((refused.status, refused.code().as_str()), (403, "muted"), "{channel}");
    }
    let sent = classic.ask("/", "send msg", json!({ "channel": "tea", "msg": "no" })).await;
    assert_eq!(sent["code"], "muted", "{sent}");
    bob.client.headers.push(("accept", "text/html".to_owned()));
    let page = bob.client.form("/channel/tea", &[("msg", "no")]).await;
    assert_eq!(page.status, 403, "{}", page.text());
    bob.client.headers.clear();
    assert_eq!(send_file(&mut bob).await.code(), "muted");
    assert_eq!(promise_file(&mut bob).await.code(), "muted");
    let mut part = bob.client.clone();
    part.headers = vec![("tus-resumable", "1.0.0".into()), ("upload-offset", "0".into())];
    let kind = "application/offset+octet-stream";
    let part = part.send(Method::PATCH, &begun, kind, b"01234".to_vec()).await;
    assert_eq!(part.code(), "muted");
    let page = ada.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    let said = page["messages"].as_array().unwrap().iter().filter(|one| one["line"].is_null());
    assert_eq!(said.count(), 1, "nothing of it was stored");

    // What was acknowledged before is answered again, and reading and leaving go on.
    assert_eq!(bob.post(tea, &first).await.status, 200, "the same key is replayed");
    let membership = format!("/api/channels/{tea}/membership");
    assert_eq!(bob.client.delete(&membership).await.status, 204);
    bob.join(tea).await;

    assert_eq!(moderator.client.delete(&mute).await.status, 204);
    bob.say(tea, "after").await;
    assert_eq!(send_file(&mut bob).await.status, 201);
    assert_eq!(bob.client.get("/api/me").await.json()["muted_until"], Value::Null);

    let log = moderator.client.get("/api/log?act=mute").await.json();
    let entries = log["entries"].as_array().unwrap();
    let whom: Vec<_> = entries.iter().map(|e| (&e["by"], &e["whom"])).collect();
    let (by, bob_id) = (json!(moderator.id), json!(bob.id));
    assert_eq!(whom, [(&by, &bob_id), (&by, &bob_id)]);
    assert_eq!(entries[0]["detail"], "", "the newest says that it ended");
}

#[tokio::test]
async fn who_mutes_whom_is_decided_by_their_roles() {
    let app = TestApp::start().await;
    let mut owner = app.in_charge("Olu", "owner").await;
    let mut moderator = app.in_charge("Mo", "moderator").await;
    let mut other = app.in_charge("Mia", "moderator").await;
    let member = app.user("Ada").await;
    let five = json!({ "minutes": 5 });
    let of = |user: &User| format!("/api/people/{}/mute", user.id);
    for (who, whom, status) in [
        (&mut moderator, of(&owner), 403),
        (&mut other, of(&member), 204),
        (&mut owner, of(&member), 204),
    ] {
        assert_eq!(who.client.put(&whom, &five).await.status, status, "{} {whom}", who.name);
    }
    let (mine, theirs) = (of(&moderator), of(&other));
    assert_eq!(moderator.client.put(&mine, &five).await.status, 403, "nobody mutes themselves");
    assert_eq!(moderator.client.put(&theirs, &five).await.status, 403, "nor their equals");
    assert_eq!(owner.client.put(&theirs, &five).await.status, 204);
    assert_eq!(owner.client.put("/api/people/999/mute", &five).await.status, 404);
    // Whoever is muted keeps their rights.
    assert_eq!(other.client.delete(&of(&member)).await.status, 204);
    // A program does it for nobody.
    let made = owner.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut bot = app.browser();
    let token = made["token"].as_str().unwrap();
    bot.headers.push(("authorization", format!("Bearer {token}")));
    assert_eq!(bot.put(&theirs, &five).await.code(), "forbidden");
    // The list of those who keep order shows it; nobody else is told.
    let list = owner.client.get("/api/place/people?q=Mia").await.json();
    assert!(list["people"][0]["muted_until"].is_string(), "{list}");
    let card = owner.client.get(&format!("/api/people/{}", other.id)).await.json();
    assert_eq!(card.get("muted_until"), None);
}

#[tokio::test]
async fn a_mute_ends_by_itself_and_not_by_a_jump_of_the_clock() {
    const MINUTE: i64 = 60_000;
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let off = ["--limit-messages=0", "--limit-commands=0"];
    let app = TestApp::start_by(Arc::clone(&clock) as Arc<dyn Clock>, &off).await;
    let mut bob = app.user("Bob").await;
    let mut owner = app.in_charge("Olu", "owner").await;
    let tea = bob.channel("tea").await;
    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(owner.client.put(&mute, &json!({ "minutes": 30 })).await.status, 204);
    let hello = json!({ "text": "hello" });
    assert_eq!(bob.post(tea, &hello).await.code(), "muted");
    // The clock is set on by a day, by mistake: it is not followed before it was steady.
    clock.jump_ms(24 * 60 * MINUTE);
    assert_eq!(bob.post(tea, &hello).await.code(), "muted");
    clock.jump_ms(-24 * 60 * MINUTE);
    clock.advance_ms(29 * MINUTE);
    assert_eq!(bob.post(tea, &hello).await.code(), "muted");
    clock.advance_ms(2 * MINUTE);
    assert_eq!(bob.post(tea, &hello).await.status, 201);
    assert_eq!(send_file(&mut bob).await.status, 201);
    // To end what is over is no act.
    assert_eq!(owner.client.delete(&mute).await.status, 204);
    let log = owner.client.get("/api/log?act=mute").await.json();
    assert_eq!(log["entries"].as_array().unwrap().len(), 1);
    // For good.
    assert_eq!(owner.client.put(&mute, &json!({})).await.status, 204);
    let until = bob.client.get("/api/me").await.json()["muted_until"].clone();
    assert!(until.as_str().unwrap().starts_with("9999-"), "{until}");
}

#[tokio::test]
async fn whoever_is_muted_everywhere_brings_nothing_new_before_others() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (zoe, mut moderator) = (app.user("Zoe").await, app.in_charge("Mo", "moderator").await);
    let tea = ada.channel("tea").await;
    bob.join(tea).await;
    let own = bob.channel("bob's own").await;
    let people = json!({ "people": [ada.id, zoe.id] });
    let group = bob.client.post("/api/direct", &people).await.json()["id"].as_i64().unwrap();
    let face = bob.upload("me.png", "image/png", photo(200, 200)).await.json();
    let set = json!({ "upload": face["id"] });
    assert_eq!(bob.client.put("/api/me/picture", &set).await.status, 200);
    let other = bob.upload("me.png", "image/png", photo(300, 300)).await.json();
    let said = json!({ "about": "Ships", "zone": "", "status": { "emoji": "🚢", "text": "" } });
    assert_eq!(bob.client.put("/api/me/profile", &said).await.status, 200);
    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(moderator.client.put(&mute, &json!({})).await.status, 204);

    let added = json!({ "people": [zoe.id] });
    let more = json!({ "about": "Ships", "zone": "", "status": { "emoji": "🚢", "text": "no" } });
    for (method, path, body) in [
        (Method::POST, "/api/channels".to_owned(), json!({ "name": "no" })),
        (Method::POST, "/api/channels".to_owned(), json!({ "name": "no", "kind": "private" })),
        (Method::PATCH, format!("/api/channels/{group}"), json!({ "name": "no" })),
        (Method::PATCH, format!("/api/channels/{own}"), json!({ "name": "no" })),
        (Method::POST, format!("/api/channels/{tea}/members"), added.clone()),
        (Method::POST, format!("/api/channels/{own}/members"), added),
        (Method::PUT, "/api/me/name".to_owned(), json!({ "name": "no" })),
        (Method::PUT, "/api/me/picture".to_owned(), json!({ "upload": other["id"] })),
        (Method::PUT, "/api/me/profile".to_owned(), json!({ "about": "no", "zone": "" })),
        (Method::PUT, "/api/me/profile".to_owned(), more),
    ] {
        let body = body.to_string().into_bytes();
        let json = "application/json";
        let refused = bob.client.send(method.clone(), &path, json, body.clone()).await;
        let told = String::from_utf8_lossy(&body);
        assert_eq!((refused.status, refused.code().as_str()), (403, "muted"), "{path} {told}");
    }
    bob.client.headers.push(("accept", "text/html".to_owned()));
    let page = bob.client.form("/channels", &[("new_channel", "no")]).await;
    assert_eq!(page.status, 403, "{}", page.text());
    bob.client.headers.clear();
    let names = ada.client.get("/api/state").await.text();
    assert!(!names.contains(r#""no""#), "{names}");

    // What they show already they may take away, and what nobody else sees they may change.
    let me = bob.client.put("/api/me/profile", &json!({ "about": "Ships", "zone": "" })).await;
    assert_eq!((me.status, &me.json()["status"]), (200, &Value::Null));
    assert_eq!(bob.client.delete("/api/me/picture").await.status, 200);
    let settings = json!({ "language": "zh" });
    assert_eq!(bob.client.patch("/api/me/settings", &settings).await.status, 200);

    assert_eq!(moderator.client.delete(&mute).await.status, 204);
    assert_eq!(bob.client.put("/api/me/name", &json!({ "name": "Robert" })).await.status, 200);
    let named = bob.client.patch(&format!("/api/channels/{group}"), &json!({ "name": "Us" })).await;
    assert_eq!(named.status, 200);
}
