//! Somebody who writes nothing and changes what can be changed again and again: what is pinned and saved, how
//! far they have read, which threads they follow, how much they want to be told, and where they are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::copy::integer;
use crate::http::{Answer, Client};
use crate::own::{At, Seat, Stand};
use crate::pause;
use crate::room::Room;
use crate::wishes::Wishes;

/// They look at so many newest messages of a channel.
const REACHED: i64 = 30;
/// The longest pause between two wishes, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 40;
/// The most of one kind that they keep: what they pinned, saved or stand to. A channel has at most 100 pins.
const MOST: usize = 30;
const LEVELS: [&str; 3] = ["all", "mentions", "nothing"];

/// A person with wishes.
pub(crate) struct Wisher {
    room: Room,
    person: Client,
    rng: Rng,
    name: String,
    book: Arc<Mutex<Wishes>>,
    /// Which of how many they are: each pins other messages.
    share: (i64, i64),
    wished: u64,
}

impl Wisher {
    /// Starts one. Returns the book and the task.
    pub(crate) fn start(
        room: Room,
        person: Client,
        name: String,
        seed: u64,
        share: (usize, usize),
    ) -> (Arc<Mutex<Wishes>>, JoinHandle<()>) {
        let book = Arc::<Mutex<Wishes>>::default();
        let rng = Rng::with_seed(seed);
        let share = (share.0 as i64, share.1 as i64);
        let wisher = Self { room, person, rng, name, book: Arc::clone(&book), share, wished: 0 };
        (book, tokio::spawn(wisher.run()))
    }

