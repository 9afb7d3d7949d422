//! What those who run a channel do, as others see it.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Reply;

async fn change(user: &mut User, channel: i64, patch: Value) -> Reply {
    user.client.patch(&format!("/api/channels/{channel}"), &patch).await
}

async fn make(user: &mut User, draft: Value) -> i64 {
    let reply = user.client.post("/api/channels", &draft).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()["id"].as_i64().unwrap()
}

async fn view(user: &mut User, channel: i64) -> Reply {
    user.client.get(&format!("/api/channels/{channel}")).await
}

#[tokio::test]
async fn whoever_is_taken_out_hears_nothing_more() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let draft = json!({ "name": "team", "kind": "private", "people": [grace.id] });
    let team = make(&mut ada, draft).await;
    let mut windows = [grace.listen().await, grace.listen().await];
    ada.say(team, "for both").await;
    for window in &mut windows {
        assert_eq!(window.event("message").await["message"]["text"], "for both");
    }
    let out = ada.client.delete(&format!("/api/channels/{team}/members/{}", grace.id)).await;
    assert_eq!(out.status, 204, "{}", out.text());
    ada.say(team, "a secret").await;
    change(&mut ada, team, json!({ "topic": "another secret" })).await;
    // An event that Grace does hear, sent after those that must not reach her.
    ada.channel("a sign").await;
    for window in &mut windows {
        assert_eq!(window.event("lost").await["channel"], team);
        window.event("channel").await;
        window.connect("/", None).await.unwrap();
        let heard = window.settled().await;
        let told = serde_json::to_string(&heard).unwrap();
        assert!(!told.contains("secret"), "{told}");
    }
    assert_eq!(view(&mut grace, team).await.status, 404);
    let changes = grace.client.get("/api/me/changes?since=0").await.json();
    assert_eq!(changes["lost"], json!([team]));
    let people = json!({ "people": [grace.id] });
    let again = ada.client.post(&format!("/api/channels/{team}/members"), &people).await;
    assert_eq!(again.status, 204);
    assert_eq!(windows[0].event("membership").await["channel"]["name"], "team");
    ada.say(team, "back again").await;
    assert_eq!(windows[0].event("message").await["message"]["text"], "back again");
}

#[tokio::test]
async fn what_becomes_private_ends_for_whoever_only_looked() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let tea = ada.channel("tea").await;
    let mut window = grace.listen().await;
    let mut classic = grace.listen_classic().await;
    window.ask("/app", "preview", json!({ "channel": tea })).await;
    ada.say(tea, "in public").await;
    window.event("message").await;
    classic.event("emit msg").await;
    let told = change(&mut ada, tea, json!({ "kind": "private" })).await;
    assert_eq!(told.status, 200, "{}", told.text());
    ada.say(tea, "a secret").await;
    let sign = ada.channel("a sign").await;
    ada.say(sign, "a sign").await;
    assert_eq!(window.event("delisted").await["channel"], tea);
    window.event("channel").await;
    assert_eq!(classic.event("emit msg").await["msg"], "a%20sign");
    window.connect("/", None).await.unwrap();
    let heard = serde_json::to_string(&window.settled().await).unwrap();
    assert!(!heard.contains("secret"), "{heard}");
    for address in [format!("/c/{tea}"), "/channel/tea".to_owned()] {
        assert_eq!(grace.client.get(&address).await.status, 404, "{address}");
    }
    let page = ada.client.get(&format!("/c/{tea}")).await;
    assert!(page.text().contains("a secret"), "its members read it there");
    assert!(page.text().contains(&format!("action=\"/c/{tea}\"")), "and write there");
    assert_eq!(ada.client.get("/").await.header("location"), format!("/c/{tea}"));
    // Public again, under a name that is free.
    grace.channel("tea").await;
    let taken = change(&mut ada, tea, json!({ "kind": "public" })).await;
    assert_eq!((taken.status, taken.code()), (409, "channel_exists".into()));
    let back = change(&mut ada, tea, json!({ "kind": "public", "name": "green tea" })).await;
    assert_eq!(back.status, 200, "{}", back.text());
    assert_eq!(window.event("channel").await["channel"]["name"], "tea");
    assert_eq!(window.event("channel").await["channel"]["name"], "green tea");
    let moved = ada.client.get(&format!("/c/{tea}/1")).await;
    assert_eq!((moved.status, moved.header("location")), (303, "/channel/green%20tea/1"));
}

