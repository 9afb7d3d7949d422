//! The `fanout` command: one crowd, one load, one summary.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::load_options::LoadOptions;
use crate::outcome::Outcome;
use crate::pace::Load;
use crate::people::Crowd;
use crate::process;
use crate::report;
use crate::swarm::{Dialect, Plan, Swarm};

/// Time after which a server is idle that has just taken many connections.
const SETTLING: Duration = Duration::from_secs(1);

/// The transport of the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Transport {
    /// Socket.IO over WebSocket, as browsers do.
    Websocket,
    /// Socket.IO over long-polling, as browsers behind some proxies do.
    Polling,
}

/// Fan-out of messages to connected people.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    load: LoadOptions,
    /// People who connect, each with a new account.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    members: u32,
    /// How they listen.
    #[arg(long, value_enum, default_value_t = Transport::Websocket)]
    transport: Transport,
    /// Channels over which they are spread evenly.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    channels: u32,
    /// Messages a second over all channels.
    #[arg(long, conflicts_with = "in_flight")]
    rate: Option<f64>,
    /// Messages on their way at any time; the next is sent when one has reached everybody.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4096))]
    in_flight: u32,
    /// Seconds of load.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Seconds of the same load before the measurement starts.
    #[arg(long, default_value_t = 1)]
    warm_up: u64,
}

/// Runs the command. A fault is an error, so that a script notices it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let target = options.load.target()?;
    let load = match options.rate {
        Some(rate) if rate > 0.0 && rate <= 100_000.0 => Load::Rate(rate),
        Some(rate) => bail!("--rate {rate}: expected more than 0 and at most 100000"),
        None => Load::InFlight(options.in_flight as usize),
    };
    let dialect = match options.transport {
        Transport::Websocket => Dialect::SocketIo,
        Transport::Polling => Dialect::Polling,
    };
    let empty_kb = resident_kb(options.load.pid)?;
    let crowd = Crowd::gather(&target, options.members as usize, options.channels as usize)?;
    let mut swarm = Swarm::connect(&target, crowd, dialect)?;
    eprintln!("{} connected in {:.1} s", swarm.connected(), swarm.connected_in.as_secs_f64());
    swarm.rest(SETTLING)?;
    let idle_kb = resident_kb(options.load.pid)?;
    let plan = Plan {
        load,
        length: Duration::from_secs(options.seconds),
        text_bytes: options.load.text_bytes(),
        pid: options.load.pid,
    };
    if options.warm_up > 0 {
        swarm.run(&Plan { length: Duration::from_secs(options.warm_up), ..plan.clone() })?;
    }
    let mut outcome: Outcome = swarm.run(&plan)?;
    outcome.server_kb_per_connection = idle_kb
        .zip(empty_kb)
        .map(|(idle, empty)| idle.saturating_sub(empty) as f64 / f64::from(options.members));
    report::show(&outcome, options.load.json.as_deref())?;
    if !outcome.is_flawless() {
        bail!("not everything arrived once and in order");
    }
    Ok(())
}

fn resident_kb(pid: Option<u32>) -> Result<Option<u64>> {
    pid.map(process::resident_kb).transpose()
}
