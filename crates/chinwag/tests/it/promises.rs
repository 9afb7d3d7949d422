//! What the product is sold on, each with a test that tries to break it.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::app::{TestApp, User};
use crate::binary::Binary;
use crate::client::Client;
use crate::socket::Socket;

/// A client's copy of a channel: applies an event that follows on what it has, else it knows that
/// it missed one.
#[derive(Default)]
struct Copy {
    revision: i64,
    messages: BTreeMap<i64, Value>,
}

impl Copy {
    fn apply(&mut self, event: &Value) -> bool {
        let (since, revision) =
            (event["since"].as_i64().unwrap(), event["revision"].as_i64().unwrap());
        assert!(since < revision, "{event}");
        if revision <= self.revision {
            return true;
        }
        if since > self.revision {
            return false;
        }
        self.revision = revision;
        let message = &event["message"];
        self.messages.insert(message["number"].as_i64().unwrap(), message.clone());
        true
    }

    async fn catch_up(&mut self, client: &mut Client, channel: i64) {
        loop {
            let path = format!("/api/channels/{channel}/changes?since={}&limit=7", self.revision);
            let changes = client.get(&path).await.json();
            for message in changes["messages"].as_array().unwrap() {
                self.messages.insert(message["number"].as_i64().unwrap(), message.clone());
            }
            self.revision = changes["reached"].as_i64().unwrap();
            if changes["complete"] == true {
                assert_eq!(changes["reached"], changes["revision"]);
                return;
            }
        }
    }
}

async fn fresh(client: &mut Client, channel: i64) -> BTreeMap<i64, Value> {
    let mut copy = Copy::default();
    copy.catch_up(client, channel).await;
    copy.messages
}

/// Several people write and delete at once; everybody hears every revision, in order, without one
/// missing, and ends with what a fresh load shows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_come_in_the_order_of_revisions_and_none_is_missing() {
    const WRITERS: usize = 6;
    const EACH: i64 = 25;
    let app = TestApp::start().await;
    let mut ada = app.user("Ada").await;
    let channel = ada.channel("general").await;
    let mut window = ada.listen().await;
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..WRITERS {
        let mut writer = app.user(&format!("writer {n}")).await;
        writers.spawn(async move { write(&mut writer, channel, EACH).await });
    }
    let mut copy = Copy::default();
    // Each writer joins by writing, which a line says.
    let total = WRITERS as i64 * (1 + EACH + EACH / 5);
    while copy.revision < total {
        let heard = window.change().await;
        assert!(copy.apply(&heard), "{} after {}", heard["revision"], copy.revision);
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    assert_eq!(copy.messages, fresh(&mut ada.client, channel).await);
}

async fn write(writer: &mut User, channel: i64, count: i64) {
    for n in 0..count {
        let message = writer.say(channel, &format!("{} says {n}", writer.name.clone())).await;
        if n % 5 == 0 {
            let number = &message["number"];
            writer.client.delete(&format!("/api/channels/{channel}/messages/{number}")).await;
        }
    }
}

/// A client that comes and goes while others write: what it heard plus what it asked for is what a
/// fresh load shows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_away_catches_up_without_a_hole() {
    let app = TestApp::start().await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let mut copy = Copy::default();
    for round in 0..6 {
        let mut window = grace.listen().await;
        // The state is read after the subscription stands, so nothing falls between.
        copy.catch_up(&mut grace.client, channel).await;
        write(&mut ada, channel, 5).await;
        for _ in 0..round {
            let heard = window.change().await;
            copy.apply(&heard);
        }
        drop(window);
        write(&mut ada, channel, 5).await;
    }
    copy.catch_up(&mut grace.client, channel).await;
    assert_eq!(copy.messages, fresh(&mut ada.client, channel).await);
}