#[tokio::test]
async fn an_old_name_leads_on_at_every_door() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    ada.say(tea, "hello").await;
    assert_eq!(change(&mut ada, tea, json!({ "name": "coffee" })).await.status, 200);
    let page = ada.client.get("/channel/tea").await;
    assert_eq!((page.status, page.header("location")), (303, "/channel/coffee"));
    let state = ada.client.get("/api/state?channel=tea").await.json();
    assert_eq!(state["page"]["channel"], tea);
    let sent = ada.client.form("/channel/tea", &[("msg", "by the old address")]).await;
    assert_eq!(sent.status, 303);
    let mut classic = ada.listen_classic().await;
    ada.say(tea, "by the new name").await;
    assert_eq!(classic.event("emit msg").await["channel"], "coffee");
}

#[tokio::test]
async fn a_reason_is_told_to_whoever_may_not_write() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let tea = ada.channel("tea").await;
    grace.join(tea).await;
    let mut window = grace.listen().await;
    for (patch, back, code) in [
        (json!({ "locked": true }), json!({ "locked": false }), "locked"),
        (json!({ "all_muted": true }), json!({ "all_muted": false }), "all_muted"),
        (json!({ "posting": "hosts" }), json!({ "posting": "everybody" }), "hosts_write"),
        (json!({ "archived": true }), json!({ "archived": false }), "archived"),
    ] {
        assert_eq!(change(&mut grace, tea, patch.clone()).await.status, 403, "{patch}");
        assert_eq!(change(&mut ada, tea, patch.clone()).await.status, 200, "{patch}");
        window.event("channel").await;
        let refused = grace.post(tea, &json!({ "text": "x" })).await;
        assert_eq!((refused.status, refused.code()), (403, code.into()));
        assert_eq!(change(&mut ada, tea, back).await.status, 200);
        window.event("channel").await;
        grace.say(tea, "open again").await;
    }
    let mute = format!("/api/channels/{tea}/mutes/{}", grace.id);
    assert_eq!(ada.client.put(&mute, &json!({ "minutes": 10 })).await.status, 204);
    let told = window.event("membership").await;
    assert!(told["channel"]["muted_until"].is_string(), "{told}");
    let refused = grace.post(tea, &json!({ "text": "x" })).await;
    assert_eq!((refused.status, refused.code()), (403, "muted".into()));
    assert_eq!(ada.client.delete(&mute).await.status, 204);
    grace.say(tea, "and back").await;
    assert_eq!(ada.client.put(&mute, &json!({ "minutes": 0 })).await.status, 422);

    assert_eq!(change(&mut ada, tea, json!({ "slow_s": 30 })).await.status, 200);
    grace.say(tea, "one").await;
    let slow = grace.post(tea, &json!({ "text": "two" })).await;
    assert_eq!((slow.status, slow.code()), (429, "slow".into()));
    assert!(slow.header("retry-after").parse::<u32>().is_ok_and(|wait| wait <= 30));
    ada.say(tea, "hosts").await;
    ada.say(tea, "are exempt").await;
    let too_slow = change(&mut ada, tea, json!({ "slow_s": 3_601 })).await;
    assert_eq!(too_slow.status, 422);
}

