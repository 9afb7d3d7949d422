//! Waiting at the door, being let in, and being refused.

use serde_json::{Value, json};

use super::{invite, knock};
use crate::app::{TestApp, User};
use crate::client::Client;

async fn waiting(mei: &mut Client) -> Vec<Value> {
    mei.get("/api/waiting").await.json()["waiting"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_name_waits_sees_nothing_and_comes_in_by_itself() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "approval").await;
    let mut ada = app.browser();
    let body = json!({ "name": "Ada", "says": "It is me" });
    let asked = ada.post("/api/session", &body).await;
    assert_eq!((asked.status, &asked.json()["state"]), (202, &json!("waits")));
    let page = ada.get("/waiting").await;
    assert!(page.text().contains("http-equiv=\"refresh\""), "it asks again without script");
    assert_eq!(ada.get("/api/door").await.json()["state"], "waits");
    for path in ["/api/me", "/api/channels", "/api/waiting"] {
        assert_eq!(ada.get(path).await.status, 401, "{path}");
    }
    // The name is held at the door.
    assert_eq!(knock(&mut app.browser(), "ada").await, (409, "name_taken".to_owned()));
    let one = waiting(&mut mei.client).await;
    assert_eq!((&one[0]["name"], &one[0]["says"]), (&json!("Ada"), &json!("It is me")));
    let id = &one[0]["id"];
    let mut member = app.browser();
    member.post("/api/session", &json!({ "name": "Bob" })).await;
    assert_eq!(waiting(&mut mei.client).await.len(), 2);
    let url = format!("/api/waiting/{id}");
    assert_eq!(member.put(&url, &Value::Null).await.status, 401, "who waits lets nobody in");
    assert_eq!(mei.client.put(&url, &Value::Null).await.status, 204);
    assert_eq!(mei.client.put(&url, &Value::Null).await.status, 404, "once");
    assert_eq!(ada.get("/api/door").await.json()["state"], "let_in");
    let entered = ada.get("/waiting").await;
    assert_eq!((entered.status, entered.header("location")), (303, "/"));
    assert_eq!(ada.get("/api/me").await.json()["name"], "Ada");
    assert_eq!(ada.get("/api/waiting").await.status, 403, "members do not see who waits");
    // Another browser with the same words gets nothing.
    assert_eq!(app.browser().get("/api/door").await.json()["state"], "gone");
}

#[tokio::test]
async fn a_name_is_refused_changed_and_marked_when_it_is_one_sign_away() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Ada Okafor", "approval").await;
    let mut other = app.browser();
    assert_eq!(knock(&mut other, "Ada Okafar").await.0, 202);
    let one = waiting(&mut mei.client).await;
    assert_eq!(one[0]["resembles"], json!({ "name": "Ada Okafor", "in_charge": true }));
    // Asking again with another name replaces the first.
    assert_eq!(knock(&mut other, "batman").await.0, 202);
    let one = waiting(&mut mei.client).await;
    assert_eq!((one.len(), &one[0]["name"]), (1, &json!("batman")));
    let url = format!("/api/waiting/{}", one[0]["id"]);
    assert_eq!(mei.client.delete(&url).await.status, 204);
    let page = other.get("/waiting").await;
    assert!(page.text().contains("did not let “batman” in"), "{}", page.text());
    let left = other.form("/waiting", &[("then", "leave")]).await;
    assert_eq!(left.header("location"), "/login");
    assert_eq!(waiting(&mut mei.client).await.len(), 0);
    let log = mei.client.get("/api/waiting").await.json();
    assert_eq!(log["total"], 0);
}

#[tokio::test]
async fn whoever_comes_by_an_invite_with_approval_waits_and_lands_where_it_leads() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "invite").await;
    let class = mei.channel("class").await;
    let body = json!({ "role": "guest", "channels": [class], "door": "approval", "label": "3B" });
    let (path, _) = invite(&mut mei, &body).await;
    let mut guest = app.browser();
    let asked = guest.form(&path, &[("name", "Ka Yan"), ("says", "hello")]).await;
    assert_eq!((asked.status, asked.header("location")), (303, "/waiting"));
    let page = guest.get("/waiting").await;
    assert!(page.text().contains("Mei will let you in"), "{}", page.text());
    let one = waiting(&mut mei.client).await;
    assert_eq!(one[0]["invite"], "3B");
    let again = guest.form("/waiting", &[("then", "again")]).await;
    assert_eq!(again.header("location"), path, "to choose another name");
    guest.form(&path, &[("name", "Ka Yan W")]).await;
    let one = waiting(&mut mei.client).await;
    let url = format!("/api/waiting/{}", one[0]["id"]);
    assert_eq!(mei.client.put(&url, &Value::Null).await.status, 204);
    assert_eq!(guest.get("/waiting").await.header("location"), "/");
    let me = guest.get("/api/me").await.json();
    assert_eq!((&me["role"], &me["last_channel"]), (&json!("guest"), &json!(class)));
}

#[tokio::test]
async fn what_an_invite_into_a_private_place_is_for_is_told_to_whoever_sees_the_place() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    let draft = json!({ "name": "plans", "kind": "private" });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let tea = ada.channel("tea").await;
    let both = json!([tea, plans]);
    for (channels, label, name) in [
        (json!([plans]), "merger", "Jamie"),
        (both, "layoffs", "Kim"),
        (json!([tea]), "tea", "Lee"),
    ] {
        let body = json!({
            "role": "guest", "channels": channels, "door": "approval", "label": label,
        });
        let (path, _) = invite(&mut ada, &body).await;
        let asked = app.browser().form(&path, &[("name", name)]).await;
        assert_eq!(asked.header("location"), "/waiting", "{}", asked.text());
    }
    let told = async |user: &mut User| {
        let waiting = user.client.get("/api/waiting").await.json();
        let rows = waiting["waiting"].as_array().unwrap().iter();
        rows.map(|one| one["invite"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut mei).await, ["", "", "tea"], "an owner is in no private place by that");
    let added = json!({ "people": [mei.id] });
    let path = format!("/api/channels/{plans}/members");
    assert_eq!(ada.client.post(&path, &added).await.status, 204);
    assert_eq!(told(&mut mei).await, ["merger", "layoffs", "tea"]);
}
