//! A restart under 10,000 people: everybody is cut off, comes back, and catches up.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::budgets::Samples;
use super::server::Server;
use super::setting::{Bench, TEXT_BYTES};
use crate::herd::{self, Plan};
use crate::people::Crowd;
use crate::swarm::{Dialect, Swarm};

/// How many people are connected.
const PEOPLE: usize = 10_000;
/// Messages that everybody misses.
const MISSED: u64 = 20;
/// The time from the cut to the latest first attempt.
const SPREAD: Duration = Duration::from_secs(4);

/// Measures the restart, with the generator on the same cores.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let mut server = Server::product(bench, false)?;
    let target = server.target()?;
    let mut crowd = Crowd::gather(&target, PEOPLE, 1)?;
    crowd.refresh(&target)?;
    let since = crowd.channels.iter().map(|channel| channel.revision).collect();
    let swarm = Swarm::connect(&target, crowd, Dialect::SocketIo)?;
    let cut = Instant::now();
    server.stop()?;
    let mut crowd = swarm.leave();
    server.start_again()?;
    let open = Instant::now();
    crowd.say(&target, 0, MISSED, TEXT_BYTES)?;
    let pid = Some(server.pid());
    let plan = Plan { cut, open, spread: SPREAD, since, text_bytes: TEXT_BYTES, pid };
    let outcome = herd::bring_back(&target, &mut crowd, &plan)?;
    eprintln!("{outcome}\n");
    let missing = (outcome.people - outcome.current + outcome.deaf) as f64;
    let is_complete = outcome.current == outcome.people;
    samples.add("herd.last", if is_complete { outcome.last_s } else { f64::INFINITY });
    samples.add("herd.refused", outcome.refused as f64 + missing);
    samples.add("herd.cpu", outcome.server_cpu_s.unwrap_or(f64::INFINITY));
    samples.add("herd.peak", outcome.server_peak_kb.unwrap_or(u64::MAX) as f64 / 1024.0);
    samples.add("herd.down", open.duration_since(cut).as_secs_f64() * 1e3);
    Ok(())
}
