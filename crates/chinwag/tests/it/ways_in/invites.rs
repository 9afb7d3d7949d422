//! Invites: who makes them, who comes by them, what guests see, and when a visit ends.

use std::sync::Arc;

use chinwag::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::json;

use super::{channels, come, invite, knock};
use crate::app::TestApp;
use crate::in_charge::make;

#[tokio::test]
async fn an_invite_lets_in_as_many_as_it_says_and_until_it_is_ended() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "invite").await;
    let tea = mei.channel("tea").await;
    let body = json!({ "role": "member", "label": "interns", "channels": [tea], "max_uses": 2 });
    let (path, id) = invite(&mut mei, &body).await;
    let page = app.browser().get(&path).await;
    assert_eq!(page.status, 200);
    for words in ["Mei invites you to", "#tea", "Join #tea"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let mut ada = come(&app, &path, "Ada").await;
    let seen = channels(&mut ada).await;
    assert!(seen.contains(&tea), "{seen:?}");
    assert_eq!(
        ada.client.get("/api/me").await.json()["last_channel"],
        tea,
        "it is where they land"
    );
    // By REST too.
    let code = path.rsplit('/').next().unwrap();
    let mut bea = app.browser();
    let reply = bea.post("/api/session", &json!({ "name": "Bea", "invite": code })).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let full = app.browser().post("/api/session", &json!({ "name": "Cy", "invite": code })).await;
    assert_eq!((full.status, full.code()), (404, "invite_ended".to_owned()));
    let used = mei.client.get(&format!("/api/invites/{id}")).await.json();
    assert_eq!((&used["invite"]["uses"], &used["invite"]["over"]), (&json!(2), &json!(true)));
    let came: Vec<_> =
        used["came_by"].as_array().unwrap().iter().map(|one| &one["user"]["name"]).collect();
    assert_eq!(came.len(), 2, "{came:?}");

    let (path, id) = invite(&mut mei, &json!({ "role": "member" })).await;
    let qr = mei.client.get(&format!("/api/invites/{id}/qr")).await;
    assert_eq!((qr.status, qr.header("content-type")), (200, "image/svg+xml"));
    let ended = mei.client.delete(&format!("/api/invites/{id}")).await;
    assert_eq!((ended.status, &ended.json()["over"]), (200, &json!(true)));
    let gone = app.browser().get(&path).await;
    let never = app.browser().get("/join/AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!((gone.status, never.status), (404, 404));
    assert_eq!(gone.text(), never.text(), "one that ended is answered as one that never was");
    assert_eq!(app.browser().form(&path, &[("name", "Cy")]).await.status, 404);
    assert_eq!(ada.client.get("/api/me").await.status, 200, "whoever came stays");
}

/// Otherwise whoever keeps order would come into private channels by an invite of their own.
#[tokio::test]
async fn an_invite_leads_nowhere_that_its_maker_may_not_see() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "invite").await;
    let lobby = mei.channel("lobby").await;
    let body = json!({ "role": "member", "channels": [lobby] });
    let (door, _) = invite(&mut mei, &body).await;
    let mut ada = come(&app, &door, "Ada").await;
    let tea = ada.channel("canary").await;
    let (path, _) = invite(&mut mei, &json!({ "role": "member", "channels": [tea] })).await;
    assert!(app.browser().get(&path).await.text().contains("canary"), "as long as it is public");
    let kind = json!({ "kind": "private" });
    let private = ada.client.patch(&format!("/api/channels/{tea}"), &kind).await;
    assert_eq!(private.status, 200, "{}", private.text());

    assert!(!app.browser().get(&path).await.text().contains("canary"), "the name is theirs now");
    let mut bea = come(&app, &path, "Bea").await;
    assert!(!channels(&mut bea).await.contains(&tea));
    mei.client.form(&path, &[]).await;
    assert_eq!(mei.client.get(&format!("/api/channels/{tea}")).await.status, 404);
    let members = ada.client.get(&format!("/api/channels/{tea}/members")).await.json();
    assert_eq!(members["total"], 1);

    // What was done there is nobody else's business, also after it is gone.
    assert_eq!(ada.client.delete(&format!("/api/channels/{tea}")).await.status, 204);
    let log = mei.client.get("/api/log").await.text();
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test]
async fn an_invite_is_made_and_seen_by_whom_the_table_says() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let (mut ada, mut bea) = (app.user("Ada").await, app.user("Bea").await);
    let tea = ada.channel("tea").await;
    let secret = json!({ "name": "secret", "kind": "private" });
    let secret = ada.client.post("/api/channels", &secret).await.json()["id"].as_i64().unwrap();
    // A host invites guests into their channels, and nothing more.
    let guests = |channel: i64| json!({ "role": "guest", "channels": [channel] });
    let of_ada = [(json!({ "role": "member" }), 403), (json!({ "role": "guest" }), 422)];
    let of_bea = [(guests(tea), 403), (guests(secret), 404)];
    let of_mei = [(guests(secret), 404), (guests(999), 404), (json!({ "role": "owner" }), 400)];
    for (who, cases) in [(&mut ada, &of_ada[..]), (&mut bea, &of_bea), (&mut mei, &of_mei)] {
        for (body, status) in cases {
            let reply = who.client.post("/api/invites", body).await;
            assert_eq!(reply.status, *status, "{} {body}: {}", who.name, reply.text());
        }
    }
    let (_, open) = invite(&mut ada, &guests(tea)).await;
    let (path, hidden) = invite(&mut ada, &guests(secret)).await;
    let list = mei.client.get("/api/invites").await;
    let ids: Vec<_> =
        list.json()["invites"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert!(ids.contains(&json!(open)) && !ids.contains(&json!(hidden)), "{ids:?}");
    assert!(!list.text().contains("secret"));
    for user in [&mut mei, &mut bea] {
        for reply in [
            user.client.get(&format!("/api/invites/{hidden}")).await,
            user.client.get(&format!("/api/invites/{hidden}/qr")).await,
            user.client.delete(&format!("/api/invites/{hidden}")).await,
            user.client
                .patch(&format!("/api/invites/{hidden}"), &json!({ "door": "closed" }))
                .await,
            user.client.get("/api/invites/99999").await,
        ] {
            assert_eq!(reply.status, 404, "{}", user.name);
        }
    }
    // A closed door lets nobody new in, and opens again.
    let door = |door: &str| json!({ "door": door });
    let url = format!("/api/invites/{hidden}");
    assert_eq!(ada.client.patch(&url, &door("closed")).await.status, 200);
    assert_eq!(app.browser().get(&path).await.status, 403);
    assert_eq!(app.browser().form(&path, &[("name", "Guy")]).await.status, 403);
    assert_eq!(ada.client.patch(&url, &door("open")).await.status, 200);
    let mut guy = come(&app, &path, "Guy").await;
    assert_eq!(channels(&mut guy).await, [secret]);
}

