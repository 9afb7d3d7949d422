//! Changing one's own messages: who hears of it, who may, and what everybody can read of it afterwards.

use hyper::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;
use crate::ways_in::{come, invite};

fn at(channel: i64, message: &Value) -> String {
    format!("/api/channels/{channel}/messages/{}", message["number"])
}

async fn edit(user: &mut User, channel: i64, message: &Value, body: &Value) -> Reply {
    user.client.patch(&at(channel, message), body).await
}

/// Changes the text of a message, and returns the message.
async fn reword(user: &mut User, channel: i64, message: &Value, text: &str) -> Value {
    let reply = edit(user, channel, message, &json!({ "text": text })).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// The earlier texts of a message, the newest first.
async fn versions(user: &mut User, channel: i64, message: &Value) -> Vec<Value> {
    let reply = user.client.get(&format!("{}/versions", at(channel, message))).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["versions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn everybody_in_the_channel_hears_of_it_and_classic_clients_do_not() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut eve = app.user("Eve").await;
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let said = ada.say(channel, "helo").await;
    grace.client.put(&format!("{}/reactions/%F0%9F%91%8D", at(channel, &said)), &json!({})).await;
    let (mut at_ada, mut at_grace) = (ada.listen().await, grace.listen().await);
    let (mut outside, mut classic) = (eve.listen().await, grace.listen_classic().await);
    outside.connect("/", None).await.unwrap();

    let edited = reword(&mut ada, channel, &said, "  hello\n").await;
    let before = said["revision"].as_i64().unwrap() + 1;
    assert_eq!((&edited["text"], &edited["edits"]), (&json!("  hello"), &json!(1)), "as a post is");
    assert_eq!(edited["revision"], before + 1);
    assert!(edited["edited_at"].as_str() >= said["created_at"].as_str(), "{edited}");
    assert_eq!(edited["created_at"], said["created_at"]);
    assert_eq!(edited["reactions"][0]["count"], 1, "the answer has them");
    for window in [&mut at_ada, &mut at_grace] {
        let heard = window.event("message").await;
        assert_eq!(heard["type"], "edited");
        assert_eq!((&heard["since"], &heard["revision"]), (&json!(before), &edited["revision"]));
        let mut told = edited.clone();
        told.as_object_mut().unwrap().remove("reactions");
        assert_eq!(heard["message"], told, "the event does not, as it changes none");
        assert_eq!(heard.get("last_message"), None);
    }
    assert!(classic.settled().await.is_empty(), "they know no edits");
    let heard = outside.settled().await;
    assert!(!heard.iter().any(|(name, _)| name == "message"), "Eve is not in it: {heard:?}");
    // What is loaded and what is caught up on is the same.
    let path = format!("/api/channels/{channel}");
    let page = eve.client.get(&format!("{path}/messages")).await.json();
    let row = page["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(row["text"], "  hello");
    let missed = eve.client.get(&format!("{path}/changes?since={before}")).await.json();
    assert_eq!(missed["messages"], json!([row]));
    let page = eve.client.get("/channel/general").await.text();
    assert!(page.contains("hello") && !page.contains("helo"), "{page}");
    let earlier = versions(&mut eve, channel, &said).await;
    assert_eq!(earlier, [json!({ "at": said["created_at"], "text": "helo" })]);
    // Whoever looks at the channel hears of the next one.
    outside.ask("/app", "preview", json!({ "channel": channel })).await;
    reword(&mut ada, channel, &said, "hello!").await;
    assert_eq!(outside.event("message").await["message"]["text"], "hello!");
}

#[tokio::test]
async fn the_second_window_is_told_and_overwrites_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let said = ada.say(channel, "one").await;
    let by = |text: &str, edits: i64| json!({ "text": text, "edits": edits });
    assert_eq!(edit(&mut ada, channel, &said, &by("two", 0)).await.status, 200);
    let present = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    let mut window = ada.listen().await;
    window.connect("/", None).await.unwrap();
    let refused = edit(&mut ada, channel, &said, &by("three", 0)).await;
    assert_eq!((refused.status, refused.code()), (409, "edited_meanwhile".into()));
    // The first window's answer was lost: the same again is what is there.
    let again = edit(&mut ada, channel, &said, &by("two", 0)).await;
    assert_eq!((again.status, &again.json()), (200, &present["messages"][0]));
    assert!(!window.settled().await.iter().any(|(name, _)| name == "message"));
    assert_eq!(edit(&mut ada, channel, &said, &by("three", 1)).await.json()["edits"], 2);
}

#[tokio::test]
async fn an_edit_that_makes_no_message_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let said = ada.say(channel, "one").await;
    let long = "x".repeat(10_001);
    for (body, status, code) in [
        (json!({ "text": "" }), 422, "empty_text"),
        (json!({ "text": " \n " }), 422, "empty_text"),
        (json!({ "text": long }), 422, "too_long"),
        (json!({}), 400, "bad_request"),
        (json!({ "text": 1 }), 400, "bad_request"),
        (json!({ "text": "two", "revision": 1 }), 400, "bad_request"),
        (json!({ "text": "two", "attachments": ["odd"] }), 422, "invalid"),
        (json!({ "text": "two", "attachments": ["0".repeat(32)] }), 404, "not_found"),
    ] {
        let refused = edit(&mut ada, channel, &said, &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{body}");
    }
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"], json!([said]));
}

#[tokio::test]
async fn files_that_are_taken_out_are_gone_for_everybody() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let mut ids = Vec::new();
    for name in ["one.txt", "two.txt"] {
        let path = format!("/api/uploads?name={name}");
        let sent = ada.client.send(Method::POST, &path, "text/plain", b"x".to_vec()).await;
        ids.push(sent.json()["id"].clone());
    }
    let files: Vec<_> = ids.iter().map(|id| format!("/files/{}/x", id.as_str().unwrap())).collect();
    let key = "0f1e2d3c-4b5a-4789-8abc-def012345678";
    let first = json!({ "key": key, "text": "", "attachments": ids });
    let said = ada.post(channel, &first).await.json();
    assert_eq!(grace.client.get(&files[0]).await.status, 200);
    let mut window = ada.listen().await;
    let body = json!({ "text": "", "attachments": [ids[1]] });
    let edited = edit(&mut ada, channel, &said, &body).await.json();
    assert_eq!(edited["attachments"].as_array().unwrap().len(), 1, "{edited}");
    assert_eq!(window.event("message").await["message"], edited);
    for user in [&mut ada, &mut grace] {
        assert_eq!(user.client.get(&files[0]).await.status, 404);
        assert_eq!(user.client.get(&files[1]).await.status, 200);
    }
    let none = json!({ "text": "", "attachments": [] });
    assert_eq!(edit(&mut ada, channel, &said, &none).await.code(), "empty_text");
    let again = ada.post(channel, &first).await;
    assert_eq!((again.status, again.json()), (200, edited), "the key answers with what it is now");
    let other = json!({ "key": key, "text": "", "attachments": [ids[1]] });
    assert_eq!(ada.post(channel, &other).await.code(), "key_reused");
}

#[tokio::test]
async fn a_deletion_wipes_all_that_it_said() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let key = "0f1e2d3c-4b5a-4789-8abc-def012345678";
    let said = ada.post(channel, &json!({ "key": key, "text": "one" })).await.json();
    reword(&mut ada, channel, &said, "two").await;
    assert_eq!(ada.post(channel, &json!({ "key": key, "text": "two" })).await.code(), "key_reused");
    let path = at(channel, &said);
    let tombstone = ada.client.delete(&path).await.json();
    assert!(tombstone["deleted_at"].is_string(), "{tombstone}");
    for name in ["edits", "edited_at", "reactions"] {
        assert_eq!(tombstone.get(name), None, "{tombstone}");
    }
    for user in [&mut ada, &mut grace] {
        let gone = user.client.get(&format!("{path}/versions")).await;
        assert_eq!((gone.status, gone.code()), (404, "not_found".into()));
    }
    let late = edit(&mut ada, channel, &said, &json!({ "text": "three" })).await;
    assert_eq!((late.status, late.code()), (404, "not_found".into()));
    for text in ["one", "two", "whatever"] {
        let again = ada.post(channel, &json!({ "key": key, "text": text })).await;
        assert_eq!((again.status, again.json()), (200, tombstone.clone()), "{text}");
    }
}

