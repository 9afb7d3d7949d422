//! Who is here: told to those who watch and may see it, and to nobody else. And who is typing.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::socket::Socket;
use crate::ways_in::{come, invite};

/// A window of a person that says something of presence.
async fn says(user: &User, what: Value) -> Socket {
    let mut window = user.listen().await;
    say(&mut window, what).await;
    window
}

async fn say(window: &mut Socket, what: Value) {
    let answer = window.ask("/app", "presence", what.clone()).await;
    assert_eq!(answer, json!({ "ok": true }), "{what}");
}

/// A window of a person who is here and looks at these people; what it is told first is taken already.
async fn watching(user: &User, whom: &[i64]) -> (Socket, Value) {
    let mut window = says(user, json!({ "state": "here", "watch": whom })).await;
    let first = window.event("presence").await;
    assert_eq!(first["whole"], true, "{first}");
    (window, first)
}

fn here(ids: &[i64]) -> Value {
    json!({ "here": ids })
}

#[tokio::test]
async fn whoever_watches_somebody_hears_how_their_best_window_is() {
    let app = TestApp::start().await;
    let (ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let mut silent = ada.listen().await;
    let (mut window, first) = watching(&grace, &[ada.id, grace.id]).await;
    let alone = json!({ "whole": true, "here": [grace.id] });
    assert_eq!(first, alone, "a window that says nothing is nobody's presence");
    let mut one = says(&ada, json!({ "state": "away" })).await;
    assert_eq!(window.event("presence").await, json!({ "away": [ada.id] }));
    let two = says(&ada, json!({ "state": "here" })).await;
    assert_eq!(window.event("presence").await, here(&[ada.id]), "the best window counts");
    drop(two);
    assert_eq!(window.event("presence").await, json!({ "away": [ada.id] }));
    // Whoever names their list again hears at once how all are now.
    let (_other, first) = watching(&grace, &[ada.id]).await;
    assert_eq!(first, json!({ "whole": true, "away": [ada.id] }));
    say(&mut one, json!({ "state": "here" })).await;
    assert_eq!(window.event("presence").await, here(&[ada.id]));
    drop(one);
    assert_eq!(window.event("presence").await, json!({ "gone": [ada.id] }));
    silent.connect("/", None).await.unwrap();
    let heard = silent.settled().await;
    assert!(!heard.iter().any(|(name, _)| name == "presence"), "it named nobody: {heard:?}");
}

#[tokio::test]
async fn whoever_signs_out_or_is_deactivated_is_gone() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let (_a, _b) = (
        says(&ada, json!({ "state": "here" })).await,
        says(&bob, json!({ "state": "here" })).await,
    );
    let (mut window, first) = watching(&mei, &[ada.id, bob.id]).await;
    assert_eq!(first, json!({ "whole": true, "here": [ada.id, bob.id] }));
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    assert_eq!(window.event("presence").await, json!({ "gone": [ada.id] }));
    let path = format!("/api/people/{}/deactivated", bob.id);
    assert!(mei.client.put(&path, &Value::Null).await.status < 300);
    assert_eq!(window.event("presence").await, json!({ "gone": [bob.id] }));
}

#[tokio::test]
async fn whoever_is_invisible_looks_as_if_they_were_never_here() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let list = "/api/place/people?q=Ada";
    let listed = mei.client.get(list).await.json();
    assert!(listed["people"][0]["last_here"].is_string(), "{listed}");
    let me = ada.client.patch("/api/me/settings", &json!({ "invisible": true })).await.json();
    assert_eq!(me["settings"]["invisible"], true);
    let mut hidden = says(&ada, json!({ "state": "here", "watch": [bob.id] })).await;
    let (mut window, first) = watching(&mei, &[ada.id, bob.id]).await;
    assert_eq!(first, json!({ "whole": true }));
    say(&mut hidden, json!({ "state": "away" })).await;
    // A sign that comes after what must not be told.
    let _bob = says(&bob, json!({ "state": "here" })).await;
    assert_eq!(window.event("presence").await, here(&[bob.id]), "nothing of Ada");
    hidden.event("presence").await;
    assert_eq!(hidden.event("presence").await, here(&[bob.id]), "they see others");
    let listed = mei.client.get(list).await.json();
    assert_eq!(listed["people"][0]["last_here"], Value::Null, "{listed}");
    ada.client.patch("/api/me/settings", &json!({ "invisible": false })).await;
    assert_eq!(window.event("presence").await, json!({ "away": [ada.id] }));
    ada.client.patch("/api/me/settings", &json!({ "invisible": true })).await;
    assert_eq!(window.event("presence").await, json!({ "gone": [ada.id] }));
}