/// The real binary, killed under load again and again: every message that was acknowledged is there
/// exactly once, and the revisions have no gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    const ROUNDS: usize = 5;
    let data = tempfile::tempdir().unwrap();
    let mut acknowledged: BTreeMap<String, i64> = BTreeMap::new();
    let (mut ada, mut channel): (Option<Client>, i64) = (None, 0);
    for round in 0..ROUNDS {
        let mut server = Binary::start(data.path());
        let mut client = match ada.take() {
            Some(client) => Client { address: server.address, ..client },
            None => {
                let mut client = Client::new(server.address);
                client.post("/api/session", &json!({ "name": "Ada" })).await;
                let made = client.post("/api/channels", &json!({ "name": "general" })).await;
                channel = made.json()["id"].as_i64().unwrap();
                client
            }
        };
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let writers: Vec<_> = (0..4)
            .map(|n| {
                let (client, told) = (client.clone(), told.clone());
                tokio::spawn(
                    async move { write_until_killed(client, channel, round, n, told).await },
                )
            })
            .collect();
        drop(told);
        // Let it get under way, then pull the plug in the middle.
        for _ in 0..40 {
            let (key, number) = heard.recv().await.expect("an acknowledged message");
            acknowledged.insert(key, number);
        }
        server.kill();
        while let Some((key, number)) = heard.recv().await {
            acknowledged.insert(key, number);
        }
        for writer in writers {
            writer.await.unwrap();
        }
        client.cookies = client.cookies.clone();
        ada = Some(client);
    }
    let mut server = Binary::start(data.path());
    let mut client = Client { address: server.address, ..ada.unwrap() };
    let stored = fresh(&mut client, channel).await;
    let numbers: Vec<i64> = stored.keys().copied().collect();
    assert_eq!(numbers, (1..=stored.len() as i64).collect::<Vec<_>>(), "contiguous");
    let mut by_key: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (number, message) in &stored {
        by_key.entry(message["key"].as_str().unwrap()).or_default().push(*number);
    }
    for (key, number) in &acknowledged {
        assert_eq!(by_key.get(key.as_str()), Some(&vec![*number]), "kept, once, in its place");
    }
    server.kill();
}

async fn write_until_killed(
    client: Client,
    channel: i64,
    round: usize,
    writer: usize,
    told: tokio::sync::mpsc::UnboundedSender<(String, i64)>,
) {
    for n in 0.. {
        let key = format!("00000000-0000-4000-8000-{round:04x}{writer:04x}{n:04x}");
        let body = json!({ "key": key, "text": format!("{round}/{writer}/{n}") });
        let path = format!("/api/channels/{channel}/messages");
        let bytes = body.to_string().into_bytes();
        match client.exchange(hyper::Method::POST, &path, "application/json", bytes).await {
            Ok(reply) if reply.status == 201 => {
                let number = reply.json()["number"].as_i64().unwrap();
                told.send((key, number)).unwrap();
            }
            Ok(reply) => panic!("{}", reply.text()),
            Err(_) => return,
        }
    }
}

/// SIGTERM: what is in flight is finished, the exit is clean and soon.
#[tokio::test]
async fn it_stops_cleanly_when_told() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Binary::start(data.path());
    let mut client = Client::new(server.address);
    client.post("/api/session", &json!({ "name": "Ada" })).await;
    let mut socket = crate::socket::Socket::open(&client).await;
    socket.connect("/app", None).await.unwrap();
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    socket.ended("/app").await;
    let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap()).await.unwrap();
    assert!(status.success(), "{status}");
}

/// A second server on the same data is refused with a sentence.
#[tokio::test]
async fn one_folder_has_one_server() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Binary::start(data.path());
    let second = Binary::command(data.path()).stderr(Stdio::piped()).output().unwrap();
    assert!(!second.status.success());
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(told.contains("chinwag: ") && told.contains("another"), "{told}");
    first.kill();
}

/// Whoever connects while others write hears every change that the heads do not tell of yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_connects_while_others_write_misses_no_change() {
    const CONNECTIONS: usize = 60;
    let app = TestApp::start_with(&["--limit-messages=0"]).await;
    let (mut ada, mut grace) = (app.user("Ada").await, app.user("Grace").await);
    let channel = ada.channel("general").await;
    grace.join(channel).await;
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..3 {
        let mut writer = app.user(&format!("writer {n}")).await;
        writer.join(channel).await;
        writers.spawn(async move {
            loop {
                writer.say(channel, "and so on").await;
            }
        });
    }
    for _ in 0..CONNECTIONS {
        let mut window = Socket::open(&grace.client).await;
        window.connect("/app", None).await.expect("they may connect");
        let heads = window.event("heads").await;
        let head = heads["heads"].as_array().unwrap().iter().find(|head| head[0] == channel);
        let mut copy = Copy { revision: head.unwrap()[1].as_i64().unwrap(), ..Copy::default() };
        let heard = window.change().await;
        assert!(copy.apply(&heard), "{heard} after {}", copy.revision);
    }
}
