//! The origin's Socket.IO events on the namespace `/`.

use serde_json::json;

use crate::app::TestApp;
use crate::socket::Socket;

#[tokio::test]
async fn a_message_goes_round_as_the_origin_sent_it() {
    let app = TestApp::start().await;
    let (mut ada, rain) = (app.user("Ada").await, app.user("小雨").await);
    let channel = ada.channel("设计/评审").await;
    let (mut at_ada, mut at_rain) = (ada.listen_classic().await, rain.listen_classic().await);
    let message = json!({
        "user": "%E5%B0%8F%E9%9B%A8", "time": "ignored", "channel": "设计/评审",
        "msg": "%E4%BD%A0%E5%A5%BD%20100%25",
    });
    at_rain.emit("/", "send msg", message).await;
    for window in [&mut at_ada, &mut at_rain] {
        let heard = window.event("emit msg").await;
        assert_eq!(heard["id"], 2, "the first row says that they joined");
        assert_eq!(heard["user"], "%E5%B0%8F%E9%9B%A8");
        assert_eq!(heard["msg"], "%E4%BD%A0%E5%A5%BD%20100%25");
        assert_eq!(heard["channel"], "设计/评审");
        assert_eq!(heard["time"].as_str().unwrap().len(), "2026-11-22T21:42:00.123Z".len());
    }
    let stored = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(stored["messages"][1]["text"], "你好 100%");
    at_rain.emit("/", "del msg", json!({ "channel": "设计/评审", "id": 2 })).await;
    assert_eq!(at_ada.event("del msg").await, json!({ "channel": "设计/评审", "id": 2 }));
}

#[tokio::test]
async fn what_the_web_app_may_not_do_cannot_be_done_here() {
    let app = TestApp::start().await;
    let (mut ada, grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    ada.say(channel, "mine").await;
    let mut socket = grace.listen_classic().await;
    let cases = [
        ("send msg", json!({ "user": "Ada", "msg": "x", "channel": "general" }), "forbidden"),
        ("send msg", json!({ "user": "Grace", "msg": "x", "channel": "nowhere" }), "not_found"),
        ("send msg", json!({ "user": "Grace", "msg": 7, "channel": "general" }), "invalid"),
        ("send msg", json!({ "user": 7, "msg": "x", "channel": "general" }), "invalid"),
        ("send msg", json!(null), "invalid"),
        ("del msg", json!({ "channel": "general", "id": 1 }), "forbidden"),
        ("del msg", json!({ "channel": "general", "id": 99 }), "not_found"),
        ("del msg", json!({ "channel": "general", "id": "1" }), "forbidden"),
        ("del msg", json!({ "channel": "general", "id": "one" }), "invalid"),
        ("del msg", json!({ "channel": "general" }), "invalid"),
        ("join", json!({ "channel": "nowhere" }), "not_found"),
        ("unheard of", json!({}), "invalid"),
    ];
    for (name, payload, code) in cases {
        let answer = socket.ask("/", name, payload.clone()).await;
        assert_eq!((&answer["ok"], &answer["code"]), (&json!(false), &json!(code)), "{payload}");
        socket.emit("/", name, payload).await;
        let error = socket.event("error msg").await;
        assert_eq!((&error["event"], &error["code"]), (&json!(name), &json!(code)));
    }
    let silent = socket.ask("/", "send msg", json!({ "msg": " \n ", "channel": "general" })).await;
    assert_eq!(silent["code"], "empty_text");
    socket.emit("/", "send msg", json!({ "msg": "%20", "channel": "general" })).await;
    let told = socket.settled().await;
    assert!(!told.iter().any(|(name, _)| name == "error msg"), "white space is ignored: {told:?}");
}

/// The origin's page names a channel as it is encoded in the page's address.
#[tokio::test]
async fn a_channel_is_found_by_its_name_as_an_address_holds_it() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    for name in ["中文", "two words", "50% off", "a%20b", "a b", "x%2Fy", "?#"] {
        ada.channel(name).await;
    }
    let cases = [
        ("%E4%B8%AD%E6%96%87", "中文"),
        ("two%20words", "two words"),
        ("50%25%20off", "50% off"),
        ("50% off", "50% off"),
        // Two channels could be meant: the page encodes, so it is the decoded one.
        ("a%20b", "a b"),
        ("a%2520b", "a%20b"),
        // No channel has the decoded name, so the literal one is meant.
        ("x%2Fy", "x%2Fy"),
        ("?#", "?#"),
        ("%e4%b8%ad%e6%96%87", "中文"),
    ];
    for (number, (sent, name)) in cases.into_iter().enumerate() {
        let mut socket = ada.listen_classic().await;
        let text = format!("number {number}");
        let answer = socket.ask("/", "send msg", json!({ "msg": text, "channel": sent })).await;
        assert_eq!(answer["ok"], true, "{sent}: {answer}");
        let heard = socket.event("emit msg").await;
        assert_eq!((&heard["channel"], &heard["id"]), (&json!(name), &answer["id"]), "{sent}");
        let joined = socket.ask("/", "join", json!({ "channel": sent })).await;
        assert_eq!(joined, json!({ "ok": true, "channel": name }), "{sent}");
        let message = json!({ "channel": sent, "id": answer["id"] });
        assert_eq!(socket.ask("/", "del msg", message).await["ok"], true, "{sent}");
        assert_eq!(socket.event("del msg").await["channel"], name, "{sent}");
    }
    let mut socket = ada.listen_classic().await;
    for sent in ["%E4%B8%AD", "no%20where", "%00", "%"] {
        let answer = socket.ask("/", "join", json!({ "channel": sent })).await;
        assert_eq!(answer["code"], "not_found", "{sent}");
    }
}

