//! After a visit: the page of its end, coming back, and freeing the name.

use std::sync::Arc;

use chinwag::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::{Value, json};

use super::{come, invite};
use crate::app::{TestApp, User};

/// A place with a class, and a guest of it whose visit has ended.
async fn ended(door: &str) -> (Arc<ManualClock>, TestApp, User, User, i64, String) {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::<ManualClock>::clone(&clock), &[]).await;
    let mut mei = app.owner("Mei", "open").await;
    let class = mei.channel("class").await;
    let body = json!({ "role": "guest", "channels": [class], "visit_minutes": 60 });
    let (path, id) = invite(&mut mei, &body).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    guest.say(class, "what I said").await;
    clock.advance_ms(3_601_000);
    let url = format!("/api/invites/{id}");
    assert_eq!(mei.client.patch(&url, &json!({ "door": door })).await.status, 200);
    (clock, app, mei, guest, class, path)
}

#[tokio::test]
async fn the_browser_of_a_guest_whose_visit_ended_gets_its_page() {
    let (_clock, app, _mei, mut guest, _, path) = ended("open").await;
    let sent = guest.client.get("/channel/class").await;
    assert!(sent.header("location").starts_with("/login"), "{}", sent.header("location"));
    for address in [sent.header("location"), "/login"] {
        let page = guest.client.get(address).await;
        assert_eq!(page.status, 200);
        for words in ["That was it", "back as Ka Yan", "Type a code"] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        assert!(!page.text().contains("displayName"), "it is not the sign-in page");
    }
    let other = guest.client.get("/login?other").await.text();
    assert!(other.contains("displayName"), "but that is one link away");
    assert!(app.browser().get("/login").await.text().contains("displayName"));
    let mut chinese = guest.client.clone();
    chinese.cookies.insert("chinwag_language".to_owned(), "zh".to_owned());
    assert!(chinese.get("/login").await.text().contains("访问已结束"));

    // Any invite brings them back, and its page knows them.
    let page = guest.client.get(&path).await;
    assert!(page.text().contains("value=\"Ka Yan\""), "{}", page.text());
    assert!(!app.browser().get(&path).await.text().contains("Ka Yan"));
    assert_eq!(guest.client.form(&path, &[("name", "Ka Yan")]).await.status, 303);
    assert_eq!(guest.client.get("/api/me").await.json()["id"], guest.id);
    assert!(!guest.client.get("/login").await.text().contains("That was it"));
}

#[tokio::test]
async fn a_guest_comes_back_by_an_invite_with_approval_as_somebody_new_does() {
    let (_clock, app, mut mei, mut guest, _, path) = ended("approval").await;
    let stranger = app.browser().form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!(stranger.status, 409, "the name is not free at the door either");
    let asked = guest.client.form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/waiting"), "{}", asked.text());
    assert_eq!(guest.client.get("/api/me").await.status, 401);
    let waits = mei.client.get("/api/waiting").await.json()["waiting"][0].clone();
    assert_eq!((&waits["name"], &waits["resembles"]), (&json!("Ka Yan"), &Value::Null));
    let url = format!("/api/waiting/{}", waits["id"]);
    assert_eq!(mei.client.put(&url, &Value::Null).await.status, 204);
    assert_eq!(guest.client.get("/waiting").await.header("location"), "/");
    let me = guest.client.get("/api/me").await.json();
    assert_eq!((&me["id"], &me["role"]), (&json!(guest.id), &json!("guest")));
    assert!(me["visit_ends_at"].is_string());
}

#[tokio::test]
async fn a_host_frees_the_name_and_the_old_messages_show_the_visit() {
    let (clock, app, mut mei, mut guest, class, path) = ended("open").await;
    let mut ada = app.user("Ada").await;
    let url = format!("/api/people/{}/name", guest.id);
    assert_eq!(ada.client.delete(&url).await.status, 403);
    // Ada runs the channel that the guest is in.
    ada.join(class).await;
    let hosts = format!("/api/channels/{class}/hosts/{}", ada.id);
    assert_eq!(mei.client.put(&hosts, &Value::Null).await.status, 204);
    // Those who run it are told whose visit is over, and nobody else is.
    let members = format!("/api/channels/{class}/members");
    let told = ada.client.get(&members).await.json()["members"].clone();
    let ended = told.as_array().unwrap().iter().find(|one| one["id"] == guest.id).unwrap();
    assert!(ended["visit_ends_at"].is_string(), "{ended}");
    let mut bea = app.user("Bea").await;
    let told = bea.client.get(&members).await.text();
    assert!(!told.contains("\"visit_ends_at\":\""), "{told}");
    let mut watcher = ada.listen().await;
    let own = format!("/api/people/{}/name", mei.id);
    assert_eq!(ada.client.delete(&own).await.status, 403, "guests only");
    assert_eq!(ada.client.delete("/api/people/999/name").await.status, 403);
    assert_eq!(ada.client.delete(&url).await.status, 204);
    let told = watcher.event("person").await;
    let name = told["user"]["name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("Ka Yan (20") && name.ends_with(')'), "{name}");
    let page = ada.client.get(&format!("/api/channels/{class}/messages")).await.json();
    assert_eq!(page["messages"][0]["author"]["name"], name);

    // The name is free; the browser from before is nobody special any more.
    let mut newcomer = come(&app, &path, "Ka Yan").await;
    assert_ne!(newcomer.id, guest.id);
    assert!(!guest.client.get("/login").await.text().contains("That was it"));
    assert_eq!(guest.client.form(&path, &[("name", "Ka Yan")]).await.status, 409);
    let goes_on = ada.client.delete(&format!("/api/people/{}/name", newcomer.id)).await;
    assert_eq!((goes_on.status, goes_on.code().as_str()), (409, "visit_goes_on"));
    let log = mei.client.get("/api/log").await.text();
    assert!(log.contains("free_name"), "{log}");
    // A second visit of that name on that day gets a number.
    clock.advance_ms(3_601_000);
    assert_eq!(newcomer.client.get("/api/me").await.status, 401);
    let url = format!("/api/people/{}/name", newcomer.id);
    assert_eq!(mei.client.delete(&url).await.status, 204);
}

#[tokio::test]
async fn whoever_became_a_member_stays() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::<ManualClock>::clone(&clock), &[]).await;
    let mut mei = app.owner("Mei", "open").await;
    let class = mei.channel("class").await;
    let body = json!({ "role": "guest", "channels": [class], "visit_minutes": 60 });
    let (path, _) = invite(&mut mei, &body).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    let role = format!("/api/people/{}/role", guest.id);
    assert_eq!(mei.client.put(&role, &json!({ "role": "member" })).await.status, 204);
    clock.advance_ms(7_200_000);
    let me = guest.client.get("/api/me").await;
    assert_eq!(me.status, 200, "a member is not on a visit");
    assert_eq!(me.json()["visit_ends_at"], Value::Null);
}
