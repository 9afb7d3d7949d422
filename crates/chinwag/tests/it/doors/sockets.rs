//! The doors of Socket.IO: who may connect to which namespace, what they hear there, and what the
//! classic events do for whom.

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::client::Client;
use crate::socket::Socket;

/// The author's channel with one of the author's messages, and the others.
struct Room {
    app: TestApp,
    channel: i64,
    author: User,
    member: User,
    former: User,
    stranger: User,
}

impl Room {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let (mut author, mut member) = (app.user("author").await, app.user("member").await);
        let (mut former, stranger) = (app.user("former").await, app.user("stranger").await);
        let channel = author.channel("room").await;
        author.say(channel, "the author's").await;
        member.join(channel).await;
        former.join(channel).await;
        let membership = format!("/api/channels/{channel}/membership");
        assert_eq!(former.client.delete(&membership).await.status, 204);
        Self { app, channel, author, member, former, stranger }
    }
}

async fn token_of(user: &mut User) -> (Value, Value) {
    let made = user.client.post("/api/me/tokens", &json!({ "name": "bot" })).await.json();
    (made["id"].clone(), json!({ "token": made["token"] }))
}

#[tokio::test]
async fn who_shows_nothing_good_comes_into_no_namespace() {
    let mut room = Room::open().await;
    let nobody = room.app.browser();
    let ended = room.stranger.client.clone();
    assert_eq!(room.stranger.client.delete("/api/session").await.status, 204);
    let (id, revoked) = token_of(&mut room.author).await;
    room.author.client.delete(&format!("/api/me/tokens/{id}")).await;
    let (_, good) = token_of(&mut room.author).await;
    let odd = [json!({ "token": "x" }), json!({ "token": "" }), json!({ "token": "A".repeat(43) })];
    let mut cases: Vec<(&Client, &str, Option<Value>)> = vec![
        (&nobody, "/app", None),
        (&nobody, "/", None),
        (&ended, "/app", None),
        (&ended, "/", None),
        (&nobody, "/app", Some(revoked.clone())),
        (&nobody, "/", Some(revoked.clone())),
        // A bad token beside a good cookie counts as a bad token.
        (&room.member.client, "/app", Some(revoked.clone())),
        (&room.member.client, "/", Some(revoked)),
    ];
    cases.extend(odd.iter().map(|auth| (&room.member.client, "/app", Some(auth.clone()))));
    for (client, namespace, auth) in cases {
        let mut socket = Socket::open(client).await;
        let told = socket.connect(namespace, auth.clone()).await;
        let told = told.expect_err(&format!("{namespace} {auth:?}"));
        assert_eq!(told["message"], "not_signed_in", "{namespace} {auth:?}");
    }
    let mut socket = Socket::open(&nobody).await;
    for namespace in ["/app", "/"] {
        let entered = socket.connect(namespace, Some(good.clone())).await;
        assert!(entered.is_ok(), "a good token alone is enough for {namespace}");
    }
}

#[tokio::test]
async fn on_app_only_members_hear_a_channel() {
    let mut room = Room::open().await;
    let mut member = room.member.listen().await;
    let (mut former, mut stranger) = (room.former.listen().await, room.stranger.listen().await);
    room.author.say(room.channel, "to members").await;
    assert_eq!(member.event("message").await["message"]["text"], "to members");
    // Each client hears an event of its own person after that; nothing else may have come before
    // it.
    for (user, socket) in [(&mut room.former, &mut former), (&mut room.stranger, &mut stranger)] {
        let own = user.channel(&format!("of {}", user.name)).await;
        user.say(own, "own").await;
        assert_eq!(socket.event("message").await["message"]["text"], "own", "{}", user.name);
    }
    // A person who leaves hears no more, and one who joins hears from then on.
    let membership = format!("/api/channels/{}/membership", room.channel);
    assert_eq!(room.member.client.delete(&membership).await.status, 204);
    room.stranger.join(room.channel).await;
    room.author.say(room.channel, "later").await;
    assert_eq!(stranger.event("message").await["message"]["text"], "later");
    let own = room.member.channel("of member").await;
    room.member.say(own, "own").await;
    assert_eq!(member.event("message").await["message"]["text"], "own");
}

#[tokio::test]
async fn the_classic_events_do_for_each_what_rest_would() {
    let mut room = Room::open().await;
    let send = json!({ "msg": "x", "channel": "room" });
    let delete = json!({ "id": 1, "channel": "room" });
    let join = json!({ "channel": "room" });
    let forged = json!({ "user": "author", "msg": "x", "channel": "room" });
    let fine = Value::Bool(true);
    // Deleting comes last for each, and the author last of all.
    for (user, may_delete) in [
        (&room.stranger, json!("forbidden")),
        (&room.member, json!("forbidden")),
        (&room.former, json!("forbidden")),
        (&room.author, fine.clone()),
    ] {
        let mut socket = user.listen_classic().await;
        let is_author = may_delete == fine;
        let forgery = if is_author { fine.clone() } else { json!("forbidden") };
        for (name, payload, expected) in [
            ("send msg", &send, &fine),
            ("send msg", &forged, &forgery),
            ("join", &join, &fine),
            ("del msg", &delete, &may_delete),
        ] {
            let answer = socket.ask("/", name, payload.clone()).await;
            let told = if *expected == fine { &answer["ok"] } else { &answer["code"] };
            assert_eq!(told, expected, "{} {name}: {answer}", user.name);
        }
    }
    // A session that ends while it is connected ends its socket; what the client still sends is
    // refused.
    let mut socket = room.member.listen_classic().await;
    assert_eq!(room.member.client.delete("/api/session").await.status, 204);
    socket.ended("/").await;
    let page = room.author.client.get(&format!("/api/channels/{}/messages", room.channel)).await;
    let page = page.json();
    let messages = page["messages"].as_array().unwrap().iter().filter(|m| m["line"].is_null());
    let texts: Vec<Value> = messages.map(|m| m["text"].clone()).collect();
    assert_eq!(texts, ["", "x", "x", "x", "x", "x"], "one each, the forgery of the author's own");
}