#[tokio::test]
async fn text_that_is_not_encoded_is_taken_as_it_is() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    ada.channel("general").await;
    let mut socket = ada.listen_classic().await;
    let sent = json!({ "msg": "50% off 你好", "channel": "general" });
    let answer = socket.ask("/", "send msg", sent).await;
    assert_eq!((&answer["ok"], &answer["id"]), (&json!(true), &json!(1)));
    assert_eq!(socket.event("emit msg").await["msg"], "50%25%20off%20%E4%BD%A0%E5%A5%BD");
    // A page that took the id out of its own HTML sends it as text.
    let gone = socket.ask("/", "del msg", json!({ "channel": "general", "id": "1" })).await;
    assert_eq!(gone, json!({ "ok": true, "id": 1 }));
}

#[tokio::test]
async fn joining_and_writing_put_the_person_into_the_channel() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let (one, two) = (ada.channel("one").await, ada.channel("two").await);
    let mut socket = grace.listen_classic().await;
    socket.ask("/", "join", json!({ "channel": "one" })).await;
    socket.ask("/", "send msg", json!({ "channel": "two", "msg": "here" })).await;
    for channel in [one, two] {
        let view = grace.client.get(&format!("/api/channels/{channel}")).await.json();
        assert_eq!(view["member"], true, "{view}");
    }
}

#[tokio::test]
async fn who_joins_hears_only_what_she_joined() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let (one, two) = (ada.channel("one").await, ada.channel("two").await);
    let (mut all, mut some) = (ada.listen_classic().await, ada.listen_classic().await);
    assert_eq!(some.ask("/", "join", json!({ "channel": "two" })).await["ok"], true);
    ada.say(one, "in one").await;
    ada.say(two, "in two").await;
    assert_eq!(some.event("emit msg").await["channel"], "two");
    assert_eq!(all.event("emit msg").await["channel"], "one");
    assert_eq!(all.event("emit msg").await["channel"], "two");
}

#[tokio::test]
async fn nobody_comes_in_without_a_session() {
    let app = TestApp::start().await;
    let mut socket = Socket::open(&app.browser()).await;
    assert_eq!(socket.connect("/", None).await.unwrap_err()["message"], "not_signed_in");
    assert_eq!(socket.connect("/app", None).await.unwrap_err()["message"], "not_signed_in");
    assert_eq!(socket.connect("/odd", None).await.unwrap_err()["message"], "Invalid namespace");
}