#[tokio::test]
async fn neither_of_two_people_sees_the_other_when_one_blocked_the_other() {
    let app = TestApp::start().await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let (mut of_ada, _) = watching(&ada, &[bob.id]).await;
    let (mut of_bob, first) = watching(&bob, &[ada.id]).await;
    assert_eq!(first, json!({ "whole": true, "here": [ada.id] }));
    assert_eq!(of_ada.event("presence").await, here(&[bob.id]));
    let aside = format!("/api/people/{}/aside", bob.id);
    assert!(ada.client.put(&aside, &json!({ "kind": "block" })).await.status < 300);
    assert_eq!(of_bob.event("presence").await, json!({ "gone": [ada.id] }));
    assert_eq!(of_ada.event("presence").await, json!({ "gone": [bob.id] }));
    let (_again, first) = watching(&bob, &[ada.id]).await;
    assert_eq!(first, json!({ "whole": true }));
    // Muting somebody for oneself is another thing: nobody learns of it.
    assert!(ada.client.put(&aside, &json!({ "kind": "mute" })).await.status < 300);
    assert_eq!(of_bob.event("presence").await, here(&[ada.id]));
}

#[tokio::test]
async fn a_guest_hears_of_the_people_in_their_channels_and_no_longer_than_they_are() {
    let app = TestApp::start().await;
    let mei = app.owner("Mei", "open").await;
    let (mut chen, lau) = (app.user("Ms Chen").await, app.user("Mr Lau").await);
    let draft = json!({ "name": "physics", "kind": "private" });
    let class = chen.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let members = format!("/api/channels/{class}/members");
    chen.client.post(&members, &json!({ "people": [lau.id] })).await;
    let (path, _) =
        invite(&mut chen, &json!({ "role": "guest", "channels": [class], "door": "open" })).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    let here_now = json!({ "state": "here" });
    let _windows = [says(&mei, here_now.clone()).await, says(&chen, here_now.clone()).await];
    let mut of_lau = says(&lau, here_now).await;
    let whom = [mei.id, chen.id, lau.id, 999, -1, i64::MAX];
    let (mut window, first) = watching(&guest, &whom).await;
    assert_eq!(first, json!({ "whole": true, "here": [chen.id, lau.id] }), "not Mei");
    let out = format!("/api/channels/{class}/members/{}", lau.id);
    assert_eq!(chen.client.delete(&out).await.status, 204);
    let now = window.event("presence").await;
    assert_eq!(now, json!({ "whole": true, "here": [chen.id] }), "and Mr Lau is not named");
    say(&mut of_lau, json!({ "state": "away" })).await;
    // A sign that comes after what must not be told.
    let sign = come(&app, &path, "Jasper").await;
    let _sign = says(&sign, json!({ "state": "here" })).await;
    let (mut again, first) = watching(&guest, &[lau.id, chen.id]).await;
    assert_eq!(first, json!({ "whole": true, "here": [chen.id] }));
    say(&mut window, json!({ "watch": [lau.id, sign.id] })).await;
    assert_eq!(window.event("presence").await, json!({ "whole": true, "here": [sign.id] }));
    // Members see the guest; the guest who is taken out sees nobody.
    let (mut of_mei, first) = watching(&mei, &[guest.id]).await;
    assert_eq!(first, json!({ "whole": true, "here": [guest.id] }));
    let left = format!("/api/channels/{class}/membership");
    assert_eq!(guest.client.delete(&left).await.status, 204);
    assert_eq!(again.event("presence").await, json!({ "whole": true }));
    drop((window, again));
    assert_eq!(of_mei.event("presence").await, json!({ "gone": [guest.id] }));
}

