//! Ten thousand listeners and a few senders on one thread and one poll.
//!
//! [`Swarm::connect`] connects everybody; [`Swarm::run`] (in `run.rs`) puts a load on the server and
//! keeps the ledger; [`Swarm::rest`] only answers heartbeats.

mod presence;
mod run;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mio::{Events, Poll, Token};

use presence::Churn;
pub(crate) use run::Plan;

pub(crate) use crate::member::Dialect;

use crate::http::lane::Lane;
use crate::ledger::Reader;
use crate::member::{Ended, Member};
use crate::people::Crowd;
use crate::progress::Progress;
use crate::readiness::wait;
use crate::target::Target;

/// How many connections are being made at a time: fewer than the usual backlog of a listening socket.
const DIALLING: usize = 256;
/// The read buffer, shared by all connections.
const BUFFER_BYTES: usize = 64 << 10;
/// Events taken from the poll at a time. The number is small, so that a due message does not wait.
const EVENTS: usize = 256;
/// If nothing happens for this long while connecting, the server is stuck.
const SILENCE: Duration = Duration::from_secs(30);

/// One person's connection and what it has heard.
#[derive(Debug)]
struct Listener {
    member: Member,
    reader: Reader,
    is_open: bool,
}

/// A kept connection for sending, and which message it waits for.
#[derive(Debug)]
struct Sender {
    lane: Lane,
    sequence: u64,
    since: Instant,
}

/// The people of a load, connected to a server.
pub(crate) struct Swarm {
    target: Target,
    crowd: Crowd,
    poll: Poll,
    buffer: Vec<u8>,
    listeners: Vec<Listener>,
    senders: Vec<Option<Sender>>,
    sequence: u64,
    dialect: Dialect,
    /// People who come and go during a load.
    churn: Option<Churn>,
    /// Why the first few connections ended.
    pub endings: Vec<String>,
    /// How long it took from the first dial until the last person heard events.
    pub connected_in: Duration,
}

impl Swarm {
    /// Connects everybody of `crowd` and waits until all of them hear events.
    pub(crate) fn connect(target: &Target, crowd: Crowd, dialect: Dialect) -> Result<Self> {
        let mut swarm = Self::silent(target, crowd, dialect)?;
        let started = Instant::now();
        swarm.bring_everybody_in()?;
        swarm.connected_in = started.elapsed();
        Ok(swarm)
    }

    /// The same people without listening, to see what their sends alone cost.
    pub(crate) fn silent(target: &Target, crowd: Crowd, dialect: Dialect) -> Result<Self> {
        Ok(Self {
            target: target.clone(),
            crowd,
            poll: Poll::new()?,
            buffer: vec![0; BUFFER_BYTES],
            listeners: Vec::new(),
            senders: Vec::new(),
            sequence: 0,
            dialect,
            churn: None,
            endings: Vec::new(),
            connected_in: Duration::ZERO,
        })
    }

    /// How many people are connected.
    pub(crate) fn connected(&self) -> usize {
        self.listeners.iter().filter(|listener| listener.is_open).count()
    }

    /// The people.
    pub(crate) fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// Cuts everybody off.
    pub(crate) fn leave(self) -> Crowd {
        self.crowd
    }

    /// Answers heartbeats for `length` and does nothing else.
    pub(crate) fn rest(&mut self, length: Duration) -> Result<()> {
        let end = Instant::now() + length;
        let mut events = Events::with_capacity(EVENTS);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            wait(&mut self.poll, &mut events, Some(left))?;
            for event in &events {
                let number = event.token().0;
                if number < self.listeners.len() {
                    self.read(number, |_, _| {});
                }
            }
        }
    }

    fn bring_everybody_in(&mut self) -> Result<()> {
        let all = self.crowd.people.len();
        let mut events = Events::with_capacity(EVENTS);
        let mut progress = Progress::new("connecting");
        let mut listening = 0;
        while listening < all {
            while self.listeners.len() < all && self.listeners.len() - listening < DIALLING {
                self.dial()?;
            }
            wait(&mut self.poll, &mut events, Some(SILENCE))?;
            if events.is_empty() {
                bail!("only {listening} of {all} are connected and nothing has moved for 30 s");
            }
            for event in &events {
                listening += usize::from(self.proceed(event.token().0)?);
            }
            progress.show(|| format!("{listening} of {all}"));
        }
        Ok(())
    }

    fn dial(&mut self) -> Result<()> {
        let number = self.listeners.len();
        let (registry, token) = (self.poll.registry(), Token(number));
        let member = Member::dial(&self.target, self.dialect, number, registry, token)
            .context("cannot dial (limit of open files?)")?;
        let reader = Reader::new(self.crowd.seat(number), 0);
        self.listeners.push(Listener { member, reader, is_open: true });
        Ok(())
    }

    /// Takes a connection one step on. `true` when it has just begun to hear events.
    fn proceed(&mut self, number: usize) -> Result<bool> {
        let member = &mut self.listeners[number].member;
        let was_listening = member.is_listening();
        let cookie = &self.crowd.people[number].cookie;
        if !was_listening {
            let registry = self.poll.registry();
            member
                .begin(self.target.host(), cookie, registry, Token(number))
                .with_context(|| who(number))?;
        }
        member.read(&mut self.buffer, |_| {}).with_context(|| who(number))?;
        Ok(!was_listening && member.is_listening())
    }

    /// Reads what a listener got. A connection that ends is taken out of the swarm. Returns whether
    /// it ended.
    fn read(&mut self, number: usize, mut heard: impl FnMut(&mut Reader, &[u8])) -> bool {
        let Listener { member, reader, is_open } = &mut self.listeners[number];
        if !*is_open {
            return false;
        }
        let Err(ended) = member.read(&mut self.buffer, |message| heard(reader, message)) else {
            return false;
        };
        *is_open = false;
        self.note(number, &ended);
        true
    }

    fn note(&mut self, number: usize, ended: &Ended) {
        const KEPT: usize = 5;
        self.listeners[number].member.deregister(self.poll.registry());
        if self.endings.len() < KEPT {
            self.endings.push(format!("{}: {ended}", who(number)));
        }
    }
}

fn who(number: usize) -> String {
    format!("connection {number}")
}