#[tokio::test]
async fn a_guest_sees_their_channels_and_the_people_in_them_at_every_door() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let mut ada = app.user("Canary Ada").await;
    let class = mei.channel("class").await;
    let other = ada.channel("canary channel").await;
    ada.say(other, "canary text").await;
    let mut watcher = ada.listen().await;
    let (path, _) = invite(&mut mei, &json!({ "role": "guest", "channels": [class] })).await;
    let mut guest = come(&app, &path, "Guest").await;
    let mut socket = guest.listen().await;
    let mut classic = guest.listen_classic().await;
    assert_eq!(guest.client.get("/api/me").await.json()["role"], "guest");
    assert_eq!(channels(&mut guest).await, [class]);
    let mut seen = String::new();
    for path in [
        "/api/state".to_owned(),
        "/api/channels".to_owned(),
        "/channels".to_owned(),
        "/".to_owned(),
        "/api/people".to_owned(),
        "/api/place/changes?since=0".to_owned(),
        "/api/directory".to_owned(),
        "/channels?find=c".to_owned(),
        "/api/me/changes?since=0".to_owned(),
        format!("/api/channels/{class}/members"),
        format!("/api/channels/{other}"),
        format!("/api/channels/{other}/messages"),
        format!("/api/channels/{other}/members"),
        format!("/api/channels/{other}/changes?since=0"),
        format!("/api/channels/{other}/digest"),
        "/channel/canary%20channel".to_owned(),
        "/channel/canary%20channel/1".to_owned(),
        "/channels?open=canary%20channel".to_owned(),
        "/api/invites".to_owned(),
        "/api/waiting".to_owned(),
        "/api/place".to_owned(),
    ] {
        let reply = guest.client.get(&path).await;
        assert!(reply.status < 500, "{path}");
        // What the guest typed themselves comes back in a page that says that there is none.
        let text = reply.text().replace("canary%20channel", "");
        let told = if path.contains("canary") { text.replace("canary channel", "") } else { text };
        assert!(!told.contains("anary"), "{path}: {told}");
        seen.push_str(&told);
    }
    for (method, path) in [
        ("PUT", format!("/api/channels/{other}/membership")),
        ("POST", format!("/api/channels/{other}/visit")),
    ] {
        let reply = guest.client.send(method.parse().unwrap(), &path, "", Vec::new()).await;
        assert_eq!(reply.status, 404, "{method} {path}");
    }
    assert_eq!(guest.post(other, &json!({ "text": "x" })).await.status, 404);
    for body in [json!({ "name": "mine" }), json!({ "name": "mine", "kind": "private" })] {
        assert_eq!(guest.client.post("/api/channels", &body).await.status, 404);
    }
    for (name, payload) in [
        ("send msg", json!({ "msg": "x", "channel": "canary channel" })),
        ("join", json!({ "channel": "canary channel" })),
    ] {
        let answer = classic.ask("/", name, payload).await;
        assert_ne!(answer["ok"], true, "{name}: {answer}");
    }
    // Nothing of what goes on elsewhere is heard.
    ada.say(other, "canary again").await;
    ada.channel("canary two").await;
    let _newcomer = app.user("Canary Newcomer").await;
    watcher.event("message").await;
    guest.say(class, "mine").await;
    let heard = socket.event("message").await;
    assert_eq!(heard["message"]["text"], "mine", "{heard}");
    let heard = classic.event("emit msg").await;
    assert!(!heard.to_string().contains("anary"), "{heard}");
    assert!(!seen.contains("anary"));
}

