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
    let text = |event: &'_ Value| {
        let is_message = event["message"]["text"].is_string() && event["type"] != "line";
        is_message || event["msg"].is_string()
    };
    let with = heard.iter().filter(|(_, event)| text(event));
    let said = |event| -> &str {
        let event: &Value = event;
        event["message"]["text"].as_str().or(event["msg"].as_str()).unwrap_or_default()
    };
    with.map(|(name, event)| (name.as_str(), said(event))).collect()
}

/// Ada and Bob are in a lobby, which Ada's bot knows, and in places that it does not know of. What is said
/// and what is called there has a canary in it.
struct Town {
    ada: User,
    bob: User,
    bot: Bot,
    lobby: i64,
    /// A public channel, a private one, and a direct conversation.
    hidden: [i64; 3],
    /// A file in the public one.
    file: String,
}

impl Town {
    async fn build(app: &TestApp) -> Self {
        let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
        let (lobby, other) = (ada.channel("lobby").await, ada.channel("canary-square").await);
        bob.join(lobby).await;
        bob.join(other).await;
        let team = private(&mut ada, "canary team", &[bob.id]).await;
        let direct = ada.client.post("/api/direct", &json!({ "people": [bob.id] })).await.json();
        let hidden = [other, team, direct["id"].as_i64().unwrap()];
        for channel in hidden {
            ada.say(channel, "a canary sings").await;
        }
        let page = ada.client.get("/channel/canary-square").await;
        assert_eq!(page.status, 200, "it was visited last");
        let path = "/api/uploads?name=canary.txt";
        let file = ada.client.send(hyper::Method::POST, path, "", b"x".to_vec()).await;
        let file = file.json()["id"].as_str().unwrap().to_owned();
        ada.post(other, &json!({ "text": "a canary", "attachments": [file] })).await;
        let limits = json!({ "name": "bot", "channels": [lobby] });
        let bot = Bot::of(app, &mut ada, limits).await;
        Self { ada, bob, bot, lobby, hidden, file }
    }

    /// Everything happens that is no business of the bot: to the person, to others and to the place.
    async fn live(&mut self) {
        for channel in self.hidden {
            self.bob.say(channel, "a canary in words").await;
            let path = format!("/api/channels/{channel}/read");
            self.ada.client.put(&path, &json!({ "number": 2 })).await;
        }
        self.ada.channel("canary-new").await;
        private(&mut self.bob, "canary with me", &[self.ada.id]).await;
        let topic = json!({ "topic": "canary" });
        self.bob.client.patch(&format!("/api/channels/{}", self.hidden[0]), &topic).await;
        // He takes his name again, so that only an event of the place could tell the other.
        for name in ["Bob canary", "Bob"] {
            self.bob.client.put("/api/me/name", &json!({ "name": name })).await;
        }
    }

    fn check(&self, from: &str, told: &str) {
        let told = told.to_lowercase();
        assert!(!told.contains("canary"), "{from}: {told}");
        for id in &self.hidden[1..] {
            assert!(!told.contains(&id.to_string()), "{from}: {told}");
        }
    }
}

#[tokio::test]
async fn a_narrow_token_hears_nothing_but_its_channel() {
    let app = TestApp::start_with(&["--limit-messages=0", "--limit-commands=0"]).await;
    let mut town = Town::build(&app).await;
    let (mut socket, heads) = town.bot.listen().await;
    // The line of who joined.
    assert_eq!(heads["heads"], json!([[town.lobby, 1]]), "{heads}");
    assert!(heads["own"].is_null() && heads["place"].is_null(), "{heads}");
    town.live().await;
    town.bob.say(town.lobby, "in the lobby").await;
    let heard = socket.settled().await;
    town.check("a socket", &format!("{heard:?}"));
    assert_eq!(texts(&heard), [("message", "in the lobby"), ("emit msg", "in%20the%20lobby")]);
    // Nor does it learn of others by asking.
    let said = socket.ask("/app", "presence", json!({ "state": "here", "watch": [1, 2, 3] })).await;
    assert_eq!(said["code"], "forbidden", "a program is nobody whom others see");
    let absent = socket.ask("/app", "preview", json!({ "channel": 98 })).await;
    assert_eq!(absent["code"], "not_found");
    for intruded in town.hidden {
        let looked = socket.ask("/app", "preview", json!({ "channel": intruded })).await;
        assert_eq!(looked, absent);
    }
    for event in ["join", "send msg", "del msg"] {
        let ask = |name: &str| json!({ "channel": name, "msg": "let me in", "id": 1 });
        let looked = socket.ask("/", event, ask("canary-square")).await;
        let absent = socket.ask("/", event, ask("canary-nothing")).await;
        assert_eq!((&looked["code"], &looked), (&json!("not_found"), &absent), "{event}");
    }
}

