//! The guests of a channel: the door that its hosts keep, and the end of visits.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Client;
use crate::ways_in::{come, invite, knock};

/// A channel with an invite for guests that its host, who is a plain member, made.
async fn class(app: &TestApp, door: &str) -> (User, User, i64, String, i64) {
    let mei = app.owner("Mei", "open").await;
    let mut chen = app.user("Ms Chen").await;
    let class = private(&mut chen, "physics").await;
    let body = json!({ "role": "guest", "channels": [class], "door": door, "label": "3B" });
    let (path, id) = invite(&mut chen, &body).await;
    (mei, chen, class, path, id)
}

async fn private(host: &mut User, name: &str) -> i64 {
    let draft = json!({ "name": name, "kind": "private" });
    host.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap()
}

async fn door(host: &mut User, channel: i64) -> Value {
    let reply = host.client.get(&format!("/api/channels/{channel}/door")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

async fn waits(app: &TestApp, path: &str, name: &str) -> Client {
    let mut phone = app.browser();
    let asked = phone.form(path, &[("name", name)]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/waiting"), "{}", asked.text());
    phone
}

#[tokio::test]
async fn a_host_keeps_the_door_of_their_channel_and_of_no_other() {
    let app = TestApp::start().await;
    let (mut mei, mut chen, class, path, id) = class(&app, "approval").await;
    let mut other = app.user("Mr Lau").await;
    let elsewhere = private(&mut other, "history").await;
    let mut phone = waits(&app, &path, "Ka Yan").await;
    let mut refused = waits(&app, &path, "batman").await;
    let told = door(&mut chen, class).await;
    let (one, two) = (&told["waiting"][0], &told["waiting"][1]);
    assert_eq!((&one["name"], &two["name"]), (&json!("Ka Yan"), &json!("batman")));
    assert_eq!((&told["total"], &told["guests"]), (&json!(2), &json!(0)));
    assert_eq!(told["invites"][0]["id"], id);
    // Another host has a door of their own, and the channel is none of their business; nor is it the
    // owner's, who lets in anybody but does not see where the invite leads.
    let url = format!("/api/waiting/{}", one["id"]);
    assert_eq!(door(&mut other, elsewhere).await["total"], 0);
    for path in [format!("/api/channels/{class}/door"), format!("/api/invites/{id}")] {
        for user in [&mut other, &mut mei] {
            assert_eq!(user.client.get(&path).await.status, 404, "{path}");
        }
    }
    let none = other.client.put("/api/waiting/999", &Value::Null).await;
    let strange = other.client.put(&url, &Value::Null).await;
    assert_eq!((strange.status, strange.text()), (none.status, none.text()), "no difference");
    assert_eq!(strange.status, 403);
    assert_eq!(other.client.delete(&url).await.status, 403);

    assert_eq!(chen.client.put(&url, &Value::Null).await.status, 204);
    let refuse = format!("/api/waiting/{}", two["id"]);
    assert_eq!(chen.client.delete(&refuse).await.status, 204);
    assert_eq!(phone.get("/waiting").await.header("location"), "/");
    assert_eq!(phone.get("/api/me").await.json()["role"], "guest");
    assert!(refused.get("/waiting").await.text().contains("did not let “batman” in"));
    let told = door(&mut chen, class).await;
    assert_eq!((&told["total"], &told["guests"]), (&json!(0), &json!(1)));

    // Whoever becomes a host too sees the invite of the other one, and ends it.
    let people = json!({ "people": [other.id] });
    chen.client.post(&format!("/api/channels/{class}/members"), &people).await;
    assert_eq!(other.client.get(&format!("/api/channels/{class}/door")).await.status, 403);
    let hosts = format!("/api/channels/{class}/hosts/{}", other.id);
    assert_eq!(chen.client.put(&hosts, &Value::Null).await.status, 204);
    assert_eq!(door(&mut other, class).await["invites"][0]["id"], id);
    let url = format!("/api/invites/{id}");
    let closed = other.client.patch(&url, &json!({ "door": "closed" })).await.json();
    assert_eq!(closed["door"], "closed");
    assert_eq!(other.client.delete(&url).await.status, 200);
    assert_eq!(door(&mut chen, class).await["invites"], json!([]));
}

#[tokio::test]
async fn an_invite_into_two_channels_is_kept_by_whoever_runs_both() {
    let app = TestApp::start().await;
    let (_mei, mut chen, class, _, _) = class(&app, "open").await;
    let mut other = app.user("Mr Lau").await;
    let lab = private(&mut chen, "lab").await;
    let both = json!({ "role": "guest", "channels": [class, lab], "door": "approval" });
    let (path, id) = invite(&mut chen, &both).await;
    waits(&app, &path, "Ka Yan").await;
    let people = json!({ "people": [other.id] });
    chen.client.post(&format!("/api/channels/{lab}/members"), &people).await;
    let hosts = format!("/api/channels/{lab}/hosts/{}", other.id);
    assert_eq!(chen.client.put(&hosts, &Value::Null).await.status, 204);
    let told = door(&mut other, lab).await;
    assert_eq!((&told["invites"], &told["total"]), (&json!([]), &json!(0)));
    assert_eq!(other.client.get(&format!("/api/invites/{id}")).await.status, 404);
    assert_eq!(door(&mut chen, lab).await["total"], 1);
}

#[tokio::test]
async fn the_end_of_a_visit_is_in_force_at_every_door_at_once() {
    let app = TestApp::start().await;
    let (mut mei, mut chen, class, path, _) = class(&app, "open").await;
    let (mut guest, mut stays) =
        (come(&app, &path, "Ka Yan").await, come(&app, &path, "Jasper").await);
    let mut sockets = [guest.listen().await, guest.listen_classic().await];
    let mut other = stays.listen().await;
    let end = format!("/api/channels/{class}/guests/{}", guest.id);
    assert_eq!(stays.client.delete(&end).await.status, 403, "a guest ends nothing");
    let own = format!("/api/channels/{class}/guests/{}", chen.id);
    assert_eq!(chen.client.delete(&own).await.status, 403, "only guests visit");
    assert_eq!(chen.client.delete(&end).await.status, 204);
    assert_eq!(chen.client.delete(&end).await.status, 204, "once more changes nothing");
    chen.say(class, "after the end").await;
    let [app_socket, classic] = &mut sockets;
    app_socket.ended("/app").await;
    classic.ended("/").await;
    assert_eq!(other.event("message").await["message"]["text"], "after the end");
    for path in ["/api/me".to_owned(), format!("/api/channels/{class}/messages")] {
        assert_eq!(guest.client.get(&path).await.status, 401, "{path}");
    }
    assert_eq!(guest.client.get(&format!("/c/{class}")).await.status, 303);
    assert_eq!(knock(&mut guest.client, "Ka Yan").await, (403, "visit_ended".to_owned()));
    let members = chen.client.get(&format!("/api/channels/{class}/members")).await.json();
    let members = members["members"].as_array().unwrap();
    let ended: Vec<_> = members.iter().filter(|m| m["visit_ends_at"].is_string()).collect();
    assert_eq!((ended.len(), &ended[0]["name"]), (1, &json!("Ka Yan")));
    assert_eq!(door(&mut chen, class).await["guests"], 1);
    // The log has it, once. It is about a private channel, so the owner, who is not in it, does not read it.
    let log = mei.client.get("/api/log?act=end_visit").await.json();
    assert_eq!(log["entries"], json!([]), "{log}");
    let people = json!({ "people": [mei.id] });
    chen.client.post(&format!("/api/channels/{class}/members"), &people).await;
    let log = mei.client.get("/api/log?act=end_visit").await.json();
    assert_eq!(log["entries"].as_array().unwrap().len(), 1, "{log}");
    // Their browser comes back by the invite, under the same name.
    let back = guest.client.form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!(back.status, 303, "{}", back.text());
    assert_eq!(guest.client.get("/api/me").await.json()["id"], guest.id);

    // A moderator ends a visit wherever it is.
    let visit = format!("/api/people/{}/visit", guest.id);
    assert_eq!(chen.client.delete(&visit).await.status, 403);
    assert_eq!(mei.client.delete(&visit).await.status, 204);
    assert_eq!(guest.client.get("/api/me").await.status, 401);
    let member = format!("/api/people/{}/visit", chen.id);
    assert_eq!(mei.client.delete(&member).await.status, 403, "a member does not visit");
}

#[tokio::test]
async fn a_class_ends_for_its_guests_and_its_door_closes() {
    let app = TestApp::start().await;
    let (_mei, mut chen, class, path, id) = class(&app, "open").await;
    let mut lau = app.user("Mr Lau").await;
    let history = private(&mut lau, "history").await;
    let (other_path, _) =
        invite(&mut lau, &json!({ "role": "guest", "channels": [history] })).await;
    let mut pupils = Vec::new();
    for name in ["Ka Yan", "Jasper", "Zoë"] {
        pupils.push(come(&app, &path, name).await);
    }
    // One of them also visits the class of another teacher, and one came by that one's invite alone.
    let both = pupils[2].client.form(&other_path, &[("name", "Zoë")]).await;
    assert_eq!(both.status, 303, "{}", both.text());
    let mut stranger = come(&app, &other_path, "Sam").await;
    let people = json!({ "people": [stranger.id] });
    let added = lau.client.post(&format!("/api/channels/{class}/members"), &people).await;
    assert_eq!(added.status, 404);
    let mut window = pupils[2].listen().await;
    let all = format!("/api/channels/{class}/guests");
    assert_eq!(lau.client.delete(&all).await.status, 404);
    let ended = chen.client.delete(&format!("{all}?close=true")).await;
    assert_eq!((ended.status, ended.json()), (200, json!({ "guests": 3 })));
    for pupil in &mut pupils[..2] {
        assert_eq!(pupil.client.get("/api/me").await.status, 401, "{}", pupil.name);
    }
    // Who visits elsewhere goes on there, and sees nothing of this class any more.
    assert_eq!(window.event("lost").await["channel"], class);
    let zoe = &mut pupils[2];
    assert_eq!(zoe.client.get(&format!("/api/channels/{class}")).await.status, 404);
    assert_eq!(zoe.client.get(&format!("/api/channels/{history}")).await.status, 200);
    assert_eq!(stranger.client.get("/api/me").await.status, 200);
    let told = door(&mut chen, class).await;
    assert_eq!((&told["guests"], &told["invites"][0]["door"]), (&json!(0), &json!("closed")));
    let late = pupils[0].client.form(&path, &[("name", "Ka Yan")]).await;
    assert_ne!(late.status, 303, "the door is closed");
    let url = format!("/api/invites/{id}");
    assert_eq!(chen.client.patch(&url, &json!({ "door": "open" })).await.status, 200);
    let back = pupils[0].client.form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!(back.status, 303, "{}", back.text());
}