#[tokio::test]
async fn a_visit_ends_with_its_sessions_and_an_invite_brings_the_guest_back() {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let app = TestApp::start_by(Arc::<ManualClock>::clone(&clock), &[]).await;
    let mut mei = app.owner("Mei", "invite").await;
    let class = mei.channel("class").await;
    let body = json!({ "role": "guest", "channels": [class], "visit_minutes": 60 });
    let (path, _) = invite(&mut mei, &body).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    assert!(guest.client.get("/api/me").await.json()["visit_ends_at"].is_string());
    let mut socket = guest.listen().await;
    clock.advance_ms(3_599_000);
    assert_eq!(guest.client.get("/api/me").await.status, 200);
    clock.advance_ms(2_000);
    assert_eq!(guest.client.get("/api/me").await.status, 401, "nothing is reachable");
    clock.advance_ms(3_000);
    socket.ended("/app").await;
    assert_eq!(knock(&mut guest.client, "Ka Yan").await, (403, "visit_ended".to_owned()));
    // The name stays theirs: another browser does not get it, and theirs comes back by an invite.
    let stranger = app.browser().form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!(stranger.status, 409);
    assert!(stranger.text().contains("Ka Yan 2"), "a free form is offered: {}", stranger.text());
    let back = guest.client.form(&path, &[("name", "Ka Yan")]).await;
    assert_eq!(back.status, 303, "{}", back.text());
    assert_eq!(guest.client.get("/api/me").await.json()["id"], guest.id);
}

#[tokio::test]
async fn sixty_phones_join_by_one_code_behind_one_address() {
    let app = TestApp::start_with(&[]).await;
    let mut mei = app.owner("Ms Chen", "invite").await;
    let class = mei.channel("physics").await;
    let (path, id) = invite(&mut mei, &json!({ "role": "guest", "channels": [class] })).await;
    let phones = (0..60).map(|phone| {
        let (app, path) = (&app, path.clone());
        async move {
            let page = app.browser().get(&path).await;
            assert_eq!(page.status, 200);
            let mut guest = come(app, &path, &format!("Phone {phone}")).await;
            let said = guest.post(class, &json!({ "text": "here" })).await;
            assert_eq!(said.status, 201, "{}", said.text());
            guest.listen().await
        }
    });
    let sockets = futures_util::future::join_all(phones).await;
    assert_eq!(sockets.len(), 60);
    let used = mei.client.get(&format!("/api/invites/{id}")).await.json();
    assert_eq!(used["invite"]["uses"], 60);
}

#[tokio::test]
async fn an_invite_ends_with_the_right_of_its_maker() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "invite").await;
    let (way, _) = invite(&mut mei, &json!({ "role": "member", "label": "mine" })).await;
    let mut mo = come(&app, &way, "Mo").await;
    make(&app.data(), mo.id, "moderator");
    let (members, _) = invite(&mut mo, &json!({ "role": "member", "label": "of Mo" })).await;
    assert_eq!(app.browser().get(&members).await.status, 200);
    let role = format!("/api/people/{}/role", mo.id);
    let fallen = mei.client.put(&role, &json!({ "role": "member" })).await;
    assert!(fallen.status < 300, "{}", fallen.text());
    assert_eq!(app.browser().get(&members).await.status, 404);
    assert_eq!(app.browser().form(&members, &[("name", "Cy")]).await.status, 404);

    // A host of one channel brings guests into it, as long as they are its host.
    let lab = mo.channel("lab").await;
    let (guests, id) = invite(&mut mo, &json!({ "role": "guest", "channels": [lab] })).await;
    come(&app, &guests, "Ka Yan").await;
    mei.join(lab).await;
    let hosts = |who: i64| format!("/api/channels/{lab}/hosts/{who}");
    assert!(mei.client.put(&hosts(mei.id), &json!({})).await.status < 300);
    assert!(mei.client.delete(&hosts(mo.id)).await.status < 300);
    assert_eq!(app.browser().form(&guests, &[("name", "Cy")]).await.status, 404);
    let path = format!("/api/invites/{id}");
    let open = mo.client.patch(&path, &json!({ "door": "closed" })).await;
    assert_eq!(open.status, 403, "{}", open.text());
    let seen = mo.client.get(&path).await.json();
    assert_eq!((&seen["invite"]["over"], &seen["came_by"]), (&json!(true), &json!([])));
    let listed = mei.client.get("/api/invites").await.json();
    let over = |label: &str| {
        let all = listed["invites"].as_array().unwrap();
        all.iter().find(|one| one["label"] == label).unwrap()["over"].clone()
    };
    assert_eq!((over("mine"), over("of Mo")), (json!(false), json!(true)));
    assert_eq!(mo.client.put(&format!("{path}/projector"), &json!(null)).await.status, 404);
}
