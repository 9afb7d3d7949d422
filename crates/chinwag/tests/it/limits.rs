//! Limits: the same for REST, sockets and plain pages, and each refusal says when to come back.

use std::net::IpAddr;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::app::{DEADLINE, TestApp, User};
use crate::client::Reply;
use crate::socket::Socket;

/// The settings of a server that believes the addresses that tests say they come from.
pub const PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

async fn start(args: &[&str]) -> TestApp {
    TestApp::start_with(&[args, &PROXY].concat()).await
}

/// A person at that address.
pub async fn user_at(app: &TestApp, name: &str, address: &str) -> User {
    let mut user = app.user(name).await;
    user.client.headers.push(("x-forwarded-for", address.to_owned()));
    user
}

/// Checks for status 429 with a time to come back of at most `most_s` seconds.
pub fn too_many(reply: &Reply, most_s: u64) {
    assert_eq!(reply.status, 429, "{}", reply.text());
    let wait: u64 = reply.header("retry-after").parse().expect("when to come back");
    assert!((1..=most_s).contains(&wait), "{wait}");
}

/// Whether an answer is a refusal with the time to come back.
fn refused(reply: &Reply) -> bool {
    if reply.status == 429 {
        too_many(reply, 1);
    }
    reply.status == 429
}

/// The same for an answer to a classic event.
fn refused_classic(answer: &Value) -> bool {
    answer["code"] == "too_many" && answer["retry_after_s"].as_u64().unwrap_or(0) > 0
}

/// Posts until it is refused: on a slow machine a token may return in between.
async fn say_until_refused(user: &mut User, channel: i64) {
    let until = Instant::now() + DEADLINE;
    loop {
        let reply = user.post(channel, &json!({ "text": "x" })).await;
        if reply.status != 201 {
            return too_many(&reply, 1);
        }
        assert!(Instant::now() < until, "refused in time");
    }
}

#[tokio::test]
async fn messages_have_one_limit_at_every_door() {
    let app = start(&["--limit-messages", "1", "--limit-messages-burst", "3"]).await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let mut socket = ada.listen_classic().await;
    // One message by each of the three ways, and then none by any.
    ada.say(channel, "by REST").await;
    assert_eq!(ada.client.form("/channel/general", &[("msg", "by form")]).await.status, 303);
    let classic = json!({ "msg": "by socket", "channel": "general" });
    assert_eq!(socket.ask("/", "send msg", classic.clone()).await["ok"], true);

    let path = format!("/api/channels/{channel}/messages");
    let deletion = json!({ "id": 1, "channel": "general" });
    // A token returns every second. Where a slow machine has one again, the door accepts the
    // request, and the next door is tried with an empty bucket again.
    let until = Instant::now() + DEADLINE;
    let mut doors = 0;
    while doors < 6 {
        assert!(Instant::now() < until, "door {doors} refuses in time");
        let reply = ada.client.post(&path, &json!({ "text": "x" })).await;
        if reply.status == 201 {
            continue;
        }
        too_many(&reply, 1);
        let told = (reply.code(), reply.json()["retry_after_s"].clone());
        assert_eq!(told, ("too_many".into(), json!(1)));
        let refused = match doors {
            0 => refused(&ada.client.delete(&format!("{path}/1")).await),
            1 => refused(&ada.client.form("/channel/general", &[("msg", "x")]).await),
            2 => refused(&ada.client.form("/channel/general/delete", &[("id", "1")]).await),
            3 => refused_classic(&socket.ask("/", "send msg", classic.clone()).await),
            4 => refused_classic(&socket.ask("/", "del msg", deletion.clone()).await),
            _ => {
                socket.emit("/", "send msg", classic.clone()).await;
                let told = socket.settled().await;
                told.iter().any(|(name, told)| name == "error msg" && refused_classic(told))
            }
        };
        doors += usize::from(refused);
    }

    let mut grace = app.user("Grace").await;
    assert_eq!(
        grace.post(channel, &json!({ "text": "x" })).await.status,
        201,
        "another person has their own limit"
    );
}

#[tokio::test]
async fn an_address_has_a_limit_too_however_many_names_it_takes() {
    // Four at the same time: as many as in four seconds.
    let app = start(&["--limit-messages-per-address", "1"]).await;
    let channel = app.user("Maker").await.channel("general").await;
    let mut crowd = Vec::new();
    for n in 0..5 {
        crowd.push(user_at(&app, &format!("n{n}"), "203.0.113.7").await);
    }
    for user in &mut crowd[..4] {
        user.say(channel, "x").await;
    }
    say_until_refused(&mut crowd[4], channel).await;
    let mut other = user_at(&app, "other", "203.0.113.8").await;
    other.say(channel, "x").await;

    // A block of IPv6 addresses of one customer is one address.
    let mut wide = Vec::new();
    for n in 0..5 {
        wide.push(user_at(&app, &format!("w{n}"), &format!("2001:db8:1:2:{n}::{n}")).await);
    }
    for user in &mut wide[..4] {
        user.say(channel, "x").await;
    }
    say_until_refused(&mut wide[4], channel).await;
    user_at(&app, "next door", "2001:db8:1:3::1").await.say(channel, "x").await;

    // Where one person has no limit, an address has none.
    let app = start(&["--limit-messages-per-address", "1", "--limit-messages", "0"]).await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    for _ in 0..10 {
        ada.say(channel, "x").await;
    }
}

