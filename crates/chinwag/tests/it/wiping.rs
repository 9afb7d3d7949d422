//! Removing what a person wrote: in the last day, and all that is kept of them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{DEADLINE, TestApp, User};

async fn messages(user: &mut User, channel: i64) -> Vec<Value> {
    let path = format!("/api/channels/{channel}/messages?limit=100");
    let page = user.client.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.json();
    page["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["line"].is_null())
        .cloned()
        .collect()
}

/// Waits until nothing of a person stands in a channel.
async fn until_wiped(reader: &mut User, channel: i64, author: i64) -> Vec<Value> {
    let wiped = async {
        loop {
            let all = messages(reader, channel).await;
            let mut theirs = all.iter().filter(|message| message["author"]["id"] == author);
            if theirs.all(|message| message["text"] == "" && !message["deleted_at"].is_null()) {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wiped).await.expect("it is removed in the end")
}

/// Mei, an owner; Mo, a moderator; Ada; and Bob, who writes in a public and a private channel with Ada, and
/// to Ada alone.
struct Scene {
    app: TestApp,
    mei: User,
    moderator: User,
    ada: User,
    bob: User,
    public: i64,
    private: i64,
    direct: i64,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let (mut mei, mut moderator) = (app.user("Mei").await, app.user("Mo").await);
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let public = ada.channel("tea").await;
    let draft = json!({ "name": "plans", "kind": "private", "people": [bob.id] });
    let private = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let opened = bob.client.post("/api/direct", &json!({ "people": [ada.id] })).await.json();
    let direct = opened["id"].as_i64().unwrap();
    ada.say(public, "of Ada").await;
    for number in 0..3 {
        for channel in [public, private, direct] {
            bob.say(channel, &format!("of Bob {number}")).await;
        }
    }
    let roles = &mut [(&mut mei, "owner"), (&mut moderator, "moderator")];
    let app = app.with_roles(roles).await;
    for user in [&mut ada, &mut bob] {
        user.client.address = app.address;
    }
    Scene { app, mei, moderator, ada, bob, public, private, direct }
}

#[tokio::test]
async fn what_somebody_wrote_in_the_last_day_goes_with_their_account() {
    let Scene { app: _app, mei: _, mut moderator, mut ada, mut bob, public, private, direct } =
        scene().await;
    let written = format!("/api/people/{}/written?last_day=true", bob.id);
    let counted = moderator.client.get(&written).await.json();
    assert_eq!(counted, json!({ "messages": 3, "files": 0 }), "only where the moderator is");
    assert_eq!(ada.client.get(&written).await.code(), "forbidden");
    let mut window = ada.listen().await;

    let path = format!("/api/people/{}/deactivated?remove_last_day=true", bob.id);
    assert_eq!(ada.client.put(&path, &Value::Null).await.code(), "forbidden");
    assert_eq!(moderator.client.put(&path, &Value::Null).await.status, 204);
    for _ in 0..9 {
        let told = window.event("message").await;
        assert_eq!((&told["type"], &told["message"]["removed"]), (&json!("deleted"), &json!(true)));
    }
    for channel in [public, private, direct] {
        let all = until_wiped(&mut ada, channel, bob.id).await;
        let theirs = all.iter().filter(|message| message["author"]["id"] == bob.id);
        assert!(theirs.clone().all(|message| message["removed"] == true), "{all:#?}");
        assert_eq!(theirs.count(), 3, "the tombstones stay");
    }
    let of_ada = &messages(&mut ada, public).await[0];
    assert_eq!(of_ada["text"], "of Ada");
    assert_eq!(bob.client.get("/api/me").await.status, 401);
    let log = moderator.client.get("/api/log").await.json();
    let acts: Vec<_> = log["entries"].as_array().unwrap().iter().map(|e| &e["act"]).collect();
    assert_eq!(acts, ["remove_last_day", "deactivate"]);

    // Whoever comes back writes on, and nothing of that goes.
    let back = format!("/api/people/{}/deactivated", bob.id);
    assert_eq!(moderator.client.delete(&back).await.status, 204);
    let again = bob.client.post("/api/session", &json!({ "name": "Bob" })).await;
    assert_eq!(again.status, 201, "{}", again.text());
    bob.say(public, "sorry").await;
    assert_eq!(messages(&mut ada, public).await.last().unwrap()["text"], "sorry");
}

/// To how many threads somebody stands, by what is kept of it.
fn stands_to(app: &TestApp, user: i64) -> i64 {
    let db = rusqlite::Connection::open(app.data().join("chinwag.db")).unwrap();
    db.query_row("SELECT count(*) FROM follows WHERE user_id = ?1", [user], |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn a_persons_data_goes_and_their_name_with_it() {
    let Scene { app, mut mei, mut moderator, mut ada, mut bob, public, private, direct } =
        scene().await;
    let profile = json!({ "about": "of Bob", "status": { "emoji": "🍵", "text": "of Bob" } });
    assert_eq!(bob.client.put("/api/me/profile", &profile).await.status, 200);
    let report = format!("/api/channels/{public}/messages/1/report");
    let grounds = json!({ "reason": "other", "note": "of Bob" });
    assert_eq!(bob.client.put(&report, &grounds).await.status, 204);
    // Nobody leaves a direct conversation.
    let follow = format!("/api/channels/{direct}/threads/1/follow");
    assert_eq!(bob.client.put(&follow, &Value::Null).await.status, 200);
    assert_eq!(stands_to(&app, bob.id), 1);
    let mut window = ada.listen().await;
    let path = format!("/api/people/{}/data-removal", bob.id);
    let named = json!({ "name": "Bob" });
    for other in [&mut ada, &mut moderator, &mut bob] {
        assert_eq!(other.client.post(&path, &named).await.code(), "forbidden");
    }
    let wrong = mei.client.post(&path, &json!({ "name": "Bop" })).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert_eq!(mei.client.post(&path, &named).await.status, 204);

    let name = format!("Former member {}", bob.id);
    // First the account ends, then the name goes.
    for now in ["Bob", &name] {
        let told = window.event("person").await;
        assert_eq!((&told["user"]["id"], &told["user"]["name"]), (&json!(bob.id), &json!(now)));
    }
    for channel in [public, private, direct] {
        let all = until_wiped(&mut ada, channel, bob.id).await;
        let theirs = all.iter().filter(|message| message["author"]["id"] == bob.id);
        assert!(theirs.clone().all(|m| m["removed"] == false && m["author"]["name"] == name));
        assert_eq!(theirs.count(), 3, "the tombstones stay");
    }
    assert_eq!(bob.client.get("/api/me").await.status, 401);
    let card = ada.client.get(&format!("/api/people/{}", bob.id)).await.json();
    assert_eq!(
        (&card["name"], &card["about"], &card["status"]),
        (&json!(name), &json!(""), &Value::Null)
    );
    let left = async {
        let path = format!("/api/channels/{private}/members");
        while ada.client.get(&path).await.text().contains(&name) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, left).await.expect("they are in no channel any more");

    assert_eq!(stands_to(&app, bob.id), 0, "which threads they followed is nobody's business");

    // Nothing comes back, the name is free, and nobody poses as a former member.
    let back = format!("/api/people/{}/deactivated", bob.id);
    assert_eq!(mei.client.delete(&back).await.code(), "forbidden");
    assert_eq!(mei.client.post(&path, &json!({ "name": name })).await.status, 204, "it is done");
    assert_eq!(app.user("Bob").await.name, "Bob");
    let former = name.to_uppercase();
    for taken in [name.as_str(), &former, "Ｆｏｒｍｅｒ member 99", "前成员 99", "前成员１"]
    {
        let posing = app.browser().post("/api/session", &json!({ "name": taken })).await;
        assert_eq!((posing.status, posing.code().as_str()), (422, "invalid"), "{taken}");
        let posing = ada.client.put("/api/me/name", &json!({ "name": taken })).await;
        assert_eq!((posing.status, posing.code().as_str()), (422, "invalid"), "{taken}");
    }
    let list = mei.client.get("/api/place/people?who=deactivated").await.json();
    assert_eq!(list["people"][0]["data_removed"], true);
    for page in ["/api/log", "/api/message-reports", "/api/place/people?who=deactivated"] {
        let text = mei.client.get(page).await.text();
        assert!(!text.contains("of Bob"), "{page}: {text}");
    }
}

/// The topic that a line says, of the newest line that says one.
async fn told_topic(user: &mut User, channel: i64) -> Value {
    let path = format!("/api/channels/{channel}/messages?limit=100");
    let page = user.client.get(&path).await.json();
    let rows = page["messages"].as_array().unwrap();
    let mut topics = rows.iter().rev().filter(|row| row["line"]["kind"] == "topic");
    topics.next().unwrap()["line"]["to"].clone()
}

#[tokio::test]
async fn the_lines_of_whoever_is_gone_keep_no_words() {
    let Scene { app: _app, mut mei, mut ada, mut bob, public, private, .. } = scene().await;
    for channel in [public, private] {
        let path = format!("/api/channels/{channel}");
        for (user, topic) in [(&mut ada, "words of Ada"), (&mut bob, "words of Bob")] {
            let changed = user.client.patch(&path, &json!({ "topic": topic })).await;
            assert_eq!(changed.status, 200, "{}", changed.text());
        }
        let changed = ada.client.patch(&path, &json!({ "topic": "now of Ada" })).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
    }
    let before =
        ada.client.get(&format!("/api/channels/{public}")).await.json()["revision"].clone();
    let mut window = ada.listen().await;
    let path = format!("/api/people/{}/data-removal", bob.id);
    assert_eq!(mei.client.post(&path, &json!({ "name": "Bob" })).await.status, 204);
    let mut told = Vec::new();
    while told.len() < 2 {
        let message = window.line().await["message"].take();
        if message["line"]["kind"] == "topic" {
            assert_eq!(message["line"]["to"], "…", "whoever looks at it learns of it: {message}");
            told.push(message["number"].clone());
        }
    }
    for channel in [public, private] {
        let gone = async {
            let path = format!("/api/channels/{channel}/messages?limit=100");
            while ada.client.get(&path).await.text().contains("words of Bob") {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(DEADLINE, gone).await.expect("the words go in the end");
        let page = format!("/api/channels/{channel}/messages?limit=100");
        assert!(ada.client.get(&page).await.text().contains("words of Ada"), "others' words stay");
        assert_eq!(told_topic(&mut ada, channel).await, "now of Ada");
    }
    // Whoever has the rows learns of it.
    let since = before.as_i64().unwrap();
    let path = format!("/api/channels/{public}/changes?since={since}&limit=100");
    let changes = ada.client.get(&path).await.json();
    let rows = changes["messages"].as_array().unwrap();
    let changed: Vec<_> = rows.iter().filter(|row| row["line"]["kind"] == "topic").collect();
    assert_eq!(changed.len(), 1, "{changes}");
    assert_eq!(
        (&changed[0]["line"]["to"], &changed[0]["author"]["id"]),
        (&json!("…"), &json!(bob.id))
    );
}

/// A server that dies in the middle goes on when it starts again.
#[tokio::test]
async fn what_has_begun_to_go_goes_on_after_a_restart() {
    let Scene { mut app, mei: _, moderator: _, mut ada, bob, public, .. } = scene().await;
    app.stop().await;
    let db = rusqlite::Connection::open(app.data().join("chinwag.db")).unwrap();
    db.execute(
        "INSERT INTO wipings (user_id, since, until, by) VALUES (?1, 0, ?2, 1)",
        (bob.id, i64::MAX),
    )
    .unwrap();
    db.execute("DELETE FROM sums", []).unwrap();
    drop(db);
    let app = app.restart().await;
    ada.client.address = app.address;
    until_wiped(&mut ada, public, bob.id).await;
}