#[tokio::test]
async fn only_the_author_edits_and_only_where_they_may_write() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut moderator = app.in_charge("Mo", "moderator").await;
    let channel = ada.channel("general").await;
    let said = bob.say(channel, "of Bob").await;
    for user in [&mut ada, &mut moderator] {
        let refused = edit(user, channel, &said, &json!({ "text": "of another" })).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden".into()), "{}", user.name);
    }
    let path = format!("/api/channels/{channel}");
    let body = json!({ "text": "again" });
    for (on, off, code) in [
        (json!({ "locked": true }), json!({ "locked": false }), "locked"),
        (json!({ "all_muted": true }), json!({ "all_muted": false }), "all_muted"),
        (json!({ "archived": true }), json!({ "archived": false }), "archived"),
    ] {
        assert_eq!(ada.client.patch(&path, &on).await.status, 200);
        assert_eq!(edit(&mut bob, channel, &said, &body).await.code(), code);
        assert_eq!(ada.client.patch(&path, &off).await.status, 200);
    }
    let mute = format!("/api/people/{}/mute", bob.id);
    assert_eq!(moderator.client.put(&mute, &json!({ "minutes": 5 })).await.status, 204);
    assert_eq!(edit(&mut bob, channel, &said, &body).await.code(), "muted");
    assert_eq!(moderator.client.delete(&mute).await.status, 204);
    let membership = format!("{path}/membership");
    assert_eq!(bob.client.delete(&membership).await.status, 204);
    assert_eq!(edit(&mut bob, channel, &said, &body).await.code(), "not_inside");
    bob.join(channel).await;
    // Announcements: what was written before may be put right.
    ada.client.patch(&path, &json!({ "posting": "hosts" })).await;
    assert_eq!(edit(&mut bob, channel, &said, &body).await.status, 200);
    assert_eq!(bob.post(channel, &json!({ "text": "new" })).await.code(), "hosts_write");
    // Kept out: there is nothing, also not what it said.
    let out = format!("{path}/kept-out/{}", bob.id);
    assert_eq!(ada.client.put(&out, &Value::Null).await.status, 204);
    assert_eq!(
        edit(&mut bob, channel, &said, &json!({ "text": "more" })).await.code(),
        "not_found"
    );
    assert_eq!(bob.client.get(&format!("{}/versions", at(channel, &said))).await.status, 404);
    assert_eq!(versions(&mut ada, channel, &said).await[0]["text"], "of Bob");
}