#[tokio::test]
async fn of_a_deleted_channel_nothing_is_left_on_the_disk() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let tea = ada.channel("tea").await;
    let png = crate::picture_files::photo(64, 64);
    let file = ada.client.send(hyper::Method::POST, "/api/uploads?name=x.png", "", png).await;
    let file = file.json()["id"].as_str().unwrap().to_owned();
    let body = json!({ "text": "a canary that sings", "attachments": [file] });
    assert_eq!(ada.post(tea, &body).await.status, 201);
    grace.join(tea).await;
    let mut window = grace.listen().await;
    assert!(!named(&app.data().join("files"), &file).is_empty(), "there is a file to remove");
    assert_eq!(grace.client.delete(&format!("/api/channels/{tea}")).await.status, 403);
    assert_eq!(ada.client.delete(&format!("/api/channels/{tea}")).await.status, 204);
    assert_eq!(window.event("lost").await["channel"], tea);
    for path in [
        format!("/api/channels/{tea}"),
        format!("/api/channels/{tea}/messages"),
        format!("/thumbnails/{file}"),
        "/channel/tea".to_owned(),
    ] {
        assert_eq!(ada.client.get(&path).await.status, 404, "{path}");
    }
    let files = app.data().join("files");
    for _ in 0..600 {
        if named(&files, &file).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(
        named(&files, &file),
        Vec::<std::path::PathBuf>::new(),
        "file and thumbnail are gone"
    );
    // A restart copies the log back.
    let app = app.restart().await;
    for entry in std::fs::read_dir(app.data()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let canary = b"a canary that sings";
            assert!(!bytes.windows(canary.len()).any(|part| part == canary), "{}", path.display());
        }
    }
}

/// The files of an upload in a folder and in its folders.
fn named(folder: &std::path::Path, id: &str) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let found = paths.flat_map(|path| if path.is_dir() { named(&path, id) } else { vec![path] });
    found.filter(|path| path.to_string_lossy().contains(id)).collect()
}

#[tokio::test]
async fn newcomers_find_the_channels_for_them() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let tea = ada.channel("tea").await;
    let refused = change(&mut ada, tea, json!({ "newcomers": true })).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "forbidden"), "a host alone");
    let app = app.with_roles(&mut [(&mut ada, "moderator")]).await;
    assert_eq!(change(&mut ada, tea, json!({ "newcomers": true })).await.status, 200);
    let mut grace = app.user("Grace").await;
    assert_eq!(view(&mut grace, tea).await.json()["member"], true);
}

#[tokio::test]
async fn a_guest_hears_at_once_what_changes_where_they_are() {
    let app = TestApp::start().await;
    let (mut ada, mut guest) = (app.user("Ada").await, app.user("Guest").await);
    let (tea, milk) = (ada.channel("tea").await, ada.channel("milk").await);
    let people = json!({ "people": [guest.id] });
    let added = ada.client.post(&format!("/api/channels/{tea}/members"), &people).await;
    assert_eq!(added.status, 204, "{}", added.text());
    let app = app.with_roles(&mut [(&mut guest, "guest")]).await;
    ada.client.address = app.address;
    let (mut window, mut host) = (guest.listen().await, ada.listen().await);
    assert_eq!(change(&mut ada, milk, json!({ "topic": "not theirs" })).await.status, 200);
    assert_eq!(change(&mut ada, tea, json!({ "locked": true })).await.status, 200);
    let heard = window.event("channel").await;
    assert_eq!((&heard["channel"]["id"], &heard["channel"]["locked"]), (&json!(tea), &json!(true)));
    assert_eq!(heard["channel_since"], 1, "after the line that says that they were added");
    assert!(heard.get("since").is_none(), "nothing of the place's stream: {heard}");
    assert_eq!(change(&mut ada, tea, json!({ "locked": false })).await.status, 200);
    assert_eq!(window.event("channel").await["channel"]["locked"], false, "once each");
    for topic in ["not theirs", "", ""] {
        let told = host.event("channel").await;
        assert_eq!(told["channel"]["topic"], topic, "members hear each once");
        assert!(told["since"].is_number(), "{told}");
    }
}
