//! Many small channels: 10,000 people in 500 of them, 500 messages a second in all.
//!
//! Compared with one channel of 1,000 at 10 messages a second: as many deliveries a second, and
//! neither load lets messages gather into batches. A post reaches 20 people here and 1,000
//! there, so its keeping weighs fifty times as much on a delivery; how much is shown by the
//! same posts with nobody listening.

use std::time::Duration;

use anyhow::Result;

use super::Bench;
use super::budgets::Samples;
use super::crowds::{cost, faults, load};
use super::server::Server;
use crate::pace::Load;
use crate::people::Crowd;
use crate::swarm::{Dialect, Swarm};

/// People in all.
const PEOPLE: usize = 10_000;
/// Channels that they share.
const CHANNELS: usize = 500;
/// Messages a second over all channels.
const RATE: f64 = 500.0;
/// The one channel has so many members …
const ONE_CHANNEL: usize = 1000;
/// … and so many messages a second: as many deliveries.
const ONE_CHANNEL_RATE: f64 = RATE * (PEOPLE / CHANNELS) as f64 / ONE_CHANNEL as f64;

/// Measures both.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let length = bench.seconds(15);
    let server = Server::product(bench, true)?;
    let posts = posts_alone(&server, length)?;
    let one = one_channel(&server, length)?;
    let target = server.target()?;
    let mut crowd = Crowd::gather(&target, PEOPLE, CHANNELS)?;
    let mut swarm = Swarm::connect(&target, &mut crowd, Dialect::SocketIo)?;
    let many = load(&mut swarm, &server, Load::Rate(RATE), length)?;
    samples.add("channels.ratio", cost(&many)? / one);
    samples.add("channels.cpu", cost(&many)?);
    samples.add("channels.posts", posts);
    samples.add("channels.last", many.last.p99_ms);
    samples.add("faults", faults(&many));
    Ok(())
}

fn one_channel(server: &Server, length: Duration) -> Result<f64> {
    let target = server.target()?;
    let mut crowd = Crowd::gather(&target, ONE_CHANNEL, 1)?;
    let mut swarm = Swarm::connect(&target, &mut crowd, Dialect::SocketIo)?;
    cost(&load(&mut swarm, server, Load::Rate(ONE_CHANNEL_RATE), length)?)
}

/// What the posts alone would add to a million deliveries.
fn posts_alone(server: &Server, length: Duration) -> Result<f64> {
    let target = server.target()?;
    let mut crowd = Crowd::gather(&target, CHANNELS, CHANNELS)?;
    let mut swarm = Swarm::silent(&target, &mut crowd, Dialect::SocketIo)?;
    let outcome = load(&mut swarm, server, Load::Rate(RATE), length)?;
    let cpu_s = outcome.server_cores.unwrap_or(f64::INFINITY) * outcome.seconds;
    let deliveries = outcome.sent as f64 * (PEOPLE / CHANNELS) as f64;
    Ok(cpu_s * 1e6 / deliveries)
}
