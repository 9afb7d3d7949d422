//! A shard: one thread that owns connections, with its own poll loop.
//!
//! Each turn reads what has arrived, fires timers, then makes a pass: it carries out the commands in
//! the inbox, in order, and writes what they left for each connection, in one write per connection.
//! Nothing here waits, locks for long or knows the host's types; what a client says goes up
//! through [`Upper`](crate::upper::Upper). Start reading at [`Shard::run`]; [`state`] is what the
//! thread keeps.

mod closing;
mod commands;
mod connection;
mod death;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod input;
mod opening;
mod output;
mod pace;
mod pass;
mod polling;
mod probe;
mod rooms;
mod state;
mod timers;
mod wheel;

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::{Events, Poll, Waker};
use tokio::sync::watch;

use crate::command::Command;
use crate::hub::Hub;
use crate::inbox::Inbox;
use crate::{Config, DisconnectReason};

use death::DeathWatch;
use state::{INBOX, Shard};

/// Starts the threads.
pub(crate) fn start(config: Config) -> io::Result<(Arc<Hub>, Vec<JoinHandle<()>>)> {
    let count = config.shards.clamp(1, 255);
    let polls = (0..count).map(|_| Poll::new()).collect::<io::Result<Vec<_>>>()?;
    let mut shards = Vec::with_capacity(count);
    for poll in &polls {
        shards.push(Inbox::new(Waker::new(poll.registry(), INBOX)?, &config));
    }
    let mut key = [0; 5];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let hub = Arc::new(Hub { config, key, shards, died: watch::Sender::new(false) });
    let mut threads = Vec::with_capacity(count);
    for (index, poll) in polls.into_iter().enumerate() {
        let shard = Shard::new(index as u8, &hub, poll);
        let watch = DeathWatch::new(&hub, index);
        let name = format!("socketio-{index}");
        let run = move || watch.over(|| shard.run());
        threads.push(std::thread::Builder::new().name(name).spawn(run)?);
    }
    Ok((hub, threads))
}

impl Shard {
    /// The loop of the thread, until it is told to stop.
    ///
    /// # Errors
    /// When the system does not report the events of connections any more.
    fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(1024);
        let mut commands = Vec::new();
        loop {
            self.pace.sleeps(Instant::now());
            if let Err(error) = self.poll.poll(&mut events, self.timeout())
                && error.kind() != io::ErrorKind::Interrupted
            {
                self.abandon();
                return Err(error);
            }
            let now = Instant::now();
            self.pace.woke(now);
            for event in &events {
                self.event(event);
            }
            self.read_ready();
            self.fire_timers(now);
            self.turn(now, &mut commands);
            if self.is_done(now) {
                self.abandon();
                return Ok(());
            }
        }
    }

    /// One pass, if it is time for one, and the writes.
    fn turn(&mut self, now: Instant, commands: &mut Vec<Command>) {
        if self.pace.may_pass(now) {
            let is_overrun = self.inbox.take(commands);
            self.run_commands(commands);
            if is_overrun {
                self.overrun();
            }
        }
        let wrote = self.flush();
        if wrote {
            self.pace.passed(Instant::now());
            self.inbox.counters.passes.fetch_add(1, Relaxed);
            self.inbox.counters.gap_us.store(self.pace.gap().as_micros() as u64, Relaxed);
        }
    }

    /// How long the thread may sleep.
    fn timeout(&self) -> Option<Duration> {
        if !self.ready.is_empty() {
            return Some(Duration::ZERO);
        }
        let now = Instant::now();
        let stop = self.stop_at.map(|at| at.saturating_duration_since(now));
        [self.pace.wait(now), self.wheel.wait(now), stop].into_iter().flatten().min()
    }

    fn event(&mut self, event: &Event) {
        if event.token() == INBOX {
            self.pace.has_work();
            return;
        }
        let slot = event.token().0;
        if event.is_writable() {
            self.writable(slot);
        }
        if event.is_readable() || event.is_read_closed() || event.is_error() {
            self.read(slot, event.is_read_closed() || event.is_error());
        }
    }

    fn is_done(&self, now: Instant) -> bool {
        self.stop_at.is_some_and(|at| self.connections.is_empty() || now >= at)
    }

    /// The end of the thread: connections that are left are cut off.
    fn abandon(mut self) {
        let slots: Vec<usize> = self.connections.iter().map(|(slot, _)| slot).collect();
        for slot in slots {
            self.drop_connection(slot, DisconnectReason::Shutdown);
        }
    }
}
