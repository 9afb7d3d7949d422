//! What presence costs: memory and processor for 10,000 people who are here, and what others notice when
//! people come and go.

use anyhow::Result;

use super::budgets::Samples;
use super::crowds::{SETTLING, connect, load, resting};
use super::server::Server;
use super::setting::Bench;
use crate::chance::scatter;
use crate::pace::Load;

/// How many people are connected.
const PEOPLE: usize = 10_000;
/// As many as a client may watch.
const WATCHED: u64 = 240;
/// How many people come or go in a second.
const COME_AND_GO: u32 = 200;
/// Messages a second, to all of them.
const RATE: f64 = 5.0;

/// Measures the rows.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let server = Server::product(bench, true)?;
    let empty_kb = server.resident_kb()?;
    let mut swarm = connect(&server, PEOPLE, 1)?;
    swarm.rest(SETTLING)?;
    let idle = resting(&server, &mut swarm)?;
    let alone = load(&mut swarm, &server, Load::Rate(RATE), bench.seconds(60))?;
    let before_kb = server.resident_kb()?;
    swarm.everybody_says(|_| "{\"state\":\"here\"}".to_owned())?;
    swarm.rest(SETTLING)?;
    let here_kb = server.resident_kb()?;
    // People have the ids from 1 on.
    swarm.everybody_says(|number| {
        let whom =
            (0..WATCHED).map(|nth| 1 + scatter(number as u64 * WATCHED + nth) % PEOPLE as u64);
        format!("{{\"watch\":{:?}}}", whom.collect::<Vec<_>>())
    })?;
    swarm.rest(SETTLING)?;
    let watching_kb = server.resident_kb()?;
    let people = PEOPLE as f64;
    samples.add("presence.memory", here_kb.saturating_sub(empty_kb) as f64 / people);
    samples.add("presence.list", watching_kb.saturating_sub(here_kb) as f64 / people);
    eprintln!("memory: connected {before_kb} kB, here {here_kb} kB, watching {watching_kb} kB");
    samples.add("presence.idle", (resting(&server, &mut swarm)? - idle).max(0.0));
    swarm.let_people_come_and_go(COME_AND_GO);
    let beside = load(&mut swarm, &server, Load::Rate(RATE), bench.seconds(60))?;
    samples.add("presence.p99", beside.each.p99_ms / alone.each.p99_ms);
    samples.add("presence.alone", alone.each.p99_ms);
    let cores = |outcome: Option<f64>| outcome.unwrap_or(f64::INFINITY);
    samples.add("presence.cores", cores(beside.server_cores) - cores(alone.server_cores));
    samples.add_faults(&[alone, beside]);
    Ok(())
}
