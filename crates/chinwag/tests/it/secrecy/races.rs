//! Removals that race deliveries: people are taken out of a private channel while others write in it as fast as
//! they can. From the answer to a removal on, nothing that was written later reaches any socket of theirs, on
//! either namespace, and no request of theirs finds the channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};
use std::time::Duration;

use chinwag::clock::{Clock as _, SystemClock};
use futures_util::future::join_all;
use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::private;
use crate::app::{TestApp, User};
use crate::client::Client;
use crate::socket::Socket;

/// What stands before the number of each message.
const CANARY: &str = "canary";
/// How many write at the same time.
const WRITERS: usize = 3;
/// How many messages are written before the first removal, between two, and after the last.
const BETWEEN: i64 = 5;

/// How often it is looked whether so much was written.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// What was heard by a socket: name and payload of each event.
type Heard = Vec<(String, Value)>;

/// A socket that is read by a task of its own, all the time: the server ends a connection whose client does not
/// answer its pings.
struct Ear(mpsc::Sender<oneshot::Sender<Heard>>);

impl Ear {
    fn of(mut socket: Socket) -> Self {
        let (ask, mut asked) = mpsc::channel::<oneshot::Sender<Heard>>(1);
        tokio::spawn(async move {
            loop {
                let wanted = tokio::select! {
                    wanted = asked.recv() => wanted,
                    () = socket.read_on() => return,
                };
                let Some(answer) = wanted else { return };
                let _ = answer.send(socket.settled().await);
            }
        });
        Self(ask)
    }

    /// Everything that was sent until now.
    async fn heard(&self) -> Heard {
        let (answer, heard) = oneshot::channel();
        self.0.send(answer).await.expect("the socket is read");
        heard.await.expect("the connection is open")
    }
}

/// Whoever is put in and taken out.
struct Victim {
    user: User,
    role: &'static str,
    app: Vec<Ear>,
    classic: Ear,
    /// The first number that they may not hear: that of the next message when their removal was answered.
    cut: Arc<AtomicI64>,
}

/// The numbers of all canaries in a text.
fn canaries(text: &str) -> Vec<i64> {
    let numbers = text.match_indices(CANARY).map(|(at, _)| &text[at + CANARY.len()..]);
    numbers.map(|rest| rest.split('.').next().unwrap().parse().unwrap()).collect()
}

/// Writes until it is told to stop. The numbers are taken before the message is sent.
fn write(
    mut user: User,
    channel: i64,
    next: Arc<AtomicI64>,
    stop: Arc<AtomicBool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        while !stop.load(SeqCst) {
            let number = next.fetch_add(1, SeqCst);
            user.say(channel, &format!("{CANARY}{number}.")).await;
        }
    })
}

/// Asks for the channel in many ways until it is told to stop: whoever was out when they asked finds nothing.
fn ask(
    mut client: Client,
    channel: i64,
    cut: Arc<AtomicI64>,
    stop: Arc<AtomicBool>,
) -> JoinHandle<usize> {
    tokio::spawn(async move {
        let paths = [
            format!("/api/channels/{channel}/messages"),
            format!("/api/channels/{channel}/changes?since=0"),
            format!("/api/channels/{channel}/members"),
            format!("/c/{channel}"),
            "/api/state".to_owned(),
            "/api/channels".to_owned(),
            "/channels".to_owned(),
        ];
        let mut looked = 0;
        for path in paths.iter().cycle() {
            if stop.load(SeqCst) {
                break;
            }
            let before = cut.load(SeqCst);
            let reply = client.get(path).await;
            if before == i64::MAX || cut.load(SeqCst) != before {
                continue;
            }
            looked += 1;
            let got = format!("{:?} {}", reply.headers, reply.text());
            assert_eq!(canaries(&got), [0; 0], "{path}: {got}");
            let tells = got.contains(&channel.to_string()) && !path.contains(&channel.to_string());
            assert!(!tells, "{path} tells of the channel: {got}");
            assert!(!path.starts_with("/api/channels/") || reply.status == 404, "{path}: {got}");
        }
        looked
    })
}

