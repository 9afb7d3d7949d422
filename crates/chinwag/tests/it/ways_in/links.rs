//! One-time sign-in links.

use chinwag::operator::{Answer, Request, ask};
use serde_json::Value;

use super::knock;
use crate::app::TestApp;
use crate::in_charge::make;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_in_once_with_a_new_password_and_ends_all_else() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    let mut socket = ada.listen().await;
    let url = format!("/api/people/{}/sign-in-link", ada.id);
    assert_eq!(ada.client.post(&url, &Value::Null).await.status, 403);
    let own = format!("/api/people/{}/sign-in-link", mei.id);
    assert_eq!(mei.client.post(&own, &Value::Null).await.status, 403, "not for oneself");
    let made = mei.client.post(&url, &Value::Null).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let address = made.json()["address"].as_str().unwrap().to_owned();
    let path = &address[address.find("/link/").unwrap()..];
    let mut phone = app.browser();
    let page = phone.get(path).await;
    assert!(page.text().contains("This link signs in Ada."), "{}", page.text());
    assert_eq!(phone.form(path, &[("password", "short")]).await.status, 422);
    assert_eq!(ada.client.get("/api/me").await.status, 200, "nothing has happened yet");
    let used = phone.form(path, &[("password", "correct horse")]).await;
    assert_eq!((used.status, used.header("location")), (303, "/"), "{}", used.text());
    socket.ended("/app").await;
    assert_eq!(ada.client.get("/api/me").await.status, 401);
    assert_eq!(
        knock(&mut ada.client, "Ada").await.1,
        "password_required",
        "the device is forgotten"
    );
    assert_eq!(phone.get("/api/me").await.json()["id"], ada.id);
    let told = phone.get("/channels").await.text();
    assert!(told.contains("Mei made"), "they are told: {told}");
    for again in
        [phone.get(path).await, app.browser().form(path, &[("password", "12345678")]).await]
    {
        assert_eq!(again.status, 404, "once");
    }
    // A link that was not used is ended.
    let made = mei.client.post(&url, &Value::Null).await.json();
    let address = made["address"].as_str().unwrap().to_owned();
    let path = &address[address.find("/link/").unwrap()..];
    assert_eq!(phone.delete(&url).await.status, 403, "not by anybody");
    assert_eq!(mei.client.delete(&url).await.status, 204);
    assert_eq!(app.browser().get(path).await.status, 404);
    // A newer link ends the one before, and the operator makes one too.
    let data = app.data();
    let request = Request::SignInLink("mei".to_owned());
    let answer = tokio::task::spawn_blocking(move || ask(&data, &request)).await.unwrap().unwrap();
    let Answer::Link { name, path } = answer else { panic!("{answer:?}") };
    assert_eq!(name, "Mei");
    let mut browser = app.browser();
    assert_eq!(browser.form(&path, &[("password", "correct horse")]).await.status, 303);
    assert_eq!(browser.get("/api/me").await.json()["role"], "owner");
}

/// Otherwise a moderator would keep a way into the account of whoever rises above them.
#[tokio::test]
async fn a_link_ends_with_the_right_of_its_maker() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut mo = app.in_charge("Mo", "moderator").await;
    let (ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut paths = Vec::new();
    for whom in [ada.id, bob.id] {
        let made = mo.client.post(&format!("/api/people/{whom}/sign-in-link"), &Value::Null).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let address = made.json()["address"].as_str().unwrap().to_owned();
        paths.push(address[address.find("/link/").unwrap()..].to_owned());
    }
    assert_eq!(app.browser().get(&paths[0]).await.status, 200);
    // Ada rises, and Mo falls.
    make(&app.data(), ada.id, "moderator");
    assert_eq!(app.browser().get(&paths[0]).await.status, 404);
    let used = app.browser().form(&paths[0], &[("password", "correct horse")]).await;
    assert_eq!(used.status, 404, "{}", used.text());
    let role = format!("/api/people/{}/role", mo.id);
    let fallen = mei.client.put(&role, &serde_json::json!({ "role": "member" })).await;
    assert!(fallen.status < 300, "{}", fallen.text());
    let used = app.browser().form(&paths[1], &[("password", "correct horse")]).await;
    assert_eq!(used.status, 404, "{}", used.text());
}
