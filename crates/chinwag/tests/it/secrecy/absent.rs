//! For whoever may not see a channel, every door answers as if it were not there.

use chinwag::http::doors;
use hyper::Method;
use serde_json::json;

use super::private;
use crate::app::{TestApp, User};
use crate::client::Reply;

/// Bodies that the doors of a channel take, so that they get further than reading the body.
const BODIES: [&str; 5] = [
    r#"{"text":"x"}"#,
    r#"{"topic":"x"}"#,
    r#"{"number":1}"#,
    r#"{"channel":1,"last":1,"revision":1,"digest":""}"#,
    "{}",
];

/// Everything of an answer that tells something: all but the request's own id, and what counts down.
fn told(reply: &Reply, id: i64) -> (u16, String, Vec<String>) {
    let text = reply.text().replace(&id.to_string(), "{id}");
    let names: Vec<String> = reply.headers.keys().map(|name| name.as_str().to_owned()).collect();
    (reply.status, text, names)
}

async fn knock(user: &mut User, door: &str, id: i64, body: &str) -> Reply {
    let (method, path) = door.split_once(' ').unwrap();
    let path = path.replace("{id}", &id.to_string()).replace("{number}", "1");
    // A path has other variables too, such as a person.
    let path = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    let path = path.collect::<Vec<_>>().join("/");
    let path = if path.ends_with("/changes") { path + "?since=0" } else { path };
    let body = if method == "GET" { "" } else { body };
    let kind = if body.is_empty() { "" } else { "application/json" };
    let method: Method = method.parse().unwrap();
    user.client.send(method, &path, kind, body.as_bytes().to_vec()).await
}

#[tokio::test]
async fn a_private_channel_answers_as_one_that_is_not_there() {
    let off = ["messages", "new-channels", "commands", "topics", "reports"];
    let off = off.map(|limit| format!("--limit-{limit}=0"));
    let app = TestApp::start_with(&off.each_ref().map(String::as_str)).await;
    let mut ada = app.user("Ada").await;
    let (mut former, mut stranger) = (app.user("Former").await, app.user("Stranger").await);
    let (mut owner, mut moderator) = (app.user("Owner").await, app.user("Moderator").await);
    let mut guest = app.user("Guest").await;
    let channel = private(&mut ada, "secret", &[former.id]).await;
    ada.say(channel, "hello").await;
    let left = former.client.delete(&format!("/api/channels/{channel}/membership")).await;
    assert_eq!(left.status, 204);
    let mut roles = [(&mut owner, "owner"), (&mut moderator, "moderator"), (&mut guest, "guest")];
    let app = app.with_roles(&mut roles).await;
    for user in [&mut ada, &mut former, &mut stranger] {
        user.client.address = app.address;
    }
    assert_eq!(ada.client.get(&format!("/api/channels/{channel}")).await.status, 200);

    let absent = channel ^ 1;
    let about = doors()
        .into_iter()
        .filter(|door| door.contains("/api/channels/{id}") || door.contains("/c/{id}"));
    let about: Vec<String> = about.collect();
    assert!(about.len() > 10, "the doors of a channel: {about:?}");
    for user in [&mut former, &mut stranger, &mut owner, &mut moderator, &mut guest] {
        for door in &about {
            for body in BODIES {
                let secret = knock(user, door, channel, body).await;
                let nothing = knock(user, door, absent, body).await;
                let (secret, nothing) = (told(&secret, channel), told(&nothing, absent));
                assert_eq!(secret, nothing, "{door} of {} with {body}", user.name);
                assert!(secret.0 >= 400, "{door} of {}: {secret:?}", user.name);
            }
        }
    }
    let still = ada.client.get(&format!("/api/channels/{channel}")).await.json();
    assert_eq!((&still["topic"], &still["last_number"]), (&json!(""), &json!(1)), "untouched");
}

#[tokio::test]
async fn the_name_of_a_private_channel_is_nobodys_business() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    private(&mut ada, "plans", &[]).await;
    let by_name = grace.client.get("/channel/plans").await;
    assert_eq!(by_name.status, 404);
    let made = grace.client.post("/api/channels", &json!({ "name": "plans" })).await;
    assert_eq!(made.status, 201, "the name is free: {}", made.text());
    assert_eq!(made.json()["id"], 1, "public channels go on counting");
    private(&mut grace, "plans", &[]).await;
    // Somebody who is not there cannot be put into one.
    let draft = json!({ "name": "more", "kind": "private", "people": [99] });
    let refused = ada.client.post("/api/channels", &draft).await;
    assert_eq!((refused.status, refused.code().as_str()), (404, "not_found"));
}