#[tokio::test]
async fn nobody_edits_what_they_wrote_to_somebody_who_blocked_them() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let talk = ada.client.post("/api/direct", &json!({ "people": [bob.id] })).await.json();
    let talk = talk["id"].as_i64().unwrap();
    let said = ada.say(talk, "hello").await;
    let block = format!("/api/people/{}/aside", ada.id);
    assert!(bob.client.put(&block, &json!({ "kind": "block" })).await.status < 300);
    let (body, thumb) = (json!({ "text": "more" }), "reactions/%F0%9F%91%8D");
    assert_eq!(edit(&mut ada, talk, &said, &body).await.code(), "unreachable");
    for user in [&mut ada, &mut bob] {
        let path = format!("{}/{thumb}", at(talk, &said));
        assert_eq!(user.client.put(&path, &Value::Null).await.code(), "unreachable");
    }
    assert!(bob.client.delete(&block).await.status < 300);
    assert_eq!(edit(&mut ada, talk, &said, &body).await.status, 200);
    let mut eve = app.user("Eve").await;
    assert_eq!(eve.client.get(&format!("{}/versions", at(talk, &said))).await.status, 404);
}

#[tokio::test]
async fn a_guest_edits_and_reacts_where_they_are() {
    let app = TestApp::start().await;
    let mut ada = app.owner("Ada", "open").await;
    let draft = json!({ "name": "class", "kind": "private" });
    let class = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let elsewhere = ada.channel("elsewhere").await;
    let (theirs, other) = (ada.say(class, "hello").await, ada.say(elsewhere, "hello").await);
    let invited = json!({ "role": "guest", "channels": [class] });
    let (path, _) = invite(&mut ada, &invited).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    let said = guest.say(class, "helo").await;
    let mut window = guest.listen().await;
    assert_eq!(reword(&mut guest, class, &said, "hello").await["edits"], 1);
    assert_eq!(window.event("message").await["type"], "edited");
    let thumb = |channel, message| format!("{}/reactions/%F0%9F%91%8D", at(channel, message));
    assert_eq!(guest.client.put(&thumb(class, &theirs), &Value::Null).await.status, 200);
    assert_eq!(window.event("reaction").await["user"]["name"], "Ka Yan");
    assert_eq!(versions(&mut guest, class, &said).await[0]["text"], "helo");
    for path in [thumb(elsewhere, &other), format!("{}/versions", at(elsewhere, &other))] {
        assert_eq!(guest.client.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(guest.client.put(&thumb(elsewhere, &other), &Value::Null).await.status, 404);
    let refused = edit(&mut guest, elsewhere, &other, &json!({ "text": "x" })).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn the_owner_says_for_how_long_messages_may_be_changed() {
    let app = TestApp::start().await;
    let (mut owner, mut ada) = (app.owner("Olu", "open").await, app.user("Ada").await);
    let channel = ada.channel("tea").await;
    let said = ada.say(channel, "one").await;
    assert_eq!(owner.client.get("/api/place").await.json()["editing"], "always", "at first");
    assert_eq!(ada.client.get("/api/state").await.json()["workspace"]["editing"], "always");
    let never = json!({ "editing": "never" });
    assert_eq!(ada.client.patch("/api/place", &never).await.code(), "forbidden");
    let odd = owner.client.patch("/api/place", &json!({ "editing": "year" })).await;
    assert_eq!(odd.status, 400);
    assert_eq!(owner.client.patch("/api/place", &never).await.json()["editing"], "never");
    assert_eq!(ada.client.get("/api/state").await.json()["workspace"]["editing"], "never");
    let refused = edit(&mut ada, channel, &said, &json!({ "text": "two" })).await;
    assert_eq!((refused.status, refused.code()), (403, "edit_too_late".into()));
    assert_eq!(edit(&mut ada, channel, &said, &json!({ "text": "one" })).await.status, 200);
    let told = owner.client.patch("/api/place", &json!({ "editing": "quarter" })).await.json();
    assert_eq!(told["editing"], "quarter");
    assert_eq!(reword(&mut ada, channel, &said, "two").await["text"], "two");
    // It is kept, and what else is changed leaves it.
    owner.client.patch("/api/place", &json!({ "about": "tea" })).await;
    let app = app.restart().await;
    owner.client.address = app.address;
    assert_eq!(owner.client.get("/api/place").await.json()["editing"], "quarter");
}
