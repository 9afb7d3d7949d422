//! Whoever keeps order: they put people into a private channel and take them out, make a channel private
//! and public, make somebody a guest and a member, and deactivate people. Those whom it is about look at
//! what they see of it, before and after every kill.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use fastrand::Rng;
use hyper::Method;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::task::JoinHandle;

use crate::copy::integer;
use crate::http::{Answer, Client};
use crate::pause;
use crate::rights::{Known, Right, Rights};
use crate::room::Room;
use crate::server::Installation;
use crate::socket::Socket;

/// People who are put in and taken out.
const VISITORS: usize = 3;
/// The longest pause between two acts, and between two looks, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 60;
/// How many sessions of deactivated people are tried again and again.
const MOST_ENDED: usize = 10;

/// What is kept order in.
#[derive(Clone)]
struct Place {
    room: Room,
    rights: Arc<Rights>,
    /// The private channel.
    private: i64,
    /// The channel that is made private and public.
    turning: i64,
}

/// The tasks of whoever keeps order and of whom it is about. They end when this is dropped.
pub(crate) struct Order {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Order {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Order {
    /// Makes the channels and the people, and starts.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) async fn start(room: Room, installation: &Installation, seed: u64) -> Result<Self> {
        let address = installation.address;
        let mut person = owner(installation).await?;
        let private = channel(&mut person, "kept", "private").await?;
        let turning = channel(&mut person, "turning", "public").await?;
        let place = Place { room, rights: Arc::default(), private, turning };
        let mut tasks = Vec::new();
        let mut visitors = Vec::new();
        for number in 0..VISITORS {
            let mut visitor = Client::sign_in(address, &format!("visitor {number}")).await?;
            let id = me(&mut visitor).await?;
            visitors.push(id);
            let ear = visitor.twin();
            tasks.push(tokio::spawn(place.clone().look(visitor, Right::Inside(id))));
            tasks.push(tokio::spawn(place.clone().listen(ear, Right::Inside(id))));
        }
        let outsider = Client::sign_in(address, "outsider").await?;
        tasks.push(tokio::spawn(place.clone().look(outsider, Right::Public(turning))));
        let mut changing = Client::sign_in(address, "now and then a guest").await?;
        let guest = me(&mut changing).await?;
        tasks.push(tokio::spawn(place.clone().look(changing, Right::Guest(guest))));
        let rng = Rng::with_seed(seed);
        let keeper = Keeper { place, person, rng, visitors, guest, ended: Vec::new(), acts: 0 };
        tasks.push(tokio::spawn(keeper.run()));
        Ok(Self { tasks })
    }
}

/// A person with a password, whom the operator made owner.
async fn owner(installation: &Installation) -> Result<Client> {
    let mut person = Client::sign_in(installation.address, "keeper").await?;
    let password = json!({ "new": "correct horse" });
    let set = person.ask(Method::PUT, "/api/me/password", Some(&password)).await;
    ensure!(set.is_ok_and(|answer| answer.status == 204), "no password was set");
    let mut named = Command::new(&installation.binary);
    named.args(["owner", "keeper", "--data"]).arg(&installation.data);
    let named = named.output().await.context("cannot name the owner")?;
    if !named.status.success() {
        bail!("chinwag owner: {}", String::from_utf8_lossy(&named.stderr));
    }
    Ok(person)
}

async fn channel(person: &mut Client, name: &str, kind: &str) -> Result<i64> {
    let draft = json!({ "name": name, "kind": kind });
    let made = person.ask(Method::POST, "/api/channels", Some(&draft)).await;
    let Ok(made) = made else { bail!("no answer to a new channel") };
    made.json()["id"].as_i64().context("no channel was made")
}

async fn me(person: &mut Client) -> Result<i64> {
    Ok(integer(&person.get("/api/me").await?.json()["id"]))
}

struct Keeper {
    place: Place,
    person: Client,
    rng: Rng,
    visitors: Vec<i64>,
    guest: i64,
    /// Sessions of people who were deactivated.
    ended: Vec<Client>,
    acts: u64,
}

impl Keeper {
    async fn run(mut self) {
        loop {
            let gate = Arc::clone(&self.place.room.gate);
            let through = gate.read().await;
            if *self.place.room.stop.borrow() {
                return;
            }
            self.acts += 1;
            match self.rng.u8(0..100) {
                0..50 => self.move_visitor().await,
                50..65 => self.turn().await,
                65..80 => self.change_role().await,
                80..83 => self.deactivate().await,
                83..90 => self.try_ended().await,
                _ => self.say().await,
            }
            drop(through);
            let wait = self.rng.u64(0..LONGEST_PAUSE_MS);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    async fn move_visitor(&mut self) {
        let visitor = self.visitors[self.rng.usize(0..self.visitors.len())];
        let (channel, given) = (self.place.private, self.rng.bool());
        let members = format!("/api/channels/{channel}/members");
        if given {
            let body = json!({ "people": [visitor] });
            self.change(Right::Inside(visitor), true, Method::POST, &members, Some(body)).await;
        } else {
            let path = format!("{members}/{visitor}");
            self.change(Right::Inside(visitor), false, Method::DELETE, &path, None).await;
        }
    }

    async fn turn(&mut self) {
        let (channel, public) = (self.place.turning, self.rng.bool());
        let body = json!({ "kind": if public { "public" } else { "private" } });
        let path = format!("/api/channels/{channel}");
        self.change(Right::Public(channel), public, Method::PATCH, &path, Some(body)).await;
    }

    async fn change_role(&mut self) {
        let guest = self.rng.bool();
        let body = json!({ "role": if guest { "guest" } else { "member" } });
        let path = format!("/api/people/{}/role", self.guest);
        self.change(Right::Guest(self.guest), guest, Method::PUT, &path, Some(body)).await;
    }

    /// Gives or takes a right, and notes when that is acknowledged.
    async fn change(
        &mut self,
        right: Right,
        given: bool,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) {
        self.place.rights.changing(right);
        let answer = self.insist(method, path, body.as_ref()).await;
        // Whoever is not there cannot be taken out: a try whose answer was lost may have done it.
        let is_done = answer.status < 300 || (!given && answer.status == 404);
        if !is_done {
            return self.fault(&format!("{right:?} {given}"), &answer);
        }
        self.place.rights.acknowledged(right, given);
        self.place.room.ledger.count(|counts| counts.rights += 1);
    }

    /// Deactivates somebody who came a moment before.
    async fn deactivate(&mut self) {
        let name = format!("passing {}", self.acts);
        let Ok(mut passing) = Client::sign_in(self.person.address(), &name).await else { return };
        let Ok(id) = me(&mut passing).await else { return };
        let path = format!("/api/people/{id}/deactivated");
        let answer = self.insist(Method::PUT, &path, None).await;
        if answer.status >= 300 {
            return self.fault("deactivating", &answer);
        }
        self.place.room.ledger.count(|counts| counts.rights += 1);
        if self.ended.len() >= MOST_ENDED {
            self.ended.remove(0);
        }
        self.ended.push(passing);
        self.try_ended().await;
    }

    /// No session of a person who was deactivated opens anything.
    async fn try_ended(&mut self) {
        let ledger = &self.place.room.ledger;
        for passing in &mut self.ended {
            let Ok(answer) = passing.ask(Method::GET, "/api/state", None).await else { continue };
            ledger.count(|counts| counts.looks += 1);
            if answer.status < 300 && !answer.json()["me"].is_null() {
                ledger.fault("somebody who was deactivated is signed in".to_owned());
            }
            if Socket::open(passing).await.is_ok() {
                ledger.fault("somebody who was deactivated is connected".to_owned());
            }
        }
    }

    async fn say(&mut self) {
        let path = format!("/api/channels/{}/messages", self.place.private);
        let body = json!({ "text": format!("among us {}", self.acts) });
        let answer = self.insist(Method::POST, &path, Some(&body)).await;
        if answer.status != 201 {
            self.fault("a message", &answer);
        }
    }

    async fn insist(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        loop {
            match self.person.ask(method.clone(), path, body).await {
                Ok(answer) if !answer.is_passing() => return answer,
                _ => self.place.room.ledger.count(|counts| counts.retried += 1),
            }
            tokio::time::sleep(pause::RETRY).await;
        }
    }

    fn fault(&self, what: &str, answer: &Answer) {
        let said = String::from_utf8_lossy(&answer.body);
        self.place.room.ledger.fault(format!("{what}: {} {said}", answer.status));
    }
}

impl Place {
    /// Somebody looks again and again whether they see what their right lets them see.
    async fn look(self, mut person: Client, right: Right) {
        let path = match right {
            Right::Inside(_) => format!("/api/channels/{}/messages", self.private),
            Right::Public(channel) => format!("/api/channels/{channel}/messages"),
            // Whoever is a guest is told of no list of people.
            Right::Guest(_) => "/api/people".to_owned(),
        };
        loop {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(0..LONGEST_PAUSE_MS))).await;
            let before = self.rights.known(right);
            let Ok(answer) = person.ask(Method::GET, &path, None).await else { continue };
            let Some(known) = before.filter(|_| self.rights.known(right) == before) else {
                continue;
            };
            if answer.is_passing() {
                continue;
            }
            self.room.ledger.count(|counts| counts.looks += 1);
            let opens = known.given != matches!(right, Right::Guest(_));
            if answer.status != if opens { 200 } else { 404 } {
                let given = known.given;
                let fault = format!("{right:?} is {given}, and {path} says {}", answer.status);
                self.room.ledger.fault(fault);
            }
        }
    }

    /// Somebody hears the private channel while they are in it, and nothing of it when they connected
    /// after they were taken out, or once they were told that they are.
    async fn listen(self, person: Client, right: Right) {
        loop {
            let before = self.rights.known(right).filter(|known| !known.given);
            let _ended = self.connection(&person, right, before).await;
            tokio::time::sleep(pause::RETRY).await;
        }
    }

    /// One connection, to its end. `before`: they were outside before it began, by that change.
    async fn connection(&self, person: &Client, right: Right, before: Option<Known>) -> Result<()> {
        let mut socket = Socket::open(person).await?;
        let mut is_told = false;
        loop {
            let (name, event) = socket.event().await?;
            let about = event["channel"] == self.private;
            match name.as_str() {
                "lost" if about => is_told = true,
                "membership" if event["channel"]["id"] == self.private => is_told = false,
                _ => {}
            }
            let in_heads = event["heads"]
                .as_array()
                .is_some_and(|heads| heads.iter().any(|head| head[0] == self.private));
            let is_outside = before.is_some() && self.rights.known(right) == before;
            if (name == "message" && about && (is_told || is_outside)) || (in_heads && is_outside) {
                self.room.ledger.fault(format!("{right:?} is taken, and {name} tells of it"));
            }
        }
    }
}