#[tokio::test]
async fn a_connection_stands_for_one_person() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    let made = grace.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let token = json!({ "token": made["token"] });
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());

    // The cookie of one person and the bearer token of another: the token counts, for hearing and
    // for speaking.
    let mut both = ada.client.clone();
    both.headers.push(("authorization", bearer.clone()));
    let mut socket = Socket::open(&both).await;
    socket.connect("/", None).await.unwrap();
    let sent = json!({ "msg": "x", "channel": "general" });
    assert_eq!(socket.ask("/", "send msg", sent.clone()).await["ok"], true);
    let stored = ada.client.get(&format!("/api/channels/{channel}/messages")).await.json();
    assert_eq!(stored["messages"][0]["author"]["name"], "Grace");
    // The socket ends with the token, not with Ada's session.
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    assert_eq!(socket.ask("/", "send msg", sent.clone()).await["ok"], true);
    let path = format!("/api/me/tokens/{}", made["id"]);

    // The second namespace is refused to another person, whichever comes first.
    let rain = app.user("Rain").await;
    for (first, second) in [("/app", "/"), ("/", "/app")] {
        let mut socket = Socket::open(&rain.client).await;
        socket.connect(first, None).await.unwrap();
        let refused = socket.connect(second, Some(token.clone())).await.unwrap_err();
        assert_eq!(refused["message"], "other_identity", "{first} {second}");
        let mut socket = Socket::open(&rain.client).await;
        socket.connect(first, Some(token.clone())).await.unwrap();
        let refused = socket.connect(second, None).await.unwrap_err();
        assert_eq!(refused["message"], "other_identity", "{first} {second}");
        socket.connect(second, Some(token.clone())).await.unwrap();
    }
    assert_eq!(grace.client.delete(&path).await.status, 204);
    socket.ended("/").await;
}

#[tokio::test]
async fn bots_speak_and_hear_here_until_they_are_revoked() {
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let made = ada.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    let mut by_header = app.browser();
    by_header
        .headers
        .push(("authorization", format!("Bearer {}", made["token"].as_str().unwrap())));
    let mut sockets = [Socket::open(&by_header).await, Socket::open(&app.browser()).await];
    sockets[0].connect("/", None).await.unwrap();
    sockets[1].connect("/", Some(json!({ "token": made["token"] }))).await.unwrap();
    ada.say(channel, "to all").await;
    for socket in &mut sockets {
        assert_eq!(socket.event("emit msg").await["msg"], "to%20all");
        let sent = json!({ "msg": "by a bot", "channel": "general", "user": "Ada" });
        assert_eq!(socket.ask("/", "send msg", sent).await["ok"], true);
    }
    assert_eq!(ada.client.delete(&format!("/api/me/tokens/{}", made["id"])).await.status, 204);
    for socket in &mut sockets {
        socket.ended("/").await;
    }
}

#[tokio::test]
async fn a_guest_hears_a_channel_from_when_they_are_put_into_it() {
    let app = TestApp::start().await;
    let (mut ada, mut guest) = (app.user("Ada").await, app.user("Guest").await);
    let (lobby, lesson) = (ada.channel("lobby").await, ada.channel("lesson").await);
    guest.join(lobby).await;
    let app = app.with_roles(&mut [(&mut guest, "guest")]).await;
    ada.client.address = app.address;
    let mut at_guest = guest.listen_classic().await;
    ada.say(lesson, "too early").await;
    let people = json!({ "people": [guest.id] });
    let added = ada.client.post(&format!("/api/channels/{lesson}/members"), &people).await;
    assert_eq!(added.status, 204, "{}", added.text());
    ada.say(lesson, "welcome").await;
    let heard = at_guest.event("emit msg").await;
    assert_eq!((&heard["msg"], &heard["channel"]), (&json!("welcome"), &json!("lesson")));
    let take_out = format!("/api/channels/{lesson}/members/{}", guest.id);
    assert_eq!(ada.client.delete(&take_out).await.status, 204);
    ada.say(lesson, "too late").await;
    ada.say(lobby, "still here").await;
    assert_eq!(at_guest.event("emit msg").await["msg"], "still%20here");
}

#[tokio::test]
async fn a_member_who_is_added_hears_a_channel_once() {
    let app = TestApp::start().await;
    let (mut ada, bob) = (app.user("Ada").await, app.user("Bob").await);
    let (lobby, tea) = (ada.channel("lobby").await, ada.channel("tea").await);
    // One client hears all channels, and one those that it asked for.
    let (mut all, mut asked) = (bob.listen_classic().await, bob.listen_classic().await);
    assert_eq!(asked.ask("/", "join", json!({ "channel": "lobby" })).await["ok"], true);
    let people = json!({ "people": [bob.id] });
    let added = ada.client.post(&format!("/api/channels/{tea}/members"), &people).await;
    assert_eq!(added.status, 204, "{}", added.text());
    ada.say(tea, "in tea").await;
    ada.say(lobby, "in the lobby").await;
    for (window, heard) in
        [(&mut all, vec!["in%20tea", "in%20the%20lobby"]), (&mut asked, vec!["in%20the%20lobby"])]
    {
        let told = window.settled().await;
        let told: Vec<_> = told.iter().filter_map(|(_, event)| event["msg"].as_str()).collect();
        assert_eq!(told, heard);
    }
}
