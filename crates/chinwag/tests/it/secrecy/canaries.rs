//! Random histories with words in private places that must not reach anybody outside.
//!
//! People inside make private channels, write, attach files, change topics and names, and take public
//! channels out of sight and private ones into it. People outside, with every role, hold sockets on both
//! namespaces and read everything that they can think of; some of their roles change, and some of them are
//! inside a channel for a while. Nothing that they get holds a canary or an id of a private channel that they
//! were not inside of when it was written.

use std::collections::HashSet;

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
    /// The canaries that they may know, because they were inside then.
    known: HashSet<usize>,
    /// The private channels that they were inside of.
    visited: HashSet<i64>,
}

impl Eavesdropper {
    async fn new(user: User) -> Self {
        let (app, classic) = Self::sockets(&user).await;
        Self { user, app, classic, known: HashSet::new(), visited: HashSet::new() }
    }

    async fn sockets(user: &User) -> (Socket, Socket) {
        let mut app = user.listen().await;
        // `settled` needs the classic namespace on the same connection.
        app.connect("/", None).await.expect("they may connect");
        (app, user.listen_classic().await)
    }

    /// Connects again: another role ended the sockets.
    async fn come_back(&mut self) {
        (self.app, self.classic) = Self::sockets(&self.user).await;
    }

