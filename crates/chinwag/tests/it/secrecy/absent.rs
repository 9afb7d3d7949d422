//! Nobody can tell a private channel that they are not in from one that does not exist: every door of a
//! channel answers both with the same bytes.

use serde_json::json;

use super::private;
use crate::app::{TestApp, User};
use crate::client::{Client, Reply};

/// What the doors of a channel take. A door that is not named here gets an empty object.
const BODIES: [(&str, &str); 9] = [
    ("PATCH /api/channels/{id}", r#"{"topic":"x","name":"y","kind":"public","locked":true}"#),
    ("PUT /api/channels/{id}/read", r#"{"number":1}"#),
    ("PUT /api/channels/{id}/threads/{number}/read", r#"{"number":1}"#),
    ("POST /api/channels/{id}/members", r#"{"people":[1]}"#),
    ("PUT /api/channels/{id}/mutes/{user}", r#"{"minutes":5}"#),
    ("POST /api/channels/{id}/messages", r#"{"text":"x"}"#),
    ("PATCH /api/channels/{id}/messages/{number}", r#"{"text":"x"}"#),
    ("POST /c/{id}", "msg=x"),
    ("POST /c/{id}/delete", "id=1"),
];

/// The parts of an answer that somebody sees.
pub(super) fn seen(reply: &Reply, id: i64) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "set-cookie"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    headers.sort();
    for (_, value) in &mut headers {
        *value = value.replace(&id.to_string(), "ID");
    }
    (reply.status, headers, reply.text().replace(&id.to_string(), "ID"))
}

pub(super) async fn knock(client: &Client, door: &str, id: i64) -> Reply {
    let (method, path) = door.split_once(' ').unwrap();
    let path = path.replace("{id}", &id.to_string()).replace("{number}", "1");
    let path = path.replace("{user}", "1").replace("{emoji}", "%F0%9F%91%8D");
    let query = match door {
        "GET /api/channels/{id}/changes" => "?since=0",
        "GET /c/{id}/delete" => "?id=1",
        _ => "",
    };
    let body = BODIES.iter().find(|(name, _)| *name == door).map_or("{}", |(_, body)| *body);
    let form = path.starts_with("/c/");
    let kind = if form { "application/x-www-form-urlencoded" } else { "application/json" };
    let (kind, body) = if method == "GET" { ("", "") } else { (kind, body) };
    let path = format!("{path}{query}");
    let client = client.clone();
    let answer = client.exchange(method.parse().unwrap(), &path, kind, body.into()).await;
    answer.expect("an answer")
}

/// Gives a person a role, in the database: a moderator has a password.
fn give_role(app: &TestApp, user: &User, role: &str) {
    let db = rusqlite::Connection::open(app.data().join("chinwag.db")).unwrap();
    let password =
        (role != "guest").then_some("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g");
    let changed = db.execute(
        "UPDATE users SET role = ?2, password_hash = ?3 WHERE id = ?1",
        (user.id, role, password),
    );
    assert_eq!(changed.unwrap(), 1);
}

#[tokio::test]
async fn a_private_channel_and_none_answer_alike_at_every_door() {
    let limits = ["messages", "new-channels", "commands", "topics"];
    let off = limits.map(|limit| format!("--limit-{limit}=0"));
    let app = TestApp::start_with(&off.each_ref().map(String::as_str)).await;
    let mut ada = app.user("Ada").await;
    let (stranger, moderator) = (app.user("Stranger").await, app.user("Moderator").await);
    let (guest, former) = (app.user("Guest").await, app.user("Former").await);
    let kept_out = app.user("Kept out").await;
    let draft = json!({ "name": "canary", "kind": "private", "people": [former.id, kept_out.id] });
    let team = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    ada.say(team, "a canary sings").await;
    for (method, user) in [("members", &former), ("kept-out", &kept_out)] {
        let path = format!("/api/channels/{team}/{method}/{}", user.id);
        let done = match method {
            "members" => ada.client.delete(&path).await,
            _ => ada.client.put(&path, &json!({})).await,
        };
        assert_eq!(done.status, 204, "{}", done.text());
    }
    give_role(&app, &moderator, "moderator");
    give_role(&app, &guest, "guest");
    // As long as the other, so that the answers are of one length.
    let none = if team % 10 == 9 { team - 1 } else { team + 1 };
    let doors: Vec<String> = chinwag::http::doors()
        .into_iter()
        .filter(|door| door.contains("/api/channels/{id}") || door.contains(" /c/{id}"))
        .collect();
    assert!(doors.len() > 25, "{doors:?}");
    for eavesdropper in [&stranger, &moderator, &guest, &former, &kept_out] {
        for door in &doors {
            let (private, absent) = (
                knock(&eavesdropper.client, door, team).await,
                knock(&eavesdropper.client, door, none).await,
            );
            assert!(
                private.status >= 400,
                "{door} answers {} with {}",
                eavesdropper.name,
                private.status
            );
            let (private, absent) = (seen(&private, team), seen(&absent, none));
            assert_eq!(private, absent, "{door} to {}", eavesdropper.name);
            assert!(!private.2.contains("canary"), "{door}: {}", private.2);
        }
        for path in
            ["/api/channels", "/api/state", "/api/people", "/channels", "/api/me/changes?since=0"]
        {
            let told = eavesdropper.client.clone().get(path).await.text();
            assert!(!told.contains("canary"), "{path} tells {}", eavesdropper.name);
        }
    }
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
