//! The `fanout` command: one crowd, one load, one summary.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::cli::{self, Transport};
use crate::outcome::Outcome;
use crate::pace::Load;
use crate::people::Crowd;
use crate::process;
use crate::report;
use crate::swarm::{Dialect, Plan, Swarm};
use crate::target::Target;

/// What follows a rush of connections is not idling yet.
const SETTLING: Duration = Duration::from_secs(1);

/// Runs it. A fault is an error, so that a script notices.
pub(crate) fn run(options: &cli::Fanout) -> Result<()> {
    let target = Target::parse(&options.at.url)?;
    let load = match options.rate {
        Some(rate) if rate > 0.0 && rate <= 100_000.0 => Load::Rate(rate),
        Some(rate) => bail!("--rate {rate}: expected more than 0 and at most 100000"),
        None => Load::InFlight(options.in_flight as usize),
    };
    let dialect = match options.transport {
        Transport::Websocket => Dialect::SocketIo,
        Transport::Polling => Dialect::Polling,
    };
    let empty_kb = resident_kb(options.at.pid)?;
    let mut crowd = Crowd::gather(&target, options.members as usize, options.channels as usize)?;
    let mut swarm = Swarm::connect(&target, &mut crowd, dialect)?;
    eprintln!("{} connected in {:.1} s", swarm.connected(), swarm.connected_in.as_secs_f64());
    swarm.rest(SETTLING)?;
    let idle_kb = resident_kb(options.at.pid)?;
    let plan = Plan {
        load,
        length: Duration::from_secs(options.seconds),
        text_bytes: options.text_bytes as usize,
        pid: options.at.pid,
    };
    if options.warm_up > 0 {
        swarm.run(&Plan { length: Duration::from_secs(options.warm_up), ..plan.clone() })?;
    }
    let mut outcome: Outcome = swarm.run(&plan)?;
    outcome.server_kb_per_connection = idle_kb
        .zip(empty_kb)
        .map(|(idle, empty)| idle.saturating_sub(empty) as f64 / f64::from(options.members));
    report::show(&outcome, options.at.json.as_deref())?;
    if !outcome.is_flawless() {
        bail!("not everything arrived once and in order");
    }
    Ok(())
}

fn resident_kb(pid: Option<u32>) -> Result<Option<u64>> {
    pid.map(process::resident_kb).transpose()
}
