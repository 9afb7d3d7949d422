//! Bot tokens with limits. One that is limited to channels knows no other thing of its person's or of the
//! place, by whatever door; one that only reads changes nothing.

use serde_json::{Value, json};

use super::absent::{knock, seen};
use super::private;
use crate::app::{TestApp, User};
use crate::client::Client;
use crate::socket::Socket;

/// A bot with a token of a person.
struct Bot {
    client: Client,
    auth: Value,
}

impl Bot {
    async fn of(app: &TestApp, user: &mut User, limits: Value) -> Self {
        let made = user.client.post("/api/me/tokens", &limits).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let token = made.json()["token"].as_str().unwrap().to_owned();
        let mut client = app.browser();
        client.headers.push(("authorization", format!("Bearer {token}")));
        Self { client, auth: json!({ "token": token }) }
    }

    /// A socket on both namespaces, with the first heads on `/app`.
    async fn listen(&self) -> (Socket, Value) {
        let mut socket = Socket::open(&self.client).await;
        socket.connect("/app", Some(self.auth.clone())).await.expect("they may connect");
        let heads = socket.event("heads").await;
        socket.connect("/", Some(self.auth.clone())).await.expect("they may connect");
        (socket, heads)
    }
}

/// The names and texts of the events that carry a message.
fn texts(heard: &[(String, Value)]) -> Vec<(&str, &str)> {
    let text = |event: &'_ Value| event["message"]["text"].is_string() || event["msg"].is_string();
    let with = heard.iter().filter(|(_, event)| text(event));
    let said = |event| -> &str {
        let event: &Value = event;
        event["message"]["text"].as_str().or(event["msg"].as_str()).unwrap_or_default()
    };
    with.map(|(name, event)| (name.as_str(), said(event))).collect()
}

