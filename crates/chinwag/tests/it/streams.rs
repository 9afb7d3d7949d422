//! The streams on the wire: topics, one's own, the place's; who sends; and one installation's id.

use std::path::Path;

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::socket::Socket;

async fn changes(user: &mut User, path: &str, since: i64) -> Value {
    user.client.get(&format!("{path}?since={since}")).await.json()
}

#[tokio::test]
async fn a_topic_is_a_change_of_its_channel_and_of_the_directory() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    ada.say(channel, "one").await;
    let mut outside = grace.listen().await;
    let path = format!("/api/channels/{channel}");
    let answer = ada.client.patch(&path, &json!({ "topic": "new" })).await.json();
    assert_eq!((&answer["topic"], &answer["revision"]), (&json!("new"), &json!(2)));
    assert!(answer["member"].is_null(), "what everybody sees says nothing of a membership");
    let heard = outside.event("channel").await;
    assert_eq!(heard["channel"], answer);
    assert_eq!((&heard["channel_since"], &heard["type"]), (&json!(1), &json!("changed")));
    let (since, revision) = (heard["since"].as_i64().unwrap(), heard["revision"].as_i64().unwrap());
    assert_eq!(revision, since + 1);
    let missed = changes(&mut grace, "/api/place/changes", since).await;
    let listed = &missed["channels"][0];
    assert_eq!((&listed["topic"], &missed["revision"]), (&json!("new"), &json!(revision)));
    let missed = changes(&mut ada, &format!("{path}/changes"), 1).await;
    assert_eq!(
        (&missed["info"]["topic"], &missed["info"]["member"]),
        (&json!("new"), &json!(true))
    );
    let (line, whole) = (&missed["messages"][0]["line"], &missed["complete"]);
    assert_eq!((&line["kind"], &line["to"], whole), (&json!("topic"), &json!("new"), &json!(true)));
    assert_eq!(missed["messages"].as_array().unwrap().len(), 1, "the line that says so alone");
}

/// Whatever somebody does in one window, another hears in the order of their own revisions, and
/// whoever hears nothing finds it in the changes.
#[tokio::test]
async fn every_change_of_ones_own_is_heard_and_can_be_asked_for() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let other = ada.channel("other").await;
    let mut window = Socket::open(&grace.client).await;
    window.connect("/app", None).await.unwrap();
    let heads = window.event("heads").await;
    let began = heads["own"].as_i64().unwrap();
    let state = grace.client.get("/api/state").await.json();
    for name in ["instance", "epoch", "own", "place"] {
        assert_eq!(heads[name], state[name], "{name}");
    }

    grace.join(channel).await;
    ada.say(channel, "unread").await;
    grace.client.put(&format!("/api/channels/{channel}/read"), &json!({ "number": 2 })).await;
    let down = json!({ "number": 0, "kind": "mark" });
    let down = grace.client.put(&format!("/api/channels/{channel}/read"), &down).await.json();
    assert_eq!((&down["number"], &down["unread"]), (&json!(0), &json!(1)));
    grace.client.patch("/api/me/settings", &json!({ "theme": "dark" })).await;
    grace.join(other).await;
    grace.client.delete(&format!("/api/channels/{other}/membership")).await;

    window.connect("/", None).await.unwrap();
    let heard = window.settled().await;
    let own: Vec<(&str, i64, i64)> = heard
        .iter()
        .filter(|(name, _)| ["membership", "read", "user"].contains(&name.as_str()))
        .map(|(name, event)| {
            (name.as_str(), event["since"].as_i64().unwrap(), event["revision"].as_i64().unwrap())
        })
        .collect();
    let names = ["membership", "read", "read", "user", "membership", "membership"];
    let expected: Vec<_> =
        names.iter().zip(began..).map(|(name, since)| (*name, since, since + 1)).collect();
    assert_eq!(own, expected);

    let missed = changes(&mut grace, "/api/me/changes", began).await;
    assert_eq!(missed["me"]["settings"]["theme"], "dark");
    let rows: Vec<_> = missed["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].as_i64().unwrap(), row["member"].clone(), row["unread"].clone()))
        .collect();
    assert_eq!(rows, [(channel, json!(true), json!(1)), (other, json!(false), json!(0))]);
    assert_eq!(missed["revision"], own.last().unwrap().2);
}

