//! The `fanout` command: one crowd, one load, one summary.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::cli;
use crate::outcome::Outcome;
use crate::pace::Load;
use crate::people::Crowd;
use crate::report;
use crate::swarm::{Dialect, Plan, Swarm};
use crate::target::Target;

/// Runs it. A fault is an error, so that a script notices.
pub(crate) fn run(options: &cli::Fanout) -> Result<()> {
    let target = Target::parse(&options.at.url)?;
    let load = match options.rate {
        Some(rate) if rate > 0.0 && rate <= 100_000.0 => Load::Rate(rate),
        Some(rate) => bail!("--rate {rate}: expected more than 0 and at most 100000"),
        None => Load::InFlight(options.in_flight as usize),
    };
    let mut crowd = Crowd::gather(&target, options.members as usize, options.channels as usize)?;
    let mut swarm = Swarm::connect(&target, &mut crowd, Dialect::SocketIo)?;
    eprintln!("{} connected in {:.1} s", swarm.connected(), swarm.connected_in.as_secs_f64());
    let plan = Plan {
        load,
        length: Duration::from_secs(options.seconds),
        text_bytes: options.text_bytes as usize,
        pid: options.at.pid,
    };
    if options.warm_up > 0 {
        swarm.run(&Plan { length: Duration::from_secs(options.warm_up), ..plan.clone() })?;
    }
    let outcome: Outcome = swarm.run(&plan)?;
    report::show(&outcome, options.at.json.as_deref())?;
    if !outcome.is_flawless() {
        bail!("not everything arrived once and in order");
    }
    Ok(())
}