#[tokio::test]
async fn a_narrow_token_knows_nothing_but_its_channel() {
    let limits = ["messages", "new-channels", "commands", "topics"];
    let off = limits.map(|limit| format!("--limit-{limit}=0"));
    let app = TestApp::start_with(&off.each_ref().map(String::as_str)).await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (lobby, other) = (ada.channel("lobby").await, ada.channel("canary-square").await);
    bob.join(lobby).await;
    bob.join(other).await;
    let team = private(&mut ada, "canary team", &[bob.id]).await;
    let direct = ada.client.post("/api/direct", &json!({ "people": [bob.id] })).await.json();
    let direct = direct["id"].as_i64().unwrap();
    for channel in [other, team, direct] {
        ada.say(channel, "a canary sings").await;
    }
    let page = ada.client.get("/channel/canary-square").await;
    assert_eq!(page.status, 200, "it was visited last");
    let file =
        ada.client.send(hyper::Method::POST, "/api/uploads?name=canary.txt", "", b"x".to_vec());
    let file = file.await.json()["id"].as_str().unwrap().to_owned();
    ada.post(other, &json!({ "text": "a canary", "attachments": [file] })).await;
    let limits = json!({ "name": "bot", "channels": [lobby] });
    let bot = Bot::of(&app, &mut ada, limits).await;

    let (mut socket, heads) = bot.listen().await;
    assert_eq!(heads["heads"], json!([[lobby, 0]]), "{heads}");
    assert!(heads["own"].is_null() && heads["place"].is_null(), "{heads}");
    // Everything that happens elsewhere, to the person, to others and to the place.
    for channel in [other, team, direct] {
        bob.say(channel, "a canary in words").await;
        let path = format!("/api/channels/{channel}/read");
        ada.client.put(&path, &json!({ "number": 2 })).await;
    }
    ada.channel("canary-new").await;
    private(&mut bob, "canary with me", &[ada.id]).await;
    bob.client.patch(&format!("/api/channels/{other}"), &json!({ "topic": "canary" })).await;
    bob.client.put("/api/me/name", &json!({ "name": "Bob canary" })).await;
    ada.client.put("/api/me/profile", &json!({ "about": "tea" })).await;
    // He writes under his name from before, so that only the event of the place could tell the other.
    bob.client.put("/api/me/name", &json!({ "name": "Bob" })).await;
    bob.say(lobby, "in the lobby").await;
    let heard = socket.settled().await;
    let told = format!("{heard:?}").to_lowercase();
    assert!(!told.contains("canary") && !told.contains(&team.to_string()), "{told}");
    assert_eq!(texts(&heard), [("message", "in the lobby"), ("emit msg", "in%20the%20lobby")]);
    for intruded in [other, team, direct, 99] {
        let looked = socket.ask("/app", "preview", json!({ "channel": intruded })).await;
        let absent = socket.ask("/app", "preview", json!({ "channel": 98 })).await;
        assert_eq!((looked["ok"].clone(), &looked), (json!(false), &absent));
    }
    for event in ["join", "send msg", "del msg"] {
        let ask = |name: &str| json!({ "channel": name, "msg": "let me in", "id": 1 });
        let looked = socket.ask("/", event, ask("canary-square")).await;
        let absent = socket.ask("/", event, ask("canary-nothing")).await;
        assert_eq!((looked["code"].clone(), &looked), (json!("not_found"), &absent), "{event}");
    }

    // Every address of a channel answers alike for one that it may not know of and for none.
    let doors: Vec<String> = chinwag::http::doors()
        .into_iter()
        .filter(|door| door.contains("/api/channels/{id}") || door.contains(" /c/{id}"))
        .collect();
    for door in &doors {
        for hidden in [other, team, direct] {
            let absent = if hidden == other { 9 } else { hidden ^ 1 };
            let answer = knock(&bot.client, door, hidden).await;
            assert_eq!(answer.status, 404, "{door}");
            let nothing = knock(&bot.client, door, absent).await;
            // An answer repeats only the ids of private places, which are long.
            let [hidden, absent] = [hidden, absent].map(|id| if id < 10 { i64::MAX } else { id });
            assert_eq!(seen(&answer, hidden), seen(&nothing, absent), "{door}");
        }
    }
    // Nothing that it may read at all tells of another.
    let mut client = bot.client.clone();
    for door in chinwag::http::doors() {
        let Some(path) = door.strip_prefix("GET ") else { continue };
        let id = if path.contains("/people/") { bob.id } else { lobby };
        let path = path
            .replace(
                "{id}",
                &if path.contains("files") || path.contains("thumb") || path.contains("upload") {
                    file.clone()
                } else {
                    id.to_string()
                },
            )
            .replace("{name}", "canary-square")
            .replace("{number}", "1")
            .replace("{side}", "72")
            .replace("{tab}", "members");
        let answer = client.get(&path).await;
        let told = answer.text().to_lowercase();
        let echo = path.contains("canary") && answer.status == 404;
        assert!(echo || !told.contains("canary"), "{path}: {told}");
        assert!(!told.contains(&team.to_string()) && !told.contains(&direct.to_string()), "{path}");
    }
    let listed = client.get("/api/channels").await.json();
    assert_eq!(listed["channels"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["channels"][0]["name"], "lobby");
    let state = client.get("/api/state?channel=canary-square").await;
    assert!(!state.text().contains("canary in words"));
    for address in ["/api/people?q=b", "/api/place/changes", "/api/me/changes"] {
        assert_eq!(client.get(address).await.code(), "not_found", "{address}");
    }
}

#[tokio::test]
async fn a_narrow_token_follows_its_person_in_and_out() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (square, away) = (bob.channel("square").await, bob.channel("away").await);
    let limits = json!({ "name": "bot", "channels": [square] });
    let mut bot = Bot::of(&app, &mut ada, limits).await;
    let (mut socket, heads) = bot.listen().await;
    assert!(
        !heads["heads"].to_string().contains(&square.to_string()),
        "its person is not in it: {heads}"
    );
    bob.say(square, "too early").await;
    for channel in [square, away] {
        ada.join(channel).await;
        bob.say(channel, "welcome").await;
    }
    let heard = socket.settled().await;
    assert_eq!(texts(&heard), [("message", "welcome"), ("emit msg", "welcome")], "{heard:?}");
    let messages = format!("/api/channels/{square}/messages");
    assert_eq!(bot.client.post(&messages, &json!({ "text": "I" })).await.status, 201);
    let membership = format!("/api/channels/{square}/membership");
    assert_eq!(ada.client.delete(&membership).await.status, 204);
    bob.say(square, "too late").await;
    let heard = socket.settled().await;
    assert_eq!(texts(&heard), [("message", "I"), ("emit msg", "I")], "{heard:?}");
    // Looking is not joining, for a bot too; it ends when its person is kept out.
    let looked = socket.ask("/app", "preview", json!({ "channel": square })).await;
    assert_eq!(looked["ok"], true);
    bob.say(square, "seen").await;
    assert_eq!(socket.event("message").await["message"]["text"], "seen");
    let keep_out = format!("/api/channels/{square}/kept-out/{}", ada.id);
    assert_eq!(bob.client.put(&keep_out, &json!({})).await.status, 204);
    bob.say(square, "unseen").await;
    assert_eq!(texts(&socket.settled().await), []);
    assert_eq!(bot.client.get(&format!("/api/channels/{square}")).await.code(), "not_found");
}