#[tokio::test]
async fn what_all_unread_messages_deleted_leaves_is_nothing_unread() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let path = format!("/api/channels/{channel}");
    for n in 1..=3 {
        ada.say(channel, "x").await;
        let unread = grace.client.get(&path).await.json()["unread"].clone();
        assert_eq!(unread, n);
    }
    let mut window = grace.listen().await;
    for n in 1..=3 {
        // The first row says that Grace joined.
        ada.client.delete(&format!("{path}/messages/{}", n + 1)).await;
        let heard = window.event("message").await;
        assert_eq!(heard["last_message"].is_null(), n == 3, "{heard}");
        assert!(heard.as_object().unwrap().contains_key("last_message"));
    }
    let view = grace.client.get(&path).await.json();
    assert_eq!((&view["unread"], &view["last_message"]), (&json!(0), &Value::Null));
    let page = grace.client.get("/channels").await.text();
    assert!(!page.contains("is-unread"), "{page}");
}

#[tokio::test]
async fn what_was_written_as_another_or_for_other_data_is_refused() {
    let app = TestApp::start().await;
    let (mut ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let state = ada.client.get("/api/state").await.json();
    let (instance, epoch) = (state["instance"].clone(), state["epoch"].clone());
    let draft = |user: i64, instance: &Value, epoch: &Value| json!({ "text": "x", "sender": { "user": user, "instance": instance, "epoch": epoch } });
    let other = json!("0".repeat(32));
    for (body, code) in [
        (draft(grace.id, &instance, &epoch), "other_sender"),
        (draft(ada.id, &other, &epoch), "other_instance"),
        (draft(ada.id, &instance, &other), "other_instance"),
    ] {
        let reply = ada.post(channel, &body).await;
        assert_eq!((reply.status, reply.code()), (409, code.to_owned()));
    }
    assert_eq!(ada.post(channel, &draft(ada.id, &instance, &epoch)).await.status, 201);
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(1));
}

/// The same for everything else that waited in a browser: it goes out with the cookie of whoever signed in last.
#[tokio::test]
async fn what_was_wanted_as_another_or_for_other_data_is_refused() {
    let app = TestApp::start().await;
    let (mut ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let message =
        format!("/api/channels/{channel}/messages/{}", ada.say(channel, "x").await["number"]);
    let state = ada.client.get("/api/state").await.json();
    let [instance, epoch] = ["instance", "epoch"].map(|name| state[name].as_str().unwrap());
    let (path, other) = (format!("{message}/reactions/%F0%9F%91%8D"), "0".repeat(32));
    for (sender, status, code) in [
        (format!("{} {instance} {epoch}", grace.id), 409, "other_sender"),
        (format!("{} {other} {epoch}", ada.id), 409, "other_instance"),
        (format!("{} {instance} {other}", ada.id), 409, "other_instance"),
        ("Ada".to_owned(), 422, "invalid"),
    ] {
        ada.client.headers = vec![("chinwag-sender", sender)];
        let pinned = ada.client.put(&format!("{message}/pin"), &Value::Null).await;
        for reply in [ada.client.put(&path, &Value::Null).await, pinned] {
            assert_eq!((reply.status, reply.code()), (status, code.to_owned()));
        }
    }
    ada.client.headers = vec![("chinwag-sender", format!("{} {instance} {epoch}", ada.id))];
    let reply = ada.client.put(&path, &Value::Null).await;
    assert_eq!((reply.status, reply.json()["pin"].clone()), (200, Value::Null), "{}", reply.text());
}

/// The same for a plain page that was left open while somebody else signed in in the same browser.
#[tokio::test]
async fn what_was_written_on_the_page_of_another_is_refused() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let page = ada.client.get("/channel/general").await.text();
    let sender = page.split("name=\"sender\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let other_epoch = format!("{} {}", sender.rsplit_once(' ').unwrap().0, "0".repeat(32));
    for (field, status) in [(sender, 409), (&other_epoch, 409), ("x", 422), ("1 2", 422)] {
        let sent = grace.client.form("/channel/general", &[("msg", "x"), ("sender", field)]).await;
        assert_eq!(sent.status, status, "{field}");
    }
    let sent = ada.client.form("/channel/general", &[("msg", "x"), ("sender", &other_epoch)]).await;
    assert_eq!(sent.status, 409, "{}", sent.text());
    let sent = ada.client.form("/channel/general", &[("msg", "x"), ("sender", sender)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let page = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(1));
}

async fn instance(app: &TestApp) -> (String, String) {
    let state = app.browser().get("/api/state").await.json();
    let text = |name: &str| state[name].as_str().unwrap().to_owned();
    (text("instance"), text("epoch"))
}

/// An earlier copy of the database that somebody puts back by hand is another state of the data.
#[tokio::test]
async fn the_epoch_is_new_when_the_data_goes_back() {
    let mut app = TestApp::start().await;
    let data = app.data();
    let database = data.join("chinwag.db");
    let (id, epoch) = instance(&app).await;
    app.user("Ada").await.channel("general").await;
    app.stop().await;
    let earlier = std::fs::read(&database).unwrap();
    let mut app = app.restart().await;
    assert_eq!(instance(&app).await, (id.clone(), epoch.clone()), "a restart changes nothing");
    app.user("Grace").await;
    app.stop().await;
    std::fs::write(&database, earlier).unwrap();
    let mut app = app.restart().await;
    let (same, second) = instance(&app).await;
    assert_eq!(same, id);
    assert_ne!(second, epoch);
    app.stop().await;
    chinwag::store::sqlite::renew(&data, true).unwrap();
    let app = app.restart().await;
    let (same, third) = instance(&app).await;
    assert_eq!(same, id);
    assert!(third != second && third != epoch, "every restore makes a new one");
}

/// Makes Ada a member of that many more channels.
fn fill(data: &Path, channels: i64) {
    let db = rusqlite::Connection::open(data.join("chinwag.db")).unwrap();
    db.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {channels})
         INSERT INTO channels (name, name_key, topic, created_at, created_by, member_count)
         SELECT 'c' || i, 'c' || i, '', 0, 1, 1 FROM n;
         INSERT INTO members (channel_id, user_id, joined_at)
         SELECT id, 1, 0 FROM channels WHERE name LIKE 'c%';
         DELETE FROM sums;
         COMMIT;"
    ))
    .unwrap();
    db.close().unwrap();
}