#[tokio::test]
async fn what_may_not_be_said_is_refused_and_what_is_too_much_is_left_out() {
    let app = TestApp::start().await;
    let (mut ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let made = ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let nobody = app.browser();
    let mut bot = Socket::open(&nobody).await;
    bot.connect("/app", Some(json!({ "token": made["token"] }))).await.unwrap();
    let answer = bot.ask("/app", "presence", json!({ "state": "here" })).await;
    assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!("forbidden")));
    let (mut window, first) = watching(&grace, &[ada.id]).await;
    assert_eq!(first, json!({ "whole": true }), "a program is not here");
    for odd in [
        json!({ "state": "asleep" }),
        json!({ "watch": "all" }),
        json!({ "watch": ["1"] }),
        json!({ "open": "general" }),
        json!({ "more": 1 }),
        json!(["here", null, null]),
        Value::Null,
    ] {
        let answer = window.ask("/app", "presence", odd.clone()).await;
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!("invalid")), "{odd}");
    }
    let answer = window.ask("/app", "presence", json!({ "open": 99 })).await;
    assert_eq!(answer["code"], "not_found");
    let _ada = says(&ada, json!({ "state": "here" })).await;
    window.event("presence").await;
    let mut whom: Vec<i64> = (1_000..1_240).collect();
    whom.push(ada.id);
    say(&mut window, json!({ "watch": whom })).await;
    assert_eq!(window.event("presence").await, json!({ "whole": true }), "240 are watched");
    whom.remove(0);
    say(&mut window, json!({ "watch": whom })).await;
    assert_eq!(window.event("presence").await, json!({ "whole": true, "here": [ada.id] }));
    let mut refused = Value::Null;
    for _ in 0..100 {
        refused = window.ask("/app", "presence", json!({})).await;
        if refused["ok"] == false {
            break;
        }
    }
    assert_eq!(refused["code"], "too_many");
}

/// Who is typing, as the next event says.
async fn typist(window: &mut Socket) -> Value {
    window.event("typing").await["user"]["name"].clone()
}

async fn types(window: &mut Socket, channel: i64) -> Value {
    window.ask("/app", "typing", json!({ "channel": channel })).await["ok"].clone()
}

#[tokio::test]
async fn typing_is_heard_where_the_same_channel_is_open() {
    let app = TestApp::start().await;
    let (mut ada, mut grace, bob) =
        (app.user("Ada").await, app.user("Grace").await, app.user("Bob").await);
    let (tea, other) = (ada.channel("tea").await, ada.channel("other").await);
    grace.join(tea).await;
    let open = |channel: i64| json!({ "state": "here", "open": channel });
    let mut of_ada = says(&ada, open(tea)).await;
    let mut of_grace = says(&grace, open(tea)).await;
    let mut elsewhere = says(&grace, open(0)).await;
    let mut looks = says(&bob, open(tea)).await;
    assert_eq!(types(&mut of_ada, tea).await, true);
    let told = of_grace.event("typing").await;
    assert_eq!(told, json!({ "channel": tea, "user": { "id": ada.id, "name": "Ada" } }));
    assert_eq!(typist(&mut looks).await, "Ada", "a public channel that somebody looks at");
    // Again within three seconds, in a channel that is not open, and by somebody who is not in it.
    assert_eq!(types(&mut of_ada, tea).await, true);
    assert_eq!(types(&mut of_ada, other).await, true);
    assert_eq!(types(&mut looks, tea).await, false);
    // Another window shows where it is.
    assert_eq!(types(&mut of_grace, tea).await, true);
    assert_eq!(typist(&mut of_ada).await, "Grace");
    for window in [&mut of_ada, &mut of_grace, &mut elsewhere] {
        window.connect("/", None).await.unwrap();
        let heard = window.settled().await;
        assert!(!heard.iter().any(|(name, _)| name == "typing"), "{heard:?}");
    }
}