#[tokio::test]
async fn a_narrow_token_reads_nothing_but_its_channel() {
    let app = TestApp::start_with(&["--limit-messages=0", "--limit-commands=0"]).await;
    let mut town = Town::build(&app).await;
    town.live().await;
    // Every address of a channel answers alike for one that it may not know of and for none.
    for door in chinwag::http::doors() {
        if !door.contains("/api/channels/{id}") && !door.contains(" /c/{id}") {
            continue;
        }
        for hidden in town.hidden {
            let absent = if hidden < 10 { 9 } else { hidden ^ 1 };
            let answer = knock(&town.bot.client, &door, hidden).await;
            assert_eq!(answer.status, 404, "{door}");
            let nothing = knock(&town.bot.client, &door, absent).await;
            // An answer repeats only the ids of private places, which are long.
            let [hidden, absent] = [hidden, absent].map(|id| if id < 10 { i64::MAX } else { id });
            assert_eq!(seen(&answer, hidden), seen(&nothing, absent), "{door}");
        }
    }
    // Nothing that it may read at all tells of another.
    let mut client = town.bot.client.clone();
    for door in chinwag::http::doors() {
        let Some(path) = door.strip_prefix("GET ") else { continue };
        let of_file =
            ["/files/", "/thumbnails/", "/uploads/"].iter().any(|part| path.contains(part));
        let id = if path.contains("/people/") { town.bob.id } else { town.lobby };
        let id = if of_file { town.file.clone() } else { id.to_string() };
        let path = path
            .replace("{id}", &id)
            .replace("{name}", "nothing")
            .replace("{number}", "1")
            .replace("{emoji}", "%F0%9F%91%8D")
            .replace("{side}", "72")
            .replace("{tab}", "members");
        town.check(&path, &client.get(&path).await.text());
    }
    assert_eq!(client.get("/channel/canary-square").await.status, 404);
    let listed = client.get("/api/channels").await.json();
    let named = [&listed["channels"][0]["name"], &listed["channels"][1]];
    assert_eq!(named, [&json!("lobby"), &Value::Null], "{listed}");
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
    let said = tea["messages"].as_array().unwrap().iter().filter(|one| one["line"].is_null());
    assert_eq!(said.count(), 2, "{tea}");
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

#[tokio::test]
async fn a_narrow_token_learns_no_names_by_calling_people() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.user("Ada").await, app.user("Bob").await);
    let _cleo = app.user("Cleo").await;
    let lobby = ada.channel("lobby").await;
    bob.join(lobby).await;
    let limits = json!({ "name": "narrow", "channels": [lobby] });
    let mut bot = Bot::of(&app, &mut ada, limits).await;
    let people = |letters: &str| format!("/api/channels/{lobby}/people?letters={letters}");
    let names = |reply: Value| -> Vec<String> {
        let people = reply["people"].as_array().unwrap().clone();
        people.iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(ada.client.get(&people("c")).await.json()), ["Cleo"], "their person may");
    assert_eq!(names(bot.client.get(&people("c")).await.json()), Vec::<String>::new());
    assert_eq!(names(bot.client.get(&people("b")).await.json()), ["Bob"]);

    let messages = format!("/api/channels/{lobby}/messages");
    let said = bot.client.post(&messages, &json!({ "text": "@Cleo @Bob @all" })).await.json();
    let called = |said: &Value| -> Vec<Value> {
        said["mentions"].as_array().unwrap().iter().map(|one| one["user"].clone()).collect()
    };
    assert_eq!(called(&said), [json!(bob.id), Value::Null]);
    let at = format!("{messages}/{}", said["number"]);
    let edited = bot.client.patch(&at, &json!({ "text": "@Cleo, @Bob" })).await.json();
    assert_eq!(called(&edited), [json!(bob.id)]);
}
