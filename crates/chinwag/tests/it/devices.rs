//! Devices: what gets back in by a name alone, and how it ends.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::{Client, Reply};
use crate::socket::Socket;

const PASSWORD: &str = "correct horse";

async fn set_password(user: &mut User) {
    let reply = user.client.put("/api/me/password", &json!({ "new": PASSWORD })).await;
    assert_eq!(reply.status, 204, "{}", reply.text());
}

/// Types the name, and nothing else.
async fn come_back(client: &mut Client, name: &str) -> Reply {
    client.post("/api/session", &json!({ "name": name })).await
}

/// Somebody's phone, signed in by the password.
async fn phone(app: &TestApp, name: &str) -> Client {
    let mut phone = app.browser();
    phone.headers.push(("user-agent", "Mozilla/5.0 (Android 16) Firefox/150.0".into()));
    let body = json!({ "name": name, "password": PASSWORD });
    assert_eq!(phone.post("/api/session", &body).await.status, 201);
    phone
}

async fn devices(client: &mut Client) -> Vec<Value> {
    client.get("/api/me/devices").await.json()["devices"].as_array().unwrap().clone()
}

#[tokio::test]
async fn once_there_is_a_password_logging_out_forgets_the_browser() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    set_password(&mut ada).await;
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    assert_eq!(come_back(&mut ada.client, "Ada").await.code(), "password_required");
    // Also when it ends its own session in the list.
    let mut tablet = phone(&app, "Ada").await;
    let sessions = tablet.get("/api/me/sessions").await.json();
    let own = sessions["sessions"].as_array().unwrap().iter().find(|one| one["current"] == true);
    let path = format!("/api/me/sessions/{}", own.unwrap()["id"]);
    assert_eq!(tablet.delete(&path).await.status, 204);
    assert_eq!(come_back(&mut tablet, "Ada").await.code(), "password_required");
    // By the link and by the form as well.
    for leave in ["GET", "POST"] {
        let mut phone = phone(&app, "Ada").await;
        let reply = match leave {
            "GET" => phone.get("/logout").await,
            _ => phone.form("/logout", &[]).await,
        };
        assert_eq!(reply.status, 303, "{leave}");
        assert_eq!(come_back(&mut phone, "Ada").await.code(), "password_required", "{leave}");
    }
}

#[tokio::test]
async fn without_a_password_logging_out_forgets_the_browser_when_it_is_asked_to() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    assert_eq!(come_back(&mut ada.client, "Ada").await.status, 201);
    assert_eq!(ada.client.delete("/api/session?forget=true").await.status, 204);
    assert_eq!(come_back(&mut ada.client, "Ada").await.code(), "name_taken");
    let mut grace = app.user("Grace").await;
    assert_eq!(grace.client.form("/logout", &[("forget", "1")]).await.status, 303);
    assert_eq!(come_back(&mut grace.client, "Grace").await.code(), "name_taken");
}

#[tokio::test]
async fn a_session_ended_by_its_owner_takes_its_browser_along() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    set_password(&mut ada).await;
    let mut phone = phone(&app, "Ada").await;
    let listed = devices(&mut ada.client).await;
    assert_eq!(listed.len(), 2);
    let other = listed.iter().find(|device| device["current"] == false).unwrap();
    assert_eq!(
        (&other["browser"], &other["signed_in"]),
        (&json!("Firefox on Android"), &json!(true))
    );
    let mut socket = Socket::open(&phone).await;
    socket.connect("/app", None).await.unwrap();
    let mut grace = app.user("Grace").await;
    let path = format!("/api/me/devices/{}", other["id"].as_str().unwrap());
    assert_eq!(grace.client.delete(&path).await.code(), "not_found", "not hers to end");
    assert_eq!(ada.client.delete(&path).await.status, 204);
    socket.ended("/app").await;
    assert_eq!(come_back(&mut phone, "Ada").await.code(), "password_required");
    assert_eq!(ada.client.delete("/api/me/devices/x").await.code(), "not_found");

    // By the list of sessions too; and one of the browser that asks leaves that browser known.
    let mut phone = self::phone(&app, "Ada").await;
    assert_eq!(come_back(&mut ada.client, "Ada").await.status, 201);
    let sessions = ada.client.get("/api/me/sessions").await.json();
    for session in sessions["sessions"].as_array().unwrap() {
        if session["current"] == false {
            let path = format!("/api/me/sessions/{}", session["id"]);
            assert_eq!(ada.client.delete(&path).await.status, 204);
        }
    }
    assert_eq!(phone.get("/api/me").await.status, 401);
    assert_eq!(come_back(&mut phone, "Ada").await.code(), "password_required");
    assert_eq!(come_back(&mut ada.client, "Ada").await.status, 201);
}

#[tokio::test]
async fn a_changed_password_ends_everything_else_but_bots() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    set_password(&mut ada).await;
    let made = ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut phone = phone(&app, "Ada").await;
    let mut socket = Socket::open(&phone).await;
    socket.connect("/app", None).await.unwrap();
    let change = json!({ "current": PASSWORD, "new": "battery staple" });
    assert_eq!(ada.client.put("/api/me/password", &change).await.status, 204);
    socket.ended("/app").await;
    assert_eq!(phone.get("/api/me").await.status, 401);
    assert_eq!(come_back(&mut phone, "Ada").await.code(), "password_required");
    assert_eq!(ada.client.get("/api/me").await.status, 200, "the one that it was changed in");
    assert_eq!(devices(&mut ada.client).await.len(), 1);
    let mut bot = app.browser();
    bot.headers.push(("authorization", format!("Bearer {}", made["token"].as_str().unwrap())));
    assert_eq!(bot.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn a_computer_of_others_keeps_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    set_password(&mut ada).await;
    let body = json!({ "name": "Ada", "password": PASSWORD, "shared": true });
    let mut library = app.browser();
    let reply = library.post("/api/session", &body).await;
    assert_eq!(reply.status, 201);
    let lines: Vec<_> =
        reply.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(lines.iter().all(|line| !line.contains("Max-Age")), "with the browser: {lines:?}");
    assert_eq!(library.cookie_name("device"), None);
    // Pages do not lengthen its life.
    let page = library.get("/channels").await;
    assert_eq!(page.status, 200);
    let lines = page.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    for line in lines.filter(|line| line.contains("session")) {
        assert!(!line.contains("Max-Age"), "{line}");
    }
    let stolen = library.clone();
    assert_eq!(library.delete("/api/session").await.status, 204);
    assert_eq!(stolen.clone().get("/api/me").await.status, 401);
    assert_eq!(come_back(&mut library, "Ada").await.code(), "password_required");

    // The same by the form, and for a name that is new.
    let mut visitor = app.browser();
    let fields = [("displayName", "Rain"), ("shared", "1")];
    assert_eq!(visitor.form("/login", &fields).await.status, 303);
    assert_eq!(visitor.cookie_name("device"), None);
    visitor.form("/logout", &[]).await;
    assert_eq!(come_back(&mut visitor, "Rain").await.code(), "name_taken");
}
