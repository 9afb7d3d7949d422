//! Drives all people of a herd, and counts what happens.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use mio::{Events, Poll, Token};

use super::comer::{self, Comer, Step};
use super::outcome::Return;
use super::plan::Plan;
use crate::chance::part_of_one;
use crate::ledger::histogram;
use crate::outcome::{Latency, Usage};
use crate::people::Crowd;
use crate::process;
use crate::progress::Progress;
use crate::readiness::wait;
use crate::target::Target;

/// The time to the earliest first attempt, and the first pause, both as in the web app.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause before its jitter, as in the web app.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After this time nobody else is expected back.
const PATIENCE: Duration = Duration::from_secs(120);
/// A person who has not heard the last message after this time is deaf.
const HEARING: Duration = Duration::from_secs(15);
/// How many failed attempts are kept with their reason.
const KEPT_REASONS: usize = 5;
/// The read buffer, shared by all connections.
const BUFFER_BYTES: usize = 64 << 10;
/// Events taken from the poll at a time.
const EVENTS: usize = 1024;

/// Brings everybody of `crowd` back to `target`.
pub(crate) fn bring_back(target: &Target, crowd: &mut Crowd, plan: &Plan) -> Result<Return> {
    crowd.refresh(target)?;
    let before = Usage::read(plan.pid)?;
    let mut herd = Herd::new(target, crowd, plan)?;
    herd.return_all()?;
    let deaf = herd.count_deaf(plan)?;
    let spent = Usage::read(plan.pid)?.since(&before);
    let Herd { book, comers, .. } = herd;
    Ok(Return {
        people: comers.len(),
        current: book.current,
        deaf,
        each: Latency::of(&book.back_us),
        last_s: book.back_us.max() as f64 / 1e6,
        failed: book.failed,
        refused: book.refused,
        fetched: book.fetched,
        reasons: book.reasons,
        server_cpu_s: spent.server_cpu.map(|cpu| cpu.as_secs_f64()),
        server_peak_kb: plan.pid.map(process::peak_kb).transpose()?,
        generator_cores: spent.share(spent.own_cpu),
    })
}

/// What happened so far.
struct Book {
    open: Instant,
    back_us: Histogram<u64>,
    current: usize,
    failed: u64,
    refused: u64,
    fetched: u64,
    reasons: Vec<String>,
}

/// The herd.
struct Herd<'a> {
    target: &'a Target,
    crowd: &'a Crowd,
    since: &'a [u64],
    poll: Poll,
    buffer: Vec<u8>,
    comers: Vec<Comer>,
    /// Who makes the next attempt, and when.
    due: BinaryHeap<Reverse<(Instant, usize)>>,
    book: Book,
}

impl<'a> Herd<'a> {
    fn new(target: &'a Target, crowd: &'a Crowd, plan: &'a Plan) -> Result<Self> {
        let people = crowd.people.len();
        let due = (0..people)
            .map(|number| {
                let room = plan.spread.saturating_sub(FIRST_PAUSE);
                let pause = FIRST_PAUSE + room.mul_f64(part_of_one(number as u64));
                Reverse((plan.cut + pause, number))
            })
            .collect();
        Ok(Self {
            target,
            crowd,
            since: &plan.since,
            poll: Poll::new()?,
            buffer: vec![0; BUFFER_BYTES],
            comers: (0..people).map(|_| Comer::new()).collect(),
            due,
            book: Book {
                open: plan.open,
                back_us: histogram(),
                current: 0,
                failed: 0,
                refused: 0,
                fetched: 0,
                reasons: Vec::new(),
            },
        })
    }

    fn return_all(&mut self) -> Result<()> {
        let all = self.comers.len();
        let end = Instant::now() + PATIENCE;
        let mut events = Events::with_capacity(EVENTS);
        let mut progress = Progress::new("coming back");
        while self.book.current < all && Instant::now() < end {
            self.try_who_is_due();
            let next = self.due.peek().map_or(end, |Reverse((when, _))| *when).min(end);
            let longest = next.saturating_duration_since(Instant::now());
            wait(&mut self.poll, &mut events, Some(longest))?;
            for event in &events {
                self.advance(event.token().0);
            }
            progress.show(|| format!("{} of {all}", self.book.current));
        }
        Ok(())
    }

    fn try_who_is_due(&mut self) {
        let now = Instant::now();
        while self.due.peek().is_some_and(|Reverse((when, _))| *when <= now) {
            let Some(Reverse((_, number))) = self.due.pop() else { return };
            if let Err(error) = self.comers[number].dial(&self.poll, self.target, number) {
                self.try_again(number, &error, false);
            }
        }
    }

    /// Takes a comer one step on; its two connections have two tokens.
    fn advance(&mut self, token: usize) {
        let number = token / comer::TOKENS;
        let way = comer::Way {
            target: self.target,
            poll: &self.poll,
            token: Token(token),
            cookie: &self.crowd.people[number].cookie,
            channel: self.crowd.channels[self.crowd.seat(number)].id,
            since: self.since[self.crowd.seat(number)],
        };
        match self.comers[number].advance(&way, &mut self.buffer) {
            Ok(Step::Goes) => {}
            Ok(Step::Current { fetched }) => {
                self.book.current += 1;
                self.book.fetched += fetched;
                let took = self.book.open.elapsed().as_micros() as u64;
                self.book.back_us.saturating_record(took);
            }
            Err(failure) => {
                let is_refused = failure.is_refusal();
                // A person who was current and is cut off again has to come back again.
                self.book.current -= usize::from(self.comers[number].is_current());
                self.try_again(number, &failure, is_refused);
            }
        }
    }

    fn try_again(&mut self, number: usize, why: &impl fmt::Display, is_refused: bool) {
        self.book.failed += u64::from(!is_refused);
        self.book.refused += u64::from(is_refused);
        if self.book.reasons.len() < KEPT_REASONS {
            self.book.reasons.push(format!("{number}: {why}"));
        }
        let comer = &mut self.comers[number];
        comer.forget(&self.poll);
        comer.attempts += 1;
        let doubled = FIRST_PAUSE.saturating_mul(1 << comer.attempts.min(8)).min(LONGEST_PAUSE);
        let chance = part_of_one((number as u64) << 16 | u64::from(comer.attempts));
        self.due.push(Reverse((Instant::now() + doubled.mul_f64(0.5 + chance), number)));
    }

    /// Posts one message and counts who does not hear it.
    fn count_deaf(&mut self, plan: &Plan) -> Result<usize> {
        // Above any number that the run has used: the server knows keys for ever.
        const LAST: u64 = 1 << 32;
        let before: u64 = self.heard();
        let channels = self.crowd.channels.len() as u64;
        self.crowd.say(self.target, LAST, channels, plan.text_bytes)?;
        let end = Instant::now() + HEARING;
        let mut events = Events::with_capacity(EVENTS);
        let wanted = before + self.comers.len() as u64;
        while self.heard() < wanted && Instant::now() < end {
            let longest = end.saturating_duration_since(Instant::now());
            wait(&mut self.poll, &mut events, Some(longest))?;
            for event in &events {
                self.advance(event.token().0);
            }
        }
        Ok(wanted.saturating_sub(self.heard()) as usize)
    }

    fn heard(&self) -> u64 {
        self.comers.iter().map(|comer| comer.heard).sum()
    }
}
