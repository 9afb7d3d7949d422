//! Bots: a token speaks as its maker, until it is revoked.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::socket::Socket;

#[tokio::test]
async fn a_bot_talks_and_hears_until_it_is_revoked() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let made = ada.client.post("/api/me/tokens", &json!({ "name": "deploy bot" })).await;
    assert_eq!(made.status, 201);
    let (id, token) = (made.json()["id"].clone(), made.json()["token"].clone());
    let listed = ada.client.get("/api/me/tokens").await.json();
    assert_eq!(listed["tokens"][0]["name"], "deploy bot");
    assert!(listed["tokens"][0].get("token").is_none(), "the secret is shown once");

    let mut bot = app.browser();
    let mut socket = Socket::open(&bot).await;
    socket.connect("/app", Some(json!({ "token": token }))).await.unwrap();
    bot.headers.push(("authorization", format!("Bearer {}", token.as_str().unwrap())));
    let path = format!("/api/channels/{channel}/messages");
    let posted = bot.post(&path, &json!({ "text": "deployed" })).await;
    assert_eq!((posted.status, &posted.json()["author"]["name"]), (201, &json!("Ada")));
    assert_eq!(socket.event("message").await["message"]["text"], "deployed");

    for refused in ["/api/me/sessions", "/api/me/tokens"] {
        assert_eq!(bot.get(refused).await.code(), "forbidden", "{refused}");
    }
    let password = json!({ "new": "taken over" });
    assert_eq!(bot.put("/api/me/password", &password).await.code(), "forbidden");
    assert_eq!(ada.client.delete(&format!("/api/me/tokens/{id}")).await.status, 204);
    socket.ended("/app").await;
    assert_eq!(bot.post(&path, &json!({ "text": "again" })).await.code(), "not_signed_in");
    let again = socket.connect("/app", Some(json!({ "token": token }))).await;
    assert_eq!(again.unwrap_err()["message"], "not_signed_in");
}

#[tokio::test]
async fn a_wrong_token_is_nobody_even_beside_a_good_cookie() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for wrong in ["Bearer", "Bearer x", &format!("Bearer {}", "A".repeat(43))] {
        ada.client.headers = vec![("authorization", wrong.to_owned())];
        assert_eq!(ada.client.get("/api/me").await.status, 401, "{wrong}");
    }
    ada.client.headers.clear();
    assert_eq!(ada.client.post("/api/me/tokens", &json!({ "name": "" })).await.code(), "invalid");
    let gone = ada.client.delete("/api/me/tokens/99").await;
    assert_eq!(gone.code(), "not_found");
    assert_eq!(ada.client.get("/api/me/tokens").await.json()["tokens"], Value::Array(vec![]));
}