#[tokio::test]
async fn typing_in_a_thread_is_heard_where_the_same_thread_is_open() {
    let app = TestApp::start().await;
    let (mut ada, mut grace, bob) =
        (app.user("Ada").await, app.user("Grace").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    grace.join(tea).await;
    let open = |thread: Option<i64>| json!({ "state": "here", "open": tea, "thread": thread });
    let mut of_ada = says(&ada, open(Some(1))).await;
    let (mut of_grace, mut other) =
        (says(&grace, open(Some(1))).await, says(&grace, open(Some(2))).await);
    let mut channel = says(&grace, open(None)).await;
    let mut looks = says(&bob, open(Some(1))).await;
    let typing = json!({ "channel": tea, "thread": 1 });
    assert_eq!(of_ada.ask("/app", "typing", typing.clone()).await["ok"], true);
    let told = of_grace.event("typing").await;
    let told_of_ada =
        json!({ "channel": tea, "thread": 1, "user": { "id": ada.id, "name": "Ada" } });
    assert_eq!(told, told_of_ada);
    assert_eq!(typist(&mut looks).await, "Ada", "a public channel that somebody looks at");
    assert_eq!(looks.ask("/app", "typing", typing.clone()).await["ok"], false, "they only look");
    // Whoever closes the thread shows the channel alone.
    say(&mut of_grace, json!({ "open": tea })).await;
    assert_eq!(of_grace.ask("/app", "typing", typing.clone()).await["ok"], true);
    // A channel where hosts write has threads that are open to all.
    let rules = json!({ "posting": "open_threads" });
    assert_eq!(ada.client.patch(&format!("/api/channels/{tea}"), &rules).await.status, 200);
    assert_eq!(types(&mut channel, tea).await, false);
    say(&mut channel, open(Some(1))).await;
    assert_eq!(channel.ask("/app", "typing", typing).await["ok"], true);
    assert_eq!(typist(&mut of_ada).await, "Grace", "the first word that is meant for it");
    for window in [&mut of_ada, &mut of_grace, &mut other] {
        window.connect("/", None).await.unwrap();
        let heard = window.settled().await;
        assert!(!heard.iter().any(|(name, _)| name == "typing"), "{heard:?}");
    }
}

#[tokio::test]
async fn a_channel_that_one_may_not_see_any_more_is_not_open() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let (grace, hidden) = (app.user("Grace").await, app.user("Hidden").await);
    let bob = app.user("Bob").await;
    let draft = json!({ "name": "secret", "kind": "private" });
    let secret = ada.client.post("/api/channels", &draft).await.json()["id"].as_i64().unwrap();
    let people = json!({ "people": [grace.id, hidden.id] });
    ada.client.post(&format!("/api/channels/{secret}/members"), &people).await;
    let open = json!({ "state": "here", "open": secret });
    let (mut of_ada, mut of_grace) =
        (says(&ada, open.clone()).await, says(&grace, open.clone()).await);
    let mut of_hidden = says(&hidden, open.clone()).await;
    let mut of_bob = bob.listen().await;
    let absent = of_bob.ask("/app", "presence", json!({ "open": 99 })).await;
    assert_eq!(of_bob.ask("/app", "presence", open).await, absent, "as one that is not there");
    let absent = of_bob.ask("/app", "typing", json!({ "channel": 99 })).await;
    assert_eq!(of_bob.ask("/app", "typing", json!({ "channel": secret })).await, absent);
    // Whoever is invisible does not type either.
    let mut hidden = hidden;
    hidden.client.patch("/api/me/settings", &json!({ "invisible": true })).await;
    assert_eq!(types(&mut of_hidden, secret).await, true);
    let out = format!("/api/channels/{secret}/members/{}", grace.id);
    assert_eq!(ada.client.delete(&out).await.status, 204);
    assert_eq!(types(&mut of_ada, secret).await, true);
    assert_eq!(typist(&mut of_hidden).await, "Ada");
    assert_eq!(types(&mut of_grace, secret).await, false);
    for window in [&mut of_ada, &mut of_grace] {
        window.connect("/", None).await.unwrap();
        let heard = window.settled().await;
        assert!(!heard.iter().any(|(name, _)| name == "typing"), "{heard:?}");
    }
}