    /// Looks whether anything that was got holds a secret.
    fn check(&self, from: &str, got: &str, secrets: &Secrets) {
        let lower = got.to_lowercase();
        for (at, _) in lower.match_indices(CANARY) {
            let number: String =
                lower[at + CANARY.len()..].chars().take_while(char::is_ascii_digit).collect();
            let number: usize = number.parse().unwrap_or(usize::MAX);
            let may = self.known.contains(&number);
            assert!(may, "{} got {CANARY}{number} from {from}", self.user.name);
        }
        let known = |id: &i64| self.visited.contains(id) || secrets.once_public.contains(id);
        for channel in secrets.channels.iter().filter(|id| !known(id)) {
            let id = channel.to_string();
            // An answer may repeat the address that was asked for.
            let told = got.contains(&id) && !from.contains(&id);
            assert!(!told, "{} got the id {id} from {from}: {got}", self.user.name);
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
    /// The channels that are private now.
    channels: Vec<i64>,
    /// Those of them that were public before.
    once_public: HashSet<i64>,
    files: Vec<String>,
    /// The channel in which each canary is; 0 until it is known.
    canaries: Vec<i64>,
}

impl Secrets {
    /// A new secret text, in a channel.
    fn next(&mut self, channel: i64) -> String {
        self.canaries.push(channel);
        format!("{CANARY}{}", self.canaries.len() - 1)
    }

    /// The canaries in a channel.
    fn of(&self, channel: i64) -> impl Iterator<Item = usize> {
        let all = self.canaries.iter().enumerate();
        all.filter(move |(_, at)| **at == channel).map(|(canary, _)| canary)
    }

    /// Makes a private channel with a secret name.
    async fn make(&mut self, maker: &mut User, people: &[i64]) -> i64 {
        let name = self.next(0);
        let channel = private(maker, &name, people).await;
        if let Some(last) = self.canaries.last_mut() {
            *last = channel;
        }
        self.channels.push(channel);
        channel
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
    match (chance.below(8), channel) {
        (0, _) | (_, None) => {
            secrets.make(user, &others).await;
        }
        (1, Some(channel)) => {
            // Hosts alone change the name.
            let what = ["topic", "name"][chance.below(2)];
            let change = json!({ what: secrets.next(channel) });
            user.client.patch(&format!("/api/channels/{channel}"), &change).await;
        }
        (2, Some(channel)) => {
            let path = format!("/api/uploads?name={}.txt", secrets.next(channel));
            let text = secrets.next(channel).into_bytes();
            let file = user.client.send(Method::POST, &path, "text/plain", text).await.json();
            let file = file["id"].as_str().unwrap().to_owned();
            let body = json!({ "text": secrets.next(channel), "attachments": [file] });
            user.post(channel, &body).await;
            secrets.files.push(file);
        }
        (3, Some(channel)) => {
            let posted = user.post(channel, &json!({ "text": secrets.next(channel) })).await;
            if posted.status == 201 {
                let number = posted.json()["number"].clone();
                let path = format!("/api/channels/{channel}/messages/{number}");
                user.client.delete(&path).await;
            }
        }
        (4, Some(channel)) => {
            let root = user.post(channel, &json!({ "text": secrets.next(channel) })).await;
            if root.status == 201 {
                let also = chance.below(2) == 0;
                let body = json!({
                    "text": secrets.next(channel), "thread": root.json()["number"], "also": also,
                });
                user.post(channel, &body).await;
            }
        }
        (_, Some(channel)) => {
            user.post(channel, &json!({ "text": secrets.next(channel) })).await;
        }
    }
}

/// Takes a public channel out of sight, or a private one without secrets into it.
async fn turn(ada: &mut User, step: usize, ears: &mut [Eavesdropper], secrets: &mut Secrets) {
    let (first, then) =
        if step.is_multiple_of(2) { ("public", "private") } else { ("private", "public") };
    let draft = json!({ "name": format!("turned {step}"), "kind": first });
    let made = ada.client.post("/api/channels", &draft).await;
    let channel = made.json()["id"].as_i64().unwrap();
    let path = format!("/api/channels/{channel}");
    assert_eq!(ada.post(channel, &json!({ "text": "nothing" })).await.status, 201);
    if first == "private" {
        secrets.channels.push(channel);
    }
    for ear in ears {
        ear.hear(secrets).await;
    }
    let turned = ada.client.patch(&path, &json!({ "kind": then })).await;
    assert_eq!(turned.status, 200, "{}", turned.text());
    if then == "public" {
        secrets.channels.retain(|one| *one != channel);
        return;
    }
    secrets.once_public.insert(channel);
    secrets.channels.push(channel);
    let named = ada.client.patch(&path, &json!({ "name": secrets.next(channel) })).await;
    assert_eq!(named.status, 200, "{}", named.text());
    assert_eq!(ada.post(channel, &json!({ "text": secrets.next(channel) })).await.status, 201);
}

/// Lets somebody outside into a channel, and out again.
async fn visit(ada: &mut User, ear: &mut Eavesdropper, chance: &mut Chance, secrets: &mut Secrets) {
    ear.hear(secrets).await;
    let Some(channel) = secrets.channel(chance) else { return };
    let members = format!("/api/channels/{channel}/members");
    let added = ada.client.post(&members, &json!({ "people": [ear.user.id] })).await;
    assert_eq!(added.status, 204, "{}", added.text());
    assert_eq!(ada.post(channel, &json!({ "text": secrets.next(channel) })).await.status, 201);
    ear.visited.insert(channel);
    ear.known.extend(secrets.of(channel));
    ear.hear(secrets).await;
    let read = ear.user.client.get(&format!("/api/channels/{channel}/messages")).await;
    assert!(read.text().contains(CANARY), "they read it while they are inside");
    // Whoever does not run the channel may not take out: then they leave.
    let out = ada.client.delete(&format!("{members}/{}", ear.user.id)).await;
    if out.status != 204 {
        let path = format!("/api/channels/{channel}/membership");
        assert_eq!(ear.user.client.delete(&path).await.status, 204);
    }
    ear.app.event("lost").await;
    ear.hear(secrets).await;
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
    for name in ["Member", "Moderator", "Owner", "Guest", "Changing"] {
        let mut user = app.user(name).await;
        user.join(lobby).await;
        outside.push(user);
    }
    let mut secrets = Secrets::default();
    let [_, moderator, owner, guest, changing] = outside.as_mut_slice() else { unreachable!() };
    let mut roles =
        [(moderator, "moderator"), (owner, "owner"), (guest, "guest"), (changing, "member")];
    let app = app.with_roles(&mut roles).await;
    for user in inside.iter_mut().chain(&mut outside) {
        user.client.address = app.address;
    }
    let people: Vec<i64> = inside.iter().map(|user| user.id).collect();
    let first = secrets.make(&mut inside[0], &people).await;
    inside[0].say(first, &secrets.next(first)).await;
    let mut ears = Vec::new();
    for user in outside {
        ears.push(Eavesdropper::new(user).await);
    }
    let role = format!("/api/people/{}/role", ears[4].user.id);
    for step in 0..STEPS {
        act(&mut inside, &mut chance, &mut secrets).await;
        let ear = chance.below(ears.len());
        ears[ear].read(&mut chance, &secrets).await;
        if step % 15 == 7 {
            // Guests are let in by invites alone.
            let ear = [0, 1, 2, 4][chance.below(4)];
            visit(&mut inside[0], &mut ears[ear], &mut chance, &mut secrets).await;
            let new = ["member", "moderator"][step / 15 % 2];
            ears[4].hear(&secrets).await;
            let given = ears[2].user.client.put(&role, &json!({ "role": new })).await;
            assert_eq!(given.status, 204, "{}", given.text());
            ears[4].come_back().await;
        }
        if step % 20 == 13 {
            turn(&mut inside[0], step / 20, &mut ears, &mut secrets).await;
        }
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
