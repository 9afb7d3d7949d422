//! Fan-out: 1,000 and 10,000 people in one channel, compared with the floor.
//!
//! The floor is measured with one message at a time, and every load of that size is compared with it:
//! the floor writes once per delivery, however many messages wait.

use std::time::Duration;

use anyhow::{Context, Result};

use super::budgets::Samples;
use super::server::Server;
use super::setting::{Bench, TEXT_BYTES};
use crate::outcome::{Outcome, Usage};
use crate::pace::Load;
use crate::people::Crowd;
use crate::swarm::{Dialect, Plan, Swarm};

/// The time of load before the measurement starts.
const WARM_UP: Duration = Duration::from_millis(500);
/// How long a steady talk is measured, in the first repetition.
const MINUTE: Duration = Duration::from_secs(60);
/// Everybody's heartbeat comes once in this time: the product's interval, and a little more.
const HEARTBEATS: Duration = Duration::from_secs(26);
/// Time after which a server is idle that has just taken many connections.
pub(super) const SETTLING: Duration = Duration::from_secs(2);

/// The rows at 1,000.
pub(super) fn thousand(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let floor = floor(bench, 1000, bench.seconds(4))?;
    samples.add("floor.1000", floor);
    let server = Server::product(bench, true)?;
    let mut swarm = connect(&server, 1000, 1)?;
    let one = load(&mut swarm, &server, Load::InFlight(1), bench.seconds(4))?;
    samples.add("w1.1000", cost(&one)? / floor);
    samples.add("w1.1000.cpu", cost(&one)?);
    samples.add("w1.1000.last", one.last.p99_ms);
    let many = load(&mut swarm, &server, Load::InFlight(16), bench.seconds(4))?;
    samples.add("w16.1000", cost(&many)? / floor);
    let burst = load(&mut swarm, &server, Load::Rate(200.0), bench.seconds(6))?;
    samples.add("r200.ratio", cost(&burst)? / floor);
    samples.add("r200.p99", burst.each.p99_ms);
    samples.add("r200.cores", burst.server_cores.unwrap_or(f64::INFINITY));
    samples.add_faults(&[one, many, burst]);
    if bench.is_quick || samples.has("r10.1000.last") {
        return Ok(());
    }
    let calm = load(&mut swarm, &server, Load::Rate(10.0), MINUTE)?;
    samples.add("r10.1000.last", calm.last.p99_ms);
    let lively = load(&mut swarm, &server, Load::Rate(50.0), MINUTE)?;
    samples.add("r50.1000.last", lively.last.p99_ms);
    samples.add("r50.1000.cores", lively.server_cores.unwrap_or(f64::INFINITY));
    samples.add_faults(&[calm, lively]);
    Ok(())
}

/// The rows at 10,000, the memory of idle connections among them.
pub(super) fn ten_thousand(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    // A message to ten thousand takes a tenth of a second; in a shorter time there would be too few.
    let floor = floor(bench, 10_000, bench.seconds(10))?;
    samples.add("floor.10000", floor);
    let server = Server::product(bench, true)?;
    let target = server.target()?;
    std::thread::sleep(SETTLING);
    let empty_kb = server.resident_kb()?;
    let crowd = Crowd::gather(&target, 10_000, 1)?;
    let signed_in_kb = server.resident_kb()?;
    let mut swarm = Swarm::connect(&target, crowd, Dialect::SocketIo)?;
    samples.add("connect.10000", swarm.connected_in.as_secs_f64());
    swarm.rest(SETTLING)?;
    if !bench.is_quick {
        idle(samples, &server, &mut swarm)?;
    }
    let idle_kb = server.resident_kb()?;
    // This counts everything that 10,000 people add to an empty server, their sessions too.
    samples.add("memory.idle", (idle_kb.saturating_sub(empty_kb)) as f64 / 10_000.0);
    eprintln!("memory: empty {empty_kb} kB, signed in {signed_in_kb} kB, connected {idle_kb} kB");
    let one = load(&mut swarm, &server, Load::InFlight(1), bench.seconds(10))?;
    samples.add("w1.10000", cost(&one)? / floor);
    samples.add("w1.10000.cpu", cost(&one)?);
    samples.add("w1.10000.last", one.last.p99_ms);
    let many = load(&mut swarm, &server, Load::InFlight(16), bench.seconds(6))?;
    samples.add("w16.10000", cost(&many)? / floor);
    samples.add_faults(&[one, many]);
    Ok(())
}

/// 10,000 people and 10 messages a second, with the generator on the same two cores.
pub(super) fn crowded(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let server = Server::product(bench, false)?;
    let mut swarm = connect(&server, 10_000, 1)?;
    let is_first = !samples.has("crowded.p99");
    let length = if is_first && !bench.is_quick { MINUTE } else { bench.seconds(20) };
    let outcome = load(&mut swarm, &server, Load::Rate(10.0), length)?;
    samples.add("crowded.p99", outcome.last.p99_ms);
    samples.add("crowded.lost", outcome.faults() as f64);
    samples.add("crowded.cores", outcome.server_cores.unwrap_or(f64::INFINITY));
    samples.add("crowded.memory", server.resident_kb()? as f64 / 1024.0);
    if is_first && !bench.is_quick {
        let lively = load(&mut swarm, &server, Load::Rate(50.0), MINUTE)?;
        samples.add("crowded50.p99", lively.last.p99_ms);
        samples.add("crowded50.lost", lively.faults() as f64);
        samples.add("crowded50.cores", lively.server_cores.unwrap_or(f64::INFINITY));
    }
    Ok(())
}

/// The floor's processor seconds for a million deliveries.
fn floor(bench: &Bench, members: usize, length: Duration) -> Result<f64> {
    let server = Server::floor(bench)?;
    let mut swarm = connect(&server, members, 1)?;
    cost(&load(&mut swarm, &server, Load::InFlight(1), length)?)
}

/// What idle connections cost the processor.
fn idle(samples: &mut Samples, server: &Server, swarm: &mut Swarm) -> Result<()> {
    samples.add("idle.cores", resting(server, swarm)?);
    Ok(())
}

/// How much of a core connections keep busy that do nothing.
pub(super) fn resting(server: &Server, swarm: &mut Swarm) -> Result<f64> {
    let before = Usage::read(Some(server.pid()))?;
    swarm.rest(HEARTBEATS)?;
    let spent = Usage::read(Some(server.pid()))?.since(&before);
    Ok(spent.server_cpu.map_or(f64::INFINITY, |cpu| spent.share(cpu)))
}

/// Signs people in to a server, seats them in `channels` new channels, and connects them.
pub(super) fn connect(server: &Server, members: usize, channels: usize) -> Result<Swarm> {
    let target = server.target()?;
    Swarm::connect(&target, Crowd::gather(&target, members, channels)?, Dialect::SocketIo)
}

/// Puts a load on a server, after a short time of the same load, and prints the outcome.
pub(super) fn load(
    swarm: &mut Swarm,
    server: &Server,
    load: Load,
    length: Duration,
) -> Result<Outcome> {
    let plan = Plan { load, length, text_bytes: TEXT_BYTES, pid: Some(server.pid()) };
    swarm.run(&Plan { length: WARM_UP, ..plan.clone() })?;
    let outcome = swarm.run(&plan)?;
    eprintln!("{outcome}\n");
    Ok(outcome)
}

/// Processor seconds for a million deliveries.
pub(super) fn cost(outcome: &Outcome) -> Result<f64> {
    outcome.server_cpu_s_per_million.context("the server's processor time was not measured")
}