#[tokio::test]
async fn a_token_that_only_reads_changes_nothing() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let (tea, cake) = (ada.channel("tea").await, ada.channel("cake").await);
    bob.join(tea).await;
    ada.say(tea, "mine").await;
    ada.client.post(&format!("/api/channels/{tea}/visit"), &Value::Null).await;
    let limits = json!({ "name": "bot", "reads_only": true });
    let mut bot = Bot::of(&app, &mut ada, limits).await;
    let (mut socket, _) = bot.listen().await;
    bob.say(tea, "heard").await;
    assert_eq!(socket.event("message").await["message"]["text"], "heard");
    assert_eq!(bot.client.get(&format!("/api/channels/{tea}/messages")).await.status, 200);
    let page = bot.client.get("/channel/cake").await;
    assert_eq!(page.status, 200, "pages are read too");
    let messages = format!("/api/channels/{tea}/messages");
    let refused = bot.client.post(&messages, &json!({ "text": "x" })).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "token_reads"));
    assert!(
        refused.json()["detail"].as_str().unwrap().contains("only reads"),
        "{}",
        refused.text()
    );
    for event in ["send msg", "del msg", "join"] {
        let payload = json!({ "channel": "tea", "msg": "x", "id": 1 });
        assert_eq!(socket.ask("/", event, payload).await["code"], "token_reads", "{event}");
    }
    let form = bot.client.form("/channel/tea", &[("msg", "x")]).await;
    assert_eq!(form.status, 403, "{}", form.text());
    let me = ada.client.get("/api/me").await.json();
    assert_eq!(me["last_channel"], tea, "that the bot looked at {cake} is not noted");
    let tea = ada.client.get(&format!("/api/channels/{tea}/messages")).await.json();
    assert_eq!(tea["messages"].as_array().map(Vec::len), Some(2), "{tea}");
}

#[tokio::test]
async fn a_token_is_limited_to_what_its_maker_sees_and_listed_so() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let tea = ada.channel("tea").await;
    let team = private(&mut bob, "team", &[]).await;
    let mut make = async |channels: Value| {
        let draft = json!({ "name": "bot", "channels": channels, "reads_only": true });
        ada.client.post("/api/me/tokens", &draft).await
    };
    for unseen in [team, team ^ 1] {
        let refused = make(json!([tea, unseen])).await;
        assert_eq!((refused.status, refused.code().as_str()), (404, "not_found"), "{unseen}");
    }
    assert_eq!(make(json!([])).await.code(), "invalid");
    let many: Vec<i64> = (1..=21).collect();
    assert_eq!(make(json!(many)).await.code(), "too_many_of");
    assert_eq!(make(json!([tea, tea])).await.status, 201);
    let listed = ada.client.get("/api/me/tokens").await.json();
    assert_eq!(listed["tokens"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["tokens"][0]["channels"], json!([tea]));
    assert_eq!(listed["tokens"][0]["reads_only"], true);
}
