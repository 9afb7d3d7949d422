//! Random histories with words in private places that must not reach anybody outside.
//!
//! People inside make private channels, write, attach files, change topics and leave. People outside,
//! with every role, hold sockets on both namespaces and read everything that they can think of. No
//! canary and no id of a private channel is in anything that they get.

use chinwag::clock::{Clock as _, SystemClock};
use hyper::Method;
use serde_json::{Value, json};

use super::private;
use crate::app::{TestApp, User};
use crate::socket::Socket;

/// What every secret text contains, with a number behind it.
const CANARY: &str = "canary";
/// How many steps a history has.
const STEPS: usize = 120;

/// The same numbers for the same seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ (bits >> 31)) % end as u64).unwrap()
    }
}

/// Somebody outside, who listens.
struct Eavesdropper {
    user: User,
    app: Socket,
    classic: Socket,
    /// The canaries that they may know, because they were inside then: those below this number.
    known: usize,
}

impl Eavesdropper {
    async fn new(user: User, known: usize) -> Self {
        let mut app = user.listen().await;
        // `settled` needs the classic namespace on the same connection.
        app.connect("/", None).await.expect("they may connect");
        let classic = user.listen_classic().await;
        Self { user, app, classic, known }
    }

    /// Looks whether anything that was got holds a secret.
    fn check(&self, from: &str, got: &str, secrets: &Secrets) {
        let lower = got.to_lowercase();
        for (at, _) in lower.match_indices(CANARY) {
            let number: String =
                lower[at + CANARY.len()..].chars().take_while(char::is_ascii_digit).collect();
            let number: usize = number.parse().unwrap_or(usize::MAX);
            assert!(number < self.known, "{} got {CANARY}{number} from {from}", self.user.name);
        }
        if self.known == 0 {
            for channel in &secrets.channels {
                let id = channel.to_string();
                // An answer may repeat the address that was asked for.
                let told = got.contains(&id) && !from.contains(&id);
                assert!(!told, "{} got the id {id} from {from}: {got}", self.user.name);
            }
        }
    }

    async fn hear(&mut self, secrets: &Secrets) {
        let heard = self.app.settled().await;
        let classic = self.classic.settled().await;
        for (name, event) in heard.into_iter().chain(classic) {
            // What they joined before they left is told with its id.
            self.check(&name, &event.to_string(), secrets);
        }
    }

    async fn read(&mut self, chance: &mut Chance, secrets: &Secrets) {
        let path = secrets.address(chance);
        let reply = self.user.client.get(&path).await;
        let heads = format!("{:?}", reply.headers);
        self.check(&path, &(heads + &reply.text()), secrets);
    }

    /// Asks to hear and to join a private channel.
    async fn intrude(&mut self, chance: &mut Chance, secrets: &Secrets) {
        let Some(channel) = secrets.channel(chance) else { return };
        let looked = self.app.ask("/app", "preview", json!({ "channel": channel })).await;
        assert_eq!(looked["ok"], false, "{} hears {channel}", self.user.name);
        let shown = self.app.ask("/app", "presence", json!({ "open": channel })).await;
        assert_eq!(shown["ok"], false, "{} shows {channel}", self.user.name);
        let path = format!("/api/channels/{channel}/membership");
        let joined = self.user.client.send(Method::PUT, &path, "", Vec::new()).await;
        assert_eq!(joined.status, 404, "{}", joined.text());
        let posted = self.user.post(channel, &json!({ "text": "let me in" })).await;
        assert_eq!(posted.status, 404, "{}", posted.text());
        let name = format!("{CANARY}0");
        let told = self.classic.ask("/", "join", json!({ "channel": name })).await;
        assert_eq!(told["ok"], false);
    }
}

/// What was made inside.
#[derive(Default)]
struct Secrets {
    channels: Vec<i64>,
    files: Vec<String>,
    canaries: usize,
}

impl Secrets {
    fn next(&mut self) -> String {
        self.canaries += 1;
        format!("{CANARY}{}", self.canaries - 1)
    }

    fn channel(&self, chance: &mut Chance) -> Option<i64> {
        let count = self.channels.len();
        (count > 0).then(|| self.channels[chance.below(count)])
    }

    /// Something to read.
    fn address(&self, chance: &mut Chance) -> String {
        let id = self.channel(chance).unwrap_or(1);
        let count = self.files.len();
        let file = if count > 0 { &self.files[chance.below(count)] } else { "none" };
        let all = [
            "/api/state".to_owned(),
            "/api/channels".to_owned(),
            "/api/place/changes?since=0".to_owned(),
            "/api/me/changes?since=0".to_owned(),
            "/api/me".to_owned(),
            "/api/people".to_owned(),
            "/channels".to_owned(),
            "/channel/lobby".to_owned(),
            "/settings".to_owned(),
            "/saved".to_owned(),
            "/threads".to_owned(),
            "/api/me/saved".to_owned(),
            "/api/me/follows".to_owned(),
            "/api/me/threads".to_owned(),
            "/activity".to_owned(),
            // An answer repeats what was asked for.
            "/api/search?q=canar".to_owned(),
            "/api/search?q=canar&order=best".to_owned(),
            "/api/search?q=has:file&kind=files".to_owned(),
            format!("/api/search?in={id}"),
            "/search?q=canar".to_owned(),
            "/api/me/activity".to_owned(),
            "/api/me/activity/new".to_owned(),
            "/".to_owned(),
            "/api/openapi.json".to_owned(),
            format!("/c/{id}"),
            format!("/api/channels/{id}"),
            format!("/api/channels/{id}/messages"),
            format!("/api/channels/{id}/changes?since=0"),
            format!("/api/channels/{id}/members"),
            format!("/api/channels/{id}/people"),
            format!("/api/channels/{id}/digest"),
            format!("/files/{file}/x"),
            format!("/thumbnails/{file}"),
            "/api/directory".to_owned(),
            "/api/place/people".to_owned(),
            "/api/log".to_owned(),
            "/api/message-reports".to_owned(),
            "/api/invites".to_owned(),
            "/api/waiting".to_owned(),
            format!("/api/channels/{id}/door"),
            format!("/api/channels/{id}/kept-out"),
            format!("/c/{id}/1"),
            format!("/c/{id}/2?thread"),
            format!("/api/channels/{id}/threads/2"),
            format!("/api/uploads/{file}"),
            "/api/channels/1/members".to_owned(),
            "/api/channels/1/changes?since=0".to_owned(),
        ];
        all[chance.below(all.len())].clone()
    }
}