async fn until(next: &AtomicI64, number: i64) {
    while next.load(SeqCst) < number {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Takes somebody out in one of three ways, and notes from when on they may hear nothing.
async fn remove(host: &mut User, victim: &mut Victim, channel: i64, way: u64, next: &AtomicI64) {
    let (id, members) = (victim.user.id, format!("/api/channels/{channel}/members"));
    let reply = match way % 3 {
        0 => host.client.delete(&format!("{members}/{id}")).await,
        1 => {
            let path = format!("/api/channels/{channel}/kept-out/{id}");
            host.client.send(Method::PUT, &path, "", Vec::new()).await
        }
        _ => victim.user.client.delete(&format!("/api/channels/{channel}/membership")).await,
    };
    assert_eq!(reply.status, 204, "{} by {way}: {}", victim.role, reply.text());
    victim.cut.store(next.load(SeqCst), SeqCst);
}

/// Puts somebody in, who may have been kept out.
async fn put_in(host: &mut User, victim: &Victim, channel: i64) {
    victim.cut.store(i64::MAX, SeqCst);
    let path = format!("/api/channels/{channel}/kept-out/{}", victim.user.id);
    host.client.delete(&path).await;
    let body = json!({ "people": [victim.user.id] });
    let reply = host.client.post(&format!("/api/channels/{channel}/members"), &body).await;
    assert_eq!(reply.status, 204, "{}", reply.text());
}

/// Everything that was heard was written before the removal was answered; something was.
async fn check(victim: &Victim, first: i64) {
    let (cut, who) = (victim.cut.load(SeqCst), (victim.user.name.clone(), victim.role));
    let mut most = 0;
    for ear in &victim.app {
        let heard = ear.heard().await;
        assert!(heard.iter().any(|(name, _)| name == "lost"), "{who:?} was told: {heard:?}");
        let lost = heard.iter().rposition(|(name, _)| name == "lost").unwrap();
        let after: Vec<&(String, Value)> =
            heard[lost..].iter().filter(|(name, _)| name == "message").collect();
        assert!(after.is_empty(), "{who:?} heard on after it was lost: {after:?}");
        let numbers: Vec<i64> =
            heard.iter().flat_map(|(_, event)| canaries(&event.to_string())).collect();
        assert!(numbers.iter().all(|number| *number < cut), "{who:?} {cut}: {numbers:?}");
        most = most.max(numbers.iter().filter(|number| **number >= first).count());
    }
    assert!(most > 0, "{who:?} heard the channel while they were in it");
    let heard = victim.classic.heard().await;
    let told = heard.iter().find(|(_, event)| event.to_string().contains(CANARY));
    assert!(told.is_none(), "{who:?} on the classic namespace: {told:?}");
}

/// A place with an owner, and people of every role who hold so many sockets each.
async fn place(people: usize, sockets: usize) -> (TestApp, User, Vec<Victim>) {
    let off = ["messages", "commands", "connections-per-person", "connections-per-address"];
    let off = off.map(|limit| format!("--limit-{limit}=0"));
    let app = TestApp::start_with(&off.each_ref().map(String::as_str)).await;
    let mut owner = app.owner("Ada", "open").await;
    let mut victims = Vec::new();
    for number in 0..people {
        let role = ["member", "moderator", "guest"][number % 3];
        let mut user = app.user(&format!("{role} {number}")).await;
        if role == "moderator" {
            let password = json!({ "new": "correct horse" });
            assert_eq!(user.client.put("/api/me/password", &password).await.status, 204);
        }
        if role != "member" {
            let path = format!("/api/people/{}/role", user.id);
            assert_eq!(owner.client.put(&path, &json!({ "role": role })).await.status, 204);
        }
        let windows = (0..sockets).map(|_| async {
            let mut socket = user.listen().await;
            // `settled` needs the classic namespace on the same connection.
            socket.connect("/", None).await.expect("they may connect");
            Ear::of(socket)
        });
        let app = join_all(windows).await;
        let classic = Ear::of(user.listen_classic().await);
        victims.push(Victim { user, role, app, classic, cut: Arc::new(AtomicI64::new(i64::MAX)) });
    }
    (app, owner, victims)
}

/// Plays so many rounds: all are put in, and taken out one after the other while others write.
async fn race(seed: u64, people: usize, sockets: usize, rounds: u64) {
    println!("seed {seed}");
    let (app, mut owner, mut victims) = place(people, sockets).await;
    let channel = private(&mut owner, "secret", &[]).await;
    let (next, stop) = (Arc::new(AtomicI64::new(1)), Arc::new(AtomicBool::new(false)));
    let mut tasks = Vec::new();
    for number in 0..WRITERS {
        let writer = app.user(&format!("writer {number}")).await;
        let body = json!({ "people": [writer.id] });
        owner.client.post(&format!("/api/channels/{channel}/members"), &body).await;
        tasks.push(write(writer, channel, Arc::clone(&next), Arc::clone(&stop)));
    }
    let mut asking = Vec::new();
    for victim in victims.iter().take(3) {
        let client = victim.user.client.clone();
        asking.push(ask(client, channel, Arc::clone(&victim.cut), Arc::clone(&stop)));
    }
    let mut chance = seed;
    for _ in 0..rounds {
        let first = next.load(SeqCst);
        for victim in &victims {
            put_in(&mut owner, victim, channel).await;
        }
        for victim in &mut victims {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            until(&next, next.load(SeqCst) + BETWEEN).await;
            let way = chance >> 33;
            remove(&mut owner, victim, channel, way, &next).await;
        }
        until(&next, next.load(SeqCst) + BETWEEN).await;
        for victim in &victims {
            check(victim, first).await;
        }
    }
    stop.store(true, SeqCst);
    for task in tasks {
        task.await.unwrap();
    }
    for task in asking {
        assert!(task.await.unwrap() > 0, "they asked");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_later_than_a_removal_reaches_whoever_was_removed() {
    let seed = u64::try_from(SystemClock.now().0).unwrap();
    race(seed, 6, 2, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_is_in_force_on_a_thousand_sockets() {
    // This process has both sides of a thousand connections.
    rlimit::increase_nofile_limit(8_192).unwrap();
    race(7, 10, 100, 1).await;
}
