//! Keeping order: removing messages, reporting them, and the log.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn a_host_removes_a_message_and_its_author_learns_why() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut cleo = app.user("Cleo").await;
    let tea = ada.channel("tea").await;
    // The first row says so.
    bob.join(tea).await;
    let mut window = bob.listen().await;
    bob.say(tea, "Cheap tickets").await;
    window.event("message").await;
    let at = format!("/api/channels/{tea}/messages/2/removal");
    let grounds = json!({ "reason": "spam", "note": "third time" });
    assert_eq!(cleo.client.post(&at, &grounds).await.code(), "forbidden");
    assert_eq!(bob.client.post(&at, &grounds).await.code(), "forbidden", "not even the author");
    let removed = ada.client.post(&at, &grounds).await.json();
    assert_eq!((&removed["removed"], &removed["text"]), (&json!(true), &json!("")));
    let told = window.event("message").await;
    assert_eq!((&told["type"], &told["message"]), (&json!("deleted"), &removed));
    let why = bob.client.get(&at).await.json();
    assert_eq!((&why["reason"], &why["note"]), (&json!("spam"), &json!("third time")));
    assert_eq!(ada.client.get(&at).await.json(), why);
    assert_eq!(cleo.client.get(&at).await.status, 404, "nobody else");
    let page = cleo.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    assert_eq!(
        page["messages"][1], removed,
        "the tombstone says that it was removed, to everybody"
    );

    // Once more changes nothing, and what its author deleted is not said to be removed.
    assert_eq!(ada.client.post(&at, &grounds).await.json(), removed);
    bob.say(tea, "sorry").await;
    bob.client.delete(&format!("/api/channels/{tea}/messages/3")).await;
    let page = bob.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    assert_eq!(page["messages"][2]["removed"], false);
    let read = bob.client.get(&format!("/api/channels/{tea}")).await.json();
    assert_eq!(read["unread"], 0, "tombstones are never unread");
    let none = ada.client.post(&at.replace("/2/", "/9/"), &grounds).await;
    assert_eq!(none.status, 404, "{}", none.text());
}

#[tokio::test]
async fn a_report_is_dealt_with_once_and_its_copy_goes() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (mut cleo, mut moderator) = (app.user("Cleo").await, app.user("Mo").await);
    let tea = ada.channel("tea").await;
    // The first row says that Bob joined.
    for number in 1..=3 {
        bob.say(tea, &format!("rude {number}")).await;
    }
    let app = app.with_roles(&mut [(&mut moderator, "moderator")]).await;
    for user in [&mut ada, &mut bob, &mut cleo] {
        user.client.address = app.address;
    }
    let report = |number: i64| format!("/api/channels/{tea}/messages/{number}/report");
    let insult = json!({ "reason": "insult", "note": "it is the third" });
    for user in [&mut cleo, &mut ada] {
        for number in [2, 3] {
            assert_eq!(user.client.put(&report(number), &insult).await.status, 204);
        }
    }
    // Once more replaces the one before.
    let other = json!({ "reason": "other" });
    assert_eq!(cleo.client.put(&report(2), &other).await.status, 204);
    assert_eq!(bob.client.put(&report(2), &other).await.status, 404, "one's own");
    assert_eq!(cleo.client.get("/api/message-reports").await.code(), "forbidden");

    // The author's own deletion leaves an open report its copy.
    bob.client.delete(&format!("/api/channels/{tea}/messages/2")).await;
    let open = moderator.client.get("/api/message-reports").await.json();
    let first = &open["messages"][0];
    assert_eq!((&first["text"], &first["channel_name"]), (&json!("rude 1"), &json!("tea")));
    let who: Vec<&Value> =
        first["reports"].as_array().unwrap().iter().map(|r| &r["reason"]).collect();
    assert_eq!(who, [&json!("other"), &json!("insult")]);
    assert_eq!(open["messages"].as_array().unwrap().len(), 2);

    // Left as it is: dealt with once.
    let left = format!("/api/message-reports/{tea}/2");
    assert_eq!(moderator.client.delete(&left).await.status, 204);
    assert_eq!(moderator.client.delete(&left).await.status, 404);
    // Removing the other closes its reports.
    let removal = format!("/api/channels/{tea}/messages/3/removal");
    assert_eq!(moderator.client.post(&removal, &other).await.status, 200);
    let open = moderator.client.get("/api/message-reports").await.json();
    assert_eq!(open["messages"], json!([]));

    let log = moderator.client.get("/api/log").await.json();
    let acts: Vec<_> =
        log["entries"].as_array().unwrap().iter().map(|entry| &entry["act"]).collect();
    assert_eq!(acts, ["remove_message", "leave_reported"], "the newest first");
    let removed = &log["entries"][0];
    let (by, whom) = (json!(moderator.id), json!(bob.id));
    assert_eq!((&removed["by"], &removed["whom"], &removed["channel"]), (&by, &whom, &json!(tea)));
    assert_eq!(removed["address"], "127.0.0.1");
    let mine = moderator.client.get(&format!("/api/log?whom={}", cleo.id)).await.json();
    assert_eq!(mine["entries"], json!([]));
    assert_eq!(ada.client.get("/api/log").await.code(), "forbidden");
}

#[tokio::test]
async fn what_is_private_is_reported_by_the_message_alone() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let mut moderator = app.user("Mo").await;
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob.id] });
    let plans = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    ada.say(plans, "before").await;
    bob.say(plans, "rude").await;
    let app = app.with_roles(&mut [(&mut moderator, "owner")]).await;
    for user in [&mut ada, &mut bob] {
        user.client.address = app.address;
    }
    let grounds = json!({ "reason": "insult" });
    let report = format!("/api/channels/{plans}/messages/2/report");
    assert_eq!(ada.client.put(&report, &grounds).await.status, 204);
    let open = moderator.client.get("/api/message-reports").await.json();
    let message = &open["messages"][0];
    assert_eq!((&message["text"], &message["channel_name"]), (&json!("rude"), &Value::Null));
    let removal = format!("/api/channels/{plans}/messages/2/removal");
    assert_eq!(moderator.client.post(&removal, &grounds).await.status, 404, "they are not in it");
    // Its host removes it, and the log has that for those who are inside alone.
    assert_eq!(ada.client.post(&removal, &grounds).await.status, 200);
    let log = moderator.client.get("/api/log").await.json();
    assert_eq!(log["entries"], json!([]));
    assert_eq!(moderator.client.get("/api/message-reports").await.json()["messages"], json!([]));
}
