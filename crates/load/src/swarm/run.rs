//! One load on a connected swarm: sends messages when they are due, reads what comes, and keeps the
//! ledger.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use mio::{Events, Token};

use super::{Dialect, EVENTS, Sender, Swarm};
use crate::http::Request;
use crate::http::lane::Lane;
use crate::ledger::{Ledger, Reader, histogram};
use crate::outcome::{Latency, Outcome, Usage};
use crate::pace::{Load, Pace};
use crate::progress::Progress;
use crate::readiness::wait;
use crate::wire::packet;

/// The most requests under way when messages are sent at a rate. When all are, the server is behind.
const RATE_WIDTH: usize = 64;
/// If no delivery comes for this long after the last message, the rest is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// A load, and how it is measured.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The kind of load.
    pub load: Load,
    /// For how long.
    pub length: Duration,
    /// The length of every text.
    pub text_bytes: usize,
    /// The server's process, when it runs on this machine.
    pub pid: Option<u32>,
}

/// The state of one run.
struct Run {
    ledger: Ledger,
    pace: Pace,
    answer_us: Histogram<u64>,
    refusals: BTreeMap<u16, u64>,
    broken: u64,
    sent: u64,
    last_change: Instant,
}

impl Swarm {
    /// Carries `plan` out and says how it went.
    pub(crate) fn run(&mut self, plan: &Plan) -> Result<Outcome> {
        let mut run = self.begin(plan)?;
        let before = Usage::read(plan.pid)?;
        let mut events = Events::with_capacity(EVENTS);
        let mut progress = Progress::new("delivering");
        loop {
            self.send_what_is_due(&mut run, plan)?;
            let now = Instant::now();
            self.come_and_go(now)?;
            if run.pace.is_over(now) && (run.ledger.outstanding() == 0 || run.is_stuck(now)) {
                break;
            }
            let longest = if run.pace.is_over(now) { PATIENCE } else { run.pace.wait(now) };
            let longest = self.churn_wait(now).map_or(longest, |wait| wait.min(longest));
            wait(&mut self.poll, &mut events, Some(longest))?;
            for event in &events {
                self.handle(event.token().0, &mut run);
            }
            progress.show(|| format!("{} sent, {} delivered", run.sent, run.ledger.deliveries));
        }
        let after = Usage::read(plan.pid)?;
        self.sequence = run.ledger.next_sequence();
        run.ledger.give_up();
        Ok(self.conclude(run, plan, &before, &after))
    }

    fn begin(&mut self, plan: &Plan) -> Result<Run> {
        match self.dialect {
            Dialect::SocketIo | Dialect::Polling => self.crowd.refresh(&self.target)?,
            // Such a server does not count messages; the generator gives the revisions itself.
            Dialect::Plain => self.crowd.channels[0].revision = self.sequence,
        }
        let mut open_listeners = vec![0; self.crowd.channels.len()];
        for listener in self.listeners.iter_mut().filter(|listener| listener.is_open) {
            let channel = listener.reader.channel;
            listener.reader = Reader::new(channel, self.crowd.channels[channel].revision);
            open_listeners[channel] += 1;
        }
        Ok(Run {
            ledger: Ledger::new(self.sequence, open_listeners),
            pace: Pace::start(plan.load, plan.length),
            answer_us: histogram(),
            refusals: BTreeMap::new(),
            broken: 0,
            sent: 0,
            last_change: Instant::now(),
        })
    }

    fn send_what_is_due(&mut self, run: &mut Run, plan: &Plan) -> Result<()> {
        let width = match plan.load {
            Load::Rate(_) => RATE_WIDTH,
            Load::InFlight(width) => width,
        };
        loop {
            let Some(place) = self.free_sender(width)? else { return Ok(()) };
            let now = Instant::now();
            let Some(due) = run.pace.take(now, run.ledger.outstanding()) else { return Ok(()) };
            self.send(place, run, plan, due)?;
        }
    }

    /// A sender without a request under way. A new one is made while there are fewer than `width`.
    fn free_sender(&mut self, width: usize) -> Result<Option<usize>> {
        let free = |sender: &Option<Sender>| sender.as_ref().is_none_or(|it| !it.lane.is_busy());
        let place = match self.senders.iter().position(free) {
            Some(place) => place,
            None if self.senders.len() < width => {
                self.senders.push(None);
                self.senders.len() - 1
            }
            None => return Ok(None),
        };
        if self.senders[place].is_none() {
            let token = Token(self.listeners.len() + place);
            let lane = Lane::open(&self.target, place, self.poll.registry(), token)
                .context("cannot connect to send")?;
            let sequence = 0;
            self.senders[place] = Some(Sender { lane, sequence, since: Instant::now() });
        }
        Ok(Some(place))
    }

