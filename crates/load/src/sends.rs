//! Durable sends: how many messages a second the server acknowledges over HTTP.
//!
//! Nobody listens, so that the figure is the cost of keeping a message and not of delivering it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;

use crate::http::Request;
use crate::http::pool::{self, Answer};
use crate::ledger::histogram;
use crate::load_options::LoadOptions;
use crate::outcome::{Latency, Usage};
use crate::people::Crowd;
use crate::progress::Progress;
use crate::report;
use crate::target::Target;
use crate::wire::packet;

/// Durable sends.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    load: LoadOptions,
    /// Requests under way at any time, each from its own person.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    in_flight: u32,
    /// Seconds of load.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// What a run showed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sent {
    /// Requests under way at any time.
    pub in_flight: usize,
    /// Acknowledged messages.
    pub kept: u64,
    /// The same, per second.
    pub per_second: f64,
    /// Error answers, by status.
    pub refusals: BTreeMap<u16, u64>,
    /// From sending to the acknowledgement.
    pub answer: Latency,
    /// Cores that the server kept busy.
    pub server_cores: Option<f64>,
    /// Cores that the generator kept busy.
    pub generator_cores: f64,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "kept        {} ({:.0}/s), {} in flight",
            self.kept, self.per_second, self.in_flight
        )?;
        for (status, count) in &self.refusals {
            writeln!(f, "refused     {count} × {status}")?;
        }
        writeln!(f, "answer      {}", self.answer)?;
        if let Some(cores) = self.server_cores {
            writeln!(f, "server      {cores:.2} cores")?;
        }
        write!(f, "generator   {:.2} cores", self.generator_cores)
    }
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<()> {
    let target = options.load.target()?;
    let width = options.in_flight as usize;
    let crowd = Crowd::gather(&target, width, 1)?;
    let length = Duration::from_secs(options.seconds);
    let sent = measure(&target, &crowd, 0, length, options.load.text_bytes(), options.load.pid)?;
    report::show(&sent, options.load.json.as_deref())?;
    if !sent.refusals.is_empty() {
        bail!("some sends were refused");
    }
    Ok(())
}

/// Lets every person of `crowd` send one message after the other, for `length`. Messages are
/// numbered from `first`.
pub(crate) fn measure(
    target: &Target,
    crowd: &Crowd,
    first: u64,
    length: Duration,
    text_bytes: usize,
    pid: Option<u32>,
) -> Result<Sent> {
    let width = crowd.people.len();
    let path = format!("/api/channels/{}/messages", crowd.channels[0].id);
    let mut sequence = first;
    let mut answer_us = histogram();
    let mut refusals = BTreeMap::new();
    let before = Usage::read(pid)?;
    let end = Instant::now() + length;
    let next = || {
        if Instant::now() >= end {
            return None;
        }
        let cookie = &crowd.people[(sequence % width as u64) as usize].cookie;
        let body = packet::draft(crowd.run, sequence, text_bytes);
        sequence += 1;
        let request = Request { method: "POST", path: &path, cookie, body: Some(&body) };
        Some((sequence as usize, request.encode(target.host())))
    };
    let mut progress = Progress::new("sending");
    let done = |answer: Answer| {
        answer_us.saturating_record(answer.took.as_micros() as u64);
        progress.show(|| format!("{} answered", answer_us.len()));
        if answer.response.status >= 300 {
            *refusals.entry(answer.response.status).or_default() += 1;
        }
        Ok(())
    };
    pool::run(target, width, next, done)?;
    let spent = Usage::read(pid)?.since(&before);
    let kept = answer_us.len() - refusals.values().sum::<u64>();
    Ok(Sent {
        in_flight: width,
        kept,
        per_second: kept as f64 / spent.wall.as_secs_f64(),
        refusals,
        answer: Latency::of(&answer_us),
        server_cores: spent.server_cpu.map(|cpu| spent.share(cpu)),
        generator_cores: spent.share(spent.own_cpu),
    })
}
