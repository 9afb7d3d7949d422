//! A herd: everybody was cut off at once, comes back, and asks for what was missed.
//!
//! Each person does what the web app does: the first attempt comes between half a second and the
//! spread; after a failure follows a pause that doubles up to five seconds, jittered by half; once
//! let in, the client asks for the changes since the last revision that it heard. A person who has
//! them is current. At the end one message is posted, and everybody must hear it.
//!
//! A [`comer`] is one person who comes back; [`returning`] drives them all.

mod comer;
mod outcome;
mod plan;
mod returning;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::load_options::LoadOptions;
use crate::people::Crowd;
use crate::swarm::{Dialect, Swarm};
use crate::{process, report};
pub(crate) use plan::Plan;
pub(crate) use returning::bring_back;

/// A herd that comes back.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    load: LoadOptions,
    /// People who are cut off and come back, each with a new account.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    members: u32,
    /// Messages that each of them misses.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    missed: u32,
    /// Seconds within which everybody makes their first attempt. Nobody tries before half a second.
    #[arg(long, default_value_t = 4.0, value_parser = seconds)]
    spread: f64,
}

/// Reads a number of seconds between 0.5 and 600.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.5..=600.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected 0.5 to 600 seconds".to_owned()),
    }
}

/// Runs the command: connects everybody, cuts them off, and brings them back.
pub(crate) fn run(options: &Options) -> Result<()> {
    let target = options.load.target()?;
    let text_bytes = options.load.text_bytes();
    let crowd = Crowd::gather(&target, options.members as usize, 1)?;
    let swarm = Swarm::connect(&target, crowd, Dialect::SocketIo)?;
    eprintln!("{} connected in {:.1} s", swarm.connected(), swarm.connected_in.as_secs_f64());
    let mut crowd = swarm.leave();
    let cut = Instant::now();
    crowd.refresh(&target)?;
    let since = crowd.channels.iter().map(|channel| channel.revision).collect();
    crowd.say(&target, 0, u64::from(options.missed), text_bytes)?;
    if let Some(pid) = options.load.pid {
        process::forget_peak(pid);
    }
    let spread = Duration::from_secs_f64(options.spread);
    let plan = Plan { cut, open: cut, spread, since, text_bytes, pid: options.load.pid };
    let outcome = bring_back(&target, &mut crowd, &plan)?;
    report::show(&outcome, options.load.json.as_deref())?;
    if !outcome.is_flawless() {
        bail!("not everybody came back at the first word");
    }
    Ok(())
}