#[tokio::test]
async fn new_channels_have_one_limit_at_every_door() {
    let app = start(&["--limit-new-channels", "2", "--limit-new-channels-per-address", "3"]).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    ada.channel("one").await;
    assert_eq!(ada.client.form("/channels", &[("new_channel", "two")]).await.status, 303);
    too_many(&ada.client.post("/api/channels", &json!({ "name": "three" })).await, 1_800);
    too_many(&ada.client.form("/channels", &[("new_channel", "three")]).await, 1_800);
    let mut grace = user_at(&app, "Grace", "203.0.113.7").await;
    grace.channel("three").await;
    too_many(&grace.client.post("/api/channels", &json!({ "name": "four" })).await, 1_200);
    user_at(&app, "Rain", "203.0.113.8").await.channel("four").await;
}

#[tokio::test]
async fn uploads_have_one_limit_at_every_door() {
    let app = start(&["--limit-uploads", "2", "--limit-uploads-per-address", "3"]).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    let whole = "/api/uploads?name=x";
    let send = async |user: &mut User, path: &str, length: usize| {
        user.client.headers.push(("tus-resumable", "1.0.0".into()));
        user.client.headers.push(("upload-length", length.to_string()));
        user.client.headers.push(("upload-metadata", "filename eA==".into()));
        let body = if path == whole { vec![7; length] } else { Vec::new() };
        let reply = user.client.send(hyper::Method::POST, path, "", body).await;
        user.client.headers.truncate(1);
        reply
    };
    let parts = "/api/uploads/resumable";
    assert_eq!(send(&mut ada, whole, 1).await.status, 201);
    assert_eq!(send(&mut ada, parts, 1).await.status, 201);
    for path in [whole, parts] {
        too_many(&send(&mut ada, path, 1).await, 1_800);
    }
    let mut grace = user_at(&app, "Grace", "203.0.113.7").await;
    assert_eq!(send(&mut grace, parts, 1).await.status, 201);
    for path in [whole, parts] {
        too_many(&send(&mut grace, path, 1).await, 1_200);
    }
}

#[tokio::test]
async fn names_are_not_taken_without_end() {
    let app = start(&["--limit-new-names", "2", "--limit-sign-ins", "2"]).await;
    let mut ada = app.user("Ada").await;
    app.user("Grace").await;
    let name = json!({ "name": "Rain" });
    too_many(&app.browser().post("/api/session", &name).await, 30);
    too_many(&app.browser().form("/login", &[("displayName", "Rain")]).await, 30);
    for _ in 0..2 {
        let again = ada.client.post("/api/session", &json!({ "name": "Ada" })).await;
        assert_eq!(again.status, 201);
    }
    too_many(&ada.client.post("/api/session", &json!({ "name": "Ada" })).await, 30);
    too_many(&ada.client.form("/login", &[("displayName", "Ada")]).await, 30);
}

#[tokio::test]
async fn a_remembered_browser_does_not_wait_for_others_at_its_address() {
    let app = start(&["--limit-sign-ins", "2", "--limit-wrong-passwords", "1"]).await;
    let mut ada = user_at(&app, "Ada", "203.0.113.7").await;
    let body = json!({ "current": null, "new": "correct horse" });
    assert_eq!(ada.client.put("/api/me/password", &body).await.status, 204);
    let (name, wrong) = (json!({ "name": "Ada" }), json!({ "name": "Ada", "password": "wrong" }));
    let mut stranger = app.browser();
    stranger.headers.clone_from(&ada.client.headers);
    assert_eq!(stranger.post("/api/session", &wrong).await.code(), "wrong_password");
    assert_eq!(stranger.post("/api/session", &wrong).await.code(), "too_many");
    let right = json!({ "name": "Ada", "password": "correct horse" });
    too_many(&stranger.post("/api/session", &right).await, 60);
    for _ in 0..2 {
        assert_eq!(ada.client.post("/api/session", &name).await.status, 201);
    }
    too_many(&ada.client.post("/api/session", &name).await, 30);
}