/// One thing that somebody inside does.
async fn act(inside: &mut [User], chance: &mut Chance, secrets: &mut Secrets) {
    let who = chance.below(inside.len());
    let others: Vec<i64> = inside.iter().map(|user| user.id).collect();
    let user = &mut inside[who];
    let channel = secrets.channel(chance);
    match (chance.below(7), channel) {
        (0, _) | (_, None) => {
            let name = secrets.next();
            let channel = private(user, &name, &others).await;
            secrets.channels.push(channel);
        }
        (1, Some(channel)) => {
            let topic = json!({ "topic": secrets.next() });
            user.client.patch(&format!("/api/channels/{channel}"), &topic).await;
        }
        (2, Some(channel)) => {
            let path = format!("/api/uploads?name={}.txt", secrets.next());
            let text = secrets.next().into_bytes();
            let file = user.client.send(Method::POST, &path, "text/plain", text).await.json();
            let file = file["id"].as_str().unwrap().to_owned();
            let body = json!({ "text": secrets.next(), "attachments": [file] });
            user.post(channel, &body).await;
            secrets.files.push(file);
        }
        (3, Some(channel)) => {
            let posted = user.post(channel, &json!({ "text": secrets.next() })).await;
            if posted.status == 201 {
                let number = posted.json()["number"].clone();
                let path = format!("/api/channels/{channel}/messages/{number}");
                user.client.delete(&path).await;
            }
        }
        (4, Some(channel)) => {
            let root = user.post(channel, &json!({ "text": secrets.next() })).await;
            if root.status == 201 {
                let also = chance.below(2) == 0;
                let body = json!({
                    "text": secrets.next(), "thread": root.json()["number"], "also": also,
                });
                user.post(channel, &body).await;
            }
        }
        (_, Some(channel)) => {
            user.post(channel, &json!({ "text": secrets.next() })).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_private_place_reaches_anybody_outside() {
    let seed = u64::try_from(SystemClock.now().0).unwrap();
    println!("seed {seed}");
    let mut chance = Chance(seed);
    let off = ["messages", "new-channels", "commands", "topics", "uploads"];
    let off = off.map(|limit| format!("--limit-{limit}=0"));
    let app = TestApp::start_with(&off.each_ref().map(String::as_str)).await;
    let mut inside = Vec::new();
    for name in ["Ada", "Bob", "Cleo"] {
        inside.push(app.user(name).await);
    }
    let lobby = inside[0].channel("lobby").await;
    let mut outside = Vec::new();
    for name in ["Member", "Moderator", "Owner", "Guest", "Former"] {
        let mut user = app.user(name).await;
        user.join(lobby).await;
        outside.push(user);
    }
    let mut secrets = Secrets::default();
    // The former member is in the first channel for a while, and knows what was said there.
    let former = outside.pop().unwrap();
    let name = secrets.next();
    let people = [former.id, inside[1].id];
    let first = private(&mut inside[0], &name, &people).await;
    secrets.channels.push(first);
    inside[0].say(first, &secrets.next()).await;
    let [_, moderator, owner, guest] = outside.as_mut_slice() else { unreachable!() };
    let mut roles = [(moderator, "moderator"), (owner, "owner"), (guest, "guest")];
    let app = app.with_roles(&mut roles).await;
    for user in inside.iter_mut().chain(&mut outside) {
        user.client.address = app.address;
    }
    let mut former = former;
    former.client.address = app.address;
    let mut ears = Vec::new();
    let mut former = Eavesdropper::new(former, 0).await;
    let path = format!("/api/channels/{first}/membership");
    assert_eq!(former.user.client.delete(&path).await.status, 204);
    former.app.event("lost").await;
    former.app.settled().await;
    former.known = secrets.canaries;
    ears.push(former);
    for user in outside {
        ears.push(Eavesdropper::new(user, 0).await);
    }
    for step in 0..STEPS {
        act(&mut inside, &mut chance, &mut secrets).await;
        let ear = chance.below(ears.len());
        ears[ear].read(&mut chance, &secrets).await;
        if step % 10 == 0 {
            ears[ear].intrude(&mut chance, &secrets).await;
            let noise = inside[0].post(lobby, &json!({ "text": "noise" })).await;
            assert_eq!(noise.status, 201);
            for ear in &mut ears {
                ear.hear(&secrets).await;
            }
        }
    }
    for ear in &mut ears {
        ear.hear(&secrets).await;
    }
    let read: Value = inside[0].client.get(&format!("/api/channels/{first}/messages")).await.json();
    assert!(read.to_string().contains(CANARY), "those inside do read it");
}