/// A folder of a version that had no bound, with more channels than a socket may have rooms.
#[tokio::test]
async fn too_many_channels_close_no_connection() {
    let mut app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let grown = grace.channel("one more").await;
    app.stop().await;
    fill(&app.data(), 4_500);
    let app = app.restart().await;
    ada.client.address = app.address;
    grace.client.address = app.address;
    let mut window = ada.listen().await;
    let newest = 4_501;
    ada.say(newest, "heard").await;
    assert_eq!(window.event("message").await["message"]["text"], "heard");
    let refused = ada.client.put(&format!("/api/channels/{grown}/membership"), &Value::Null).await;
    assert_eq!((refused.status, refused.code()), (409, "too_many_of".to_owned()));
    let refused = ada.post(grown, &json!({ "text": "x" })).await;
    assert_eq!(refused.code(), "too_many_of");
    // The list comes in answers of about a megabyte, and all of it.
    let (mut after, mut ids, mut answers) = (0, Vec::new(), 0);
    loop {
        let page = ada.client.get(&format!("/api/channels?after={after}")).await;
        assert!(page.body.len() < 2 * 1024 * 1024);
        let page = page.json();
        ids.extend(page["channels"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        after = ids.last().unwrap().as_i64().unwrap();
        answers += 1;
        if page["complete"] == true {
            break;
        }
    }
    // Ada is not in the first one.
    assert_eq!((ids.len(), answers > 1), (4_500, true));
}

/// Leaving and joining again while a socket comes in must not leave it deaf for the channel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_again_while_connecting_hears_the_channel() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    for round in 0..60 {
        let mut toggling =
            User { client: grace.client.clone(), id: grace.id, name: "Grace".into() };
        let toggle = tokio::spawn(async move {
            for _ in 0..3 {
                let path = format!("/api/channels/{channel}/membership");
                toggling.client.delete(&path).await;
                toggling.join(channel).await;
            }
        });
        let mut windows = Vec::new();
        for _ in 0..4 {
            windows.push(grace.listen().await);
        }
        toggle.await.unwrap();
        let text = format!("round {round}");
        ada.say(channel, &text).await;
        for mut window in windows {
            while window.event("message").await["message"]["text"] != text.as_str() {}
        }
    }
}

/// Whoever leaves while a socket comes in hears nothing of the channel afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_while_connecting_hears_the_channel_no_more() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let (channel, sign) = (ada.channel("general").await, ada.channel("a sign").await);
    grace.join(sign).await;
    for round in 0..60 {
        grace.join(channel).await;
        let mut leaving = grace.client.clone();
        let leave = tokio::spawn(async move {
            let path = format!("/api/channels/{channel}/membership");
            assert_eq!(leaving.delete(&path).await.status, 204);
        });
        let mut windows = Vec::new();
        for _ in 0..4 {
            windows.push(grace.listen().await);
        }
        leave.await.unwrap();
        ada.say(channel, "not for her").await;
        let text = format!("round {round}");
        ada.say(sign, &text).await;
        for window in &mut windows {
            let heard = window.event("message").await["message"]["text"].clone();
            assert_eq!(heard, text.as_str(), "what she may not hear");
        }
    }
}
