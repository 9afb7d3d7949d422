//! Who hears of the door: those who let in, how many wait; and who waits, that they were answered.

use serde_json::{Value, json};

use super::{invite, knock};
use crate::app::TestApp;
use crate::socket::Socket;

async fn first_waiting(mei: &mut crate::app::User) -> Value {
    mei.client.get("/api/waiting").await.json()["waiting"][0]["id"].clone()
}

#[tokio::test]
async fn who_waits_hears_that_they_were_let_in_or_refused_and_nothing_else() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "approval").await;
    for is_let_in in [true, false] {
        let name = if is_let_in { "Ada" } else { "Batman" };
        let mut phone = app.browser();
        assert_eq!(knock(&mut phone, name).await.0, 202);
        let mut other = app.browser();
        assert_eq!(knock(&mut other, &format!("Other {name}")).await.0, 202);
        let mut line = Socket::open(&phone).await;
        line.connect("/door", None).await.expect("they may hear of their name");
        let mut others = Socket::open(&other).await;
        others.connect("/door", None).await.unwrap();
        for namespace in ["/app", "/"] {
            assert!(line.connect(namespace, None).await.is_err(), "{namespace}");
        }
        let url = format!("/api/waiting/{}", first_waiting(&mut mei).await);
        let answered = match is_let_in {
            true => mei.client.put(&url, &Value::Null).await,
            false => mei.client.delete(&url).await,
        };
        assert_eq!(answered.status, 204);
        assert_eq!(line.event("door").await, Value::Null, "it says no more than that");
        let state = phone.get("/api/door").await.json()["state"].clone();
        assert_eq!(state, if is_let_in { "let_in" } else { "refused" });
        // A browser that comes too late to hear it is told at once.
        let mut late = Socket::open(&phone).await;
        late.connect("/door", None).await.unwrap();
        assert_eq!(late.event("door").await, Value::Null);
        // The other one still waits, and is told when it is its turn.
        let url = format!("/api/waiting/{}", first_waiting(&mut mei).await);
        assert_eq!(mei.client.delete(&url).await.status, 204);
        assert_eq!(others.event("door").await, Value::Null);
    }
}

#[tokio::test]
async fn the_door_is_for_browsers_that_wait_and_for_few_tabs_of_each() {
    let app = TestApp::start().await;
    let _mei = app.owner("Mei", "approval").await;
    let mut stranger = Socket::open(&app.browser()).await;
    let refused = stranger.connect("/door", None).await.unwrap_err();
    assert_eq!(refused["message"], "not_waiting");
    let mut phone = app.browser();
    knock(&mut phone, "Ada").await;
    let mut lines = Vec::new();
    for _ in 0..4 {
        let mut line = Socket::open(&phone).await;
        line.connect("/door", None).await.unwrap();
        lines.push(line);
    }
    let mut one_more = Socket::open(&phone).await;
    assert_eq!(one_more.connect("/door", None).await.unwrap_err()["message"], "too_many");
    // The page has a script that listens, and asks again by itself where it has none.
    let page = phone.get("/waiting").await.text();
    assert!(page.contains("http-equiv=\"refresh\""), "{page}");
}

#[tokio::test]
async fn those_who_let_in_hear_how_many_wait_and_nobody_else_does() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Ada").await;
    let class = mei.channel("class").await;
    let (path, _) = invite(&mut mei, &json!({ "role": "guest", "channels": [class] })).await;
    let guest = super::come(&app, &path, "Guest").await;
    mei.client.patch("/api/place", &json!({ "way_in": "approval" })).await;
    assert_eq!(knock(&mut app.browser(), "One").await.0, 202);

    let mut keeper = Socket::open(&mei.client).await;
    keeper.connect("/app", None).await.unwrap();
    assert_eq!(keeper.event("heads").await["waiting"], 1, "the handshake says it");
    let (mut member, mut visitor) = (Socket::open(&ada.client).await, guest.listen().await);
    member.connect("/app", None).await.unwrap();
    assert_eq!(member.event("heads").await.get("waiting"), None);
    let mut two = app.browser();
    knock(&mut two, "Two").await;
    assert_eq!(keeper.event("waiting").await, json!({ "total": 2 }));
    two.form("/waiting", &[("then", "leave")]).await;
    assert_eq!(keeper.event("waiting").await, json!({ "total": 1 }));
    let url = format!("/api/waiting/{}", first_waiting(&mut mei).await);
    mei.client.delete(&url).await;
    assert_eq!(keeper.event("waiting").await, json!({ "total": 0 }));

    // Ada becomes a moderator: a role in charge begins with the password, and so does hearing.
    let role = format!("/api/people/{}/role", ada.id);
    assert_eq!(mei.client.put(&role, &json!({ "role": "moderator" })).await.status, 204);
    knock(&mut app.browser(), "Three").await;
    keeper.event("waiting").await;
    let set = json!({ "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &set).await.status, 204);
    // What they hear by their role begins with another connection.
    member.ended("/app").await;
    let mut member = Socket::open(&ada.client).await;
    member.connect("/app", None).await.unwrap();
    assert_eq!(member.event("heads").await["waiting"], 1, "the first that they hear");
    // And she is none any more.
    assert_eq!(mei.client.put(&role, &json!({ "role": "member" })).await.status, 204);
    member.ended("/app").await;
    let mut member = Socket::open(&ada.client).await;
    member.connect("/app", None).await.unwrap();
    assert_eq!(member.event("heads").await.get("waiting"), None);
    knock(&mut app.browser(), "Four").await;
    keeper.event("waiting").await;
    mei.say(class, "done").await;
    visitor.event("message").await;
    ada.join(class).await;
    mei.say(class, "really").await;
    member.event("membership").await;
    member.event("message").await;
    assert!(!member.has("waiting"), "nothing of the fourth");
    assert!(!visitor.has("waiting") && !visitor.has("invite"));
}