    async fn run(mut self) {
        loop {
            let gate = Arc::clone(&self.room.gate);
            let through = gate.read().await;
            if *self.room.stop.borrow() {
                return;
            }
            self.wish().await;
            drop(through);
            let wait = self.rng.u64(0..LONGEST_PAUSE_MS);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    async fn wish(&mut self) {
        let channel = self.room.channels[self.rng.usize(0..self.room.channels.len())];
        let Some(newest) = self.room.ledger.newest(channel) else { return };
        let number = self.rng.i64((newest - REACHED).max(1)..=newest);
        let at = (channel, number);
        self.wished += 1;
        match self.rng.u8(0..100) {
            0..22 => self.mark(at).await,
            22..27 => self.level(channel).await,
            27..30 => self.come_back(channel).await,
            30..42 => self.save(at).await,
            42..50 => self.take_out(false).await,
            50..58 => self.pin(at).await,
            58..64 => self.take_down(false).await,
            64..76 => self.follow(at, true).await,
            76..84 => self.unfollow(false).await,
            _ => self.mark_thread(number).await,
        }
        self.take_out(true).await;
        self.take_down(true).await;
        self.unfollow(true).await;
    }

    async fn mark(&mut self, (channel, number): At) {
        let is_reading = self.rng.bool();
        let body = json!({ "number": number, "kind": if is_reading { "read" } else { "mark" } });
        let path = format!("/api/channels/{channel}/read");
        let answer = self.insist(Method::PUT, &path, Some(&body)).await;
        let told = answer.json();
        let known = self.book().seats.get(&channel).cloned();
        let before = known.as_ref().map_or(0, |seat| seat.number);
        let now = (integer(&told["number"]), integer(&told["step"]));
        let wanted = if is_reading { number.max(before) } else { number };
        let is_right = now.0 == wanted || (known.is_none() && is_reading && now.0 > wanted);
        if answer.status != 200 || !is_right {
            return self.refused("a mark", &answer);
        }
        if let Some(seat) = known {
            let seat = Seat { number: now.0, step: now.1, ..seat };
            self.book().seats.insert(channel, seat);
        } else {
            // The level is not known before it is asked for.
            let told = self.insist(Method::GET, &format!("/api/channels/{channel}"), None).await;
            self.book().seats.insert(channel, Seat::of(&told.json()));
        }
        self.acknowledged();
    }

    async fn level(&mut self, channel: i64) {
        let level = LEVELS[self.rng.usize(0..LEVELS.len())];
        let path = format!("/api/channels/{channel}/level");
        let body = json!({ "level": level });
        let answer = self.insist(Method::PUT, &path, Some(&body)).await;
        let told = answer.json();
        if answer.status != 200 || told["level"] != level {
            return self.refused("a level", &answer);
        }
        self.book().seats.insert(channel, Seat::of(&told));
        self.acknowledged();
    }

    /// Leaves a channel and joins it again. Marks and threads of it are forgotten with that.
    async fn come_back(&mut self, channel: i64) {
        let path = format!("/api/channels/{channel}/membership");
        let left = self.insist(Method::DELETE, &path, None).await;
        if left.status >= 300 {
            return self.refused("leaving", &left);
        }
        let joined = self.insist(Method::PUT, &path, None).await;
        let told = joined.json();
        if joined.status != 200 || told["member"] != true {
            return self.refused("joining", &joined);
        }
        let mut book = self.book();
        book.threads.retain(|thread, _| thread.0 != channel);
        book.seats.insert(channel, Seat::of(&told));
        drop(book);
        self.acknowledged();
    }

    async fn save(&mut self, at: At) {
        let note = format!("{} 记 {}", self.name, self.wished);
        let body = json!({ "note": note });
        let answer = self.insist(Method::PUT, &address(at, "saved"), Some(&body)).await;
        let told = answer.json();
        if answer.status == 404 {
            return;
        }
        if answer.status != 200 || told["kept"] != true || told["note"] != note.as_str() {
            return self.refused("saving", &answer);
        }
        self.book().saved.insert(at, note);
        self.acknowledged();
    }

    async fn take_out(&mut self, only_what_is_too_much: bool) {
        let kept = self.book().saved.keys().copied().collect();
        let Some(at) = self.one_of(kept, only_what_is_too_much) else { return };
        let answer = self.insist(Method::DELETE, &address(at, "saved"), None).await;
        // What was deleted is not there any more, once it is taken out.
        if answer.status != 404 && (answer.status != 200 || answer.json()["kept"] != false) {
            return self.refused("taking out", &answer);
        }
        self.book().saved.remove(&at);
        self.acknowledged();
    }

    async fn pin(&mut self, (channel, number): At) {
        let at = (channel, number - number.rem_euclid(self.share.1) + self.share.0);
        let answer = self.insist(Method::PUT, &address(at, "pin"), None).await;
        if answer.status == 404 {
            return;
        }
        if answer.status != 200 || answer.json()["pin"].is_null() {
            return self.refused("a pin", &answer);
        }
        self.book().pins.insert(at);
        self.acknowledged();
    }

    async fn take_down(&mut self, only_what_is_too_much: bool) {
        let pinned = self.book().pins.iter().copied().collect();
        let Some(at) = self.one_of(pinned, only_what_is_too_much) else { return };
        let answer = self.insist(Method::DELETE, &address(at, "pin"), None).await;
        if answer.status != 404 && (answer.status != 200 || !answer.json()["pin"].is_null()) {
            return self.refused("taking a pin down", &answer);
        }
        self.book().pins.remove(&at);
        self.acknowledged();
    }

    async fn follow(&mut self, at: At, on: bool) {
        let method = if on { Method::PUT } else { Method::DELETE };
        let path = format!("/api/channels/{}/threads/{}/follow", at.0, at.1);
        let answer = self.insist(method, &path, None).await;
        if answer.status == 404 {
            // It is a line, a reply, or a message without replies that was deleted.
            return;
        }
        let stand = Stand::of(&answer.json());
        if answer.status != 200 || stand.following != on {
            return self.refused("following", &answer);
        }
        if on {
            self.book().threads.insert(at, stand);
        } else {
            self.book().threads.remove(&at);
        }
        self.acknowledged();
    }

    async fn unfollow(&mut self, only_what_is_too_much: bool) {
        let followed = self.book().threads.keys().copied().collect();
        if let Some(at) = self.one_of(followed, only_what_is_too_much) {
            self.follow(at, false).await;
        }
    }

    /// Reads on in one of the threads that they follow.
    async fn mark_thread(&mut self, number: i64) {
        let known: Vec<(At, Stand)> =
            self.book().threads.iter().map(|(at, stand)| (*at, *stand)).collect();
        if known.is_empty() {
            return;
        }
        let (at, before) = known[self.rng.usize(0..known.len())];
        let path = format!("/api/channels/{}/threads/{}/read", at.0, at.1);
        let answer = self.insist(Method::PUT, &path, Some(&json!({ "number": number }))).await;
        let stand = Stand::of(&answer.json());
        let is_right = stand.following && stand.number >= before.number;
        if answer.status != 200 || !is_right {
            return self.refused("a mark in a thread", &answer);
        }
        self.book().threads.insert(at, stand);
        self.acknowledged();
    }

    /// One of what they keep; or none, unless that is too much.
    fn one_of(&mut self, kept: Vec<At>, only_what_is_too_much: bool) -> Option<At> {
        let most = if only_what_is_too_much { MOST } else { 0 };
        (kept.len() > most).then(|| kept[self.rng.usize(0..kept.len())])
    }

    fn book(&self) -> MutexGuard<'_, Wishes> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn acknowledged(&self) {
        self.room.ledger.count(|counts| counts.wished += 1);
    }

    /// Repeats a request until there is an answer.
    async fn insist(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        loop {
            match self.person.ask(method.clone(), path, body).await {
                Ok(answer) if !answer.is_passing() => return answer,
                _ => self.room.ledger.count(|counts| counts.retried += 1),
            }
            tokio::time::sleep(pause::RETRY).await;
        }
    }

    fn refused(&self, what: &str, answer: &Answer) {
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        let name = &self.name;
        self.room.ledger.fault(format!("{what} of {name}: {} {said}", answer.status));
    }
}

fn address((channel, number): At, what: &str) -> String {
    format!("/api/channels/{channel}/messages/{number}/{what}")
}