    fn send(&mut self, place: usize, run: &mut Run, plan: &Plan, due: Instant) -> Result<()> {
        let sequence = run.ledger.next_sequence();
        let channels = self.crowd.channels.len();
        let channel = (sequence % channels as u64) as usize;
        let author = self.crowd.member_of(channel, sequence / channels as u64);
        let body = match self.dialect {
            Dialect::SocketIo | Dialect::Polling => {
                packet::draft(self.crowd.run, sequence, plan.text_bytes)
            }
            Dialect::Plain => {
                let text = packet::text(self.crowd.run, sequence, plan.text_bytes);
                packet::message(sequence + 1, &text)
            }
        };
        let path = format!("/api/channels/{}/messages", self.crowd.channels[channel].id);
        let request =
            Request { method: "POST", path: &path, cookie: &author.cookie, body: Some(&body) }
                .encode(self.target.host());
        run.ledger.sent(channel, due);
        run.sent += 1;
        let Some(sender) = &mut self.senders[place] else { return Ok(()) };
        sender.sequence = sequence;
        sender.since = Instant::now();
        sender.lane.send(&request).context("cannot send a message")
    }

    fn handle(&mut self, token: usize, run: &mut Run) {
        if let Some(place) = token.checked_sub(self.listeners.len()) {
            self.take_answer(place, run);
            return;
        }
        let now = Instant::now();
        let of_run = self.crowd.run;
        let ledger = &mut run.ledger;
        let before = ledger.deliveries;
        let ended = self.read(token, |reader, message| {
            if let Some(delivery) = packet::delivery(message, of_run) {
                ledger.heard(reader, delivery, now);
            }
        });
        if ended {
            run.ledger.closed(&self.listeners[token].reader);
        }
        // Heartbeats go on for ever: only a delivery says that more may come.
        if run.ledger.deliveries > before {
            run.last_change = now;
        }
    }

    fn take_answer(&mut self, place: usize, run: &mut Run) {
        let Some(sender) = self.senders[place].as_mut() else { return };
        let was_busy = sender.lane.is_busy();
        match sender.lane.advance() {
            Ok(None) => {}
            Ok(Some(response)) => {
                run.answer_us.saturating_record(sender.since.elapsed().as_micros() as u64);
                if response.status >= 300 {
                    *run.refusals.entry(response.status).or_default() += 1;
                    run.ledger.refused(sender.sequence);
                }
                if response.closes {
                    self.senders[place] = None;
                }
            }
            // Whether a message without an answer was kept is not known; if it was, it is
            // delivered and counts.
            Err(_) => {
                run.broken += u64::from(was_busy);
                self.senders[place] = None;
            }
        }
    }

    fn conclude(&self, run: Run, plan: &Plan, before: &Usage, after: &Usage) -> Outcome {
        let ledger = run.ledger;
        let spent = after.since(before);
        Outcome {
            members: self.connected(),
            channels: self.crowd.channels.len(),
            load: plan.load.to_string(),
            seconds: spent.wall.as_secs_f64(),
            sent: run.sent,
            refusals: run.refusals,
            broken: run.broken,
            deliveries: ledger.deliveries,
            deliveries_per_second: ledger.deliveries as f64 / spent.wall.as_secs_f64(),
            each: Latency::of(&ledger.each_us),
            last: Latency::of(&ledger.last_us),
            answer: Latency::of(&run.answer_us),
            faults: ledger.faults,
            endings: self.endings.clone(),
            server_cpu_s_per_million: spent
                .server_cpu
                .map(|cpu| cpu.as_secs_f64() * 1e6 / ledger.deliveries.max(1) as f64),
            server_cores: spent.server_cpu.map(|cpu| spent.share(cpu)),
            generator_cores: spent.share(spent.own_cpu),
            server_resident_kb: after.server_resident_kb,
            server_kb_per_connection: None,
        }
    }
}

impl Run {
    fn is_stuck(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last_change) >= PATIENCE
    }
}