#[tokio::test]
async fn a_public_channel_that_becomes_private_is_not_open_for_those_who_only_look() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let bob = app.user("Bob").await;
    let tea = ada.channel("tea").await;
    grace.join(tea).await;
    let open = json!({ "state": "here", "open": tea });
    let mut of_ada = says(&ada, open.clone()).await;
    let (mut looks, mut of_grace) = (says(&bob, open.clone()).await, says(&grace, open).await);
    let path = format!("/api/channels/{tea}");
    assert_eq!(ada.client.patch(&path, &json!({ "kind": "private" })).await.status, 200);
    assert_eq!(types(&mut of_ada, tea).await, true);
    assert_eq!(typist(&mut of_grace).await, "Ada");
    looks.connect("/", None).await.unwrap();
    let heard = looks.settled().await;
    assert!(!heard.iter().any(|(name, _)| name == "typing"), "{heard:?}");
}

#[tokio::test]
async fn whoever_may_not_write_is_not_typing() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let tea = ada.channel("tea").await;
    grace.join(tea).await;
    let open = json!({ "state": "here", "open": tea });
    let mut of_grace = says(&grace, open.clone()).await;
    let mute = format!("/api/channels/{tea}/mutes/{}", grace.id);
    let muted = ada.client.put(&mute, &json!({ "minutes": 10 })).await;
    assert!(muted.status < 300, "{}", muted.text());
    assert_eq!(types(&mut of_grace, tea).await, false);
}

/// When `whom` was here last, as the list of a channel's members tells `viewer`.
async fn last_here(viewer: &mut User, channel: i64, whom: i64) -> Value {
    let reply = viewer.client.get(&format!("/api/channels/{channel}/members")).await;
    let list = reply.json();
    let members = list["members"].as_array().unwrap();
    members.iter().find(|member| member["id"] == whom).unwrap()["last_here"].clone()
}

#[tokio::test]
async fn when_somebody_was_here_last_is_told_to_the_minute_and_not_to_everybody() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "open").await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = mei.channel("tea").await;
    ada.join(tea).await;
    let guests = json!({ "role": "guest", "channels": [tea], "door": "open" });
    let (path, _) = invite(&mut mei, &guests).await;
    let mut guest = come(&app, &path, "Ka Yan").await;
    let told = last_here(&mut bob, tea, ada.id).await;
    assert!(told.as_str().unwrap().ends_with(":00.000Z"), "{told}");
    assert_eq!(last_here(&mut guest, tea, ada.id).await, Value::Null, "guests are not told");
    let aside = |whom: i64| format!("/api/people/{whom}/aside");
    ada.client.put(&aside(bob.id), &json!({ "kind": "block" })).await;
    assert_eq!(last_here(&mut bob, tea, ada.id).await, Value::Null, "nor whoever is blocked");
    assert_eq!(last_here(&mut ada, tea, mei.id).await, told);
    ada.client.put(&aside(mei.id), &json!({ "kind": "block" })).await;
    assert_eq!(last_here(&mut ada, tea, mei.id).await, Value::Null, "nor whoever blocked them");
    ada.client.delete(&aside(bob.id)).await;
    assert_eq!(last_here(&mut bob, tea, ada.id).await, told);
    ada.client.patch("/api/me/settings", &json!({ "invisible": true })).await;
    assert_eq!(last_here(&mut bob, tea, ada.id).await, Value::Null, "they are invisible");
}