#[tokio::test]
async fn sockets_are_counted_per_person_and_per_address() {
    let args = ["--limit-connections-per-person", "2", "--limit-connections-per-address", "5"];
    let app = start(&args).await;
    let ada = user_at(&app, "Ada", "203.0.113.7").await;
    let (first, _second) = (ada.listen().await, ada.listen_classic().await);
    for namespace in ["/app", "/"] {
        let mut third = Socket::open(&ada.client).await;
        let refused = third.connect(namespace, None).await.unwrap_err();
        assert_eq!(refused["message"], "too_many");
        assert!(refused["data"]["retry_after_s"].as_u64().unwrap() > 0);
    }
    // A slot is free again when its connection ends.
    drop(first);
    let until = Instant::now() + DEADLINE;
    let mut again = Socket::open(&ada.client).await;
    while again.connect("/app", None).await.is_err() {
        assert!(Instant::now() < until, "a slot in time");
    }

    let address: IpAddr = "203.0.113.9".parse().unwrap();
    let grace = user_at(&app, "Grace", &address.to_string()).await;
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(Socket::open(&grace.client).await);
    }
    assert_eq!(Socket::try_open(&grace.client).await.err(), Some(429));
    let elsewhere = user_at(&app, "Rain", "203.0.113.10").await;
    assert!(Socket::try_open(&elsewhere.client).await.is_ok());

    // A block of IPv6 addresses of one customer is one address here too.
    for n in 0..5 {
        let wide = user_at(&app, &format!("w{n}"), &format!("2001:db8:1:2:{n}::{n}")).await;
        held.push(Socket::open(&wide.client).await);
    }
    let sixth = user_at(&app, "w5", "2001:db8:1:2:ffff::1").await;
    assert_eq!(Socket::try_open(&sixth.client).await.err(), Some(429));
    let next_door = user_at(&app, "next door", "2001:db8:1:3::1").await;
    assert!(Socket::try_open(&next_door.client).await.is_ok());
}

/// A connection through a proxy is counted for the address that its request is from, as long as it
/// lasts.
#[tokio::test]
async fn requests_under_way_are_counted_per_address() {
    let app = start(&["--limit-http-connections-per-address", "2"]).await;
    // A poll is under way until the server has something to say.
    let poll = async |address: &str| {
        let mut client = app.browser();
        client.headers.push(("x-forwarded-for", address.to_owned()));
        let path = "/socket.io/?EIO=4&transport=polling";
        let hello = client.get(path).await.text();
        let hello: Value = serde_json::from_str(&hello[1..]).unwrap();
        let head = format!(
            "GET {path}&sid={} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n\r\n",
            hello["sid"].as_str().unwrap()
        );
        let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.unwrap();
        stream
    };
    let mut browser = app.browser();
    browser.headers.push(("x-forwarded-for", "2001:db8:1:2::9".into()));
    let held = [poll("2001:db8:1:2::1").await, poll("2001:db8:1:2:ffff::1").await];
    let until = tokio::time::Instant::now() + DEADLINE;
    let refused = loop {
        let reply = browser.get("/healthz").await;
        if reply.status != 200 {
            break reply;
        }
        assert!(tokio::time::Instant::now() < until, "both are seen in time");
    };
    too_many(&refused, 1);
    let mut elsewhere = app.browser();
    elsewhere.headers.push(("x-forwarded-for", "2001:db8:1:3::9".into()));
    for _ in 0..10 {
        assert_eq!(elsewhere.get("/healthz").await.status, 200);
    }
    drop(held);
    while browser.get("/healthz").await.status != 200 {
        assert!(tokio::time::Instant::now() < until, "a slot in time");
    }
}

#[tokio::test]
async fn a_lecture_room_fits_behind_one_address() {
    let app = TestApp::start_with(&[]).await;
    let channel = app.user("Lecturer").await.channel("lecture").await;
    let people = (0..500).map(|n| {
        let app = &app;
        async move {
            let mut user = app.user(&format!("student {n}")).await;
            let socket = user.listen().await;
            user.say(channel, "here").await;
            user.say(channel, "a question").await;
            socket
        }
    });
    let mut sockets = Vec::new();
    let mut people: Vec<_> = people.collect();
    while !people.is_empty() {
        let group = people.split_off(people.len().saturating_sub(50));
        sockets.extend(futures_util::future::join_all(group).await);
    }
    assert_eq!(sockets.len(), 500);
}

/// What never comes is not waited for: no event has attachments.
#[tokio::test]
async fn a_packet_that_announces_attachments_ends_its_connection() {
    let app = TestApp::start().await;
    let ada = app.user("Ada").await;
    for namespace in ["/app", "/"] {
        let mut socket = Socket::open(&ada.client).await;
        socket.connect(namespace, None).await.unwrap();
        let prefix = if namespace == "/" { String::new() } else { format!("{namespace},") };
        socket.send(&format!("451-{prefix}[\"x\",{{\"_placeholder\":true,\"num\":0}}]")).await;
        socket.closed().await;
    }
}
