//! Many small channels: 10,000 people in 500 of them, 500 messages a second in all.
//!
//! This is compared with the same 10,000 in one channel at one message a second. Both loads make as
//! many deliveries a second to as many connections, and in neither do messages gather into batches.
//! Here a post reaches 20 people and there 10,000, so keeping a message costs five hundred times as
//! much per delivery. The same posts with nobody listening show how much that is.

use std::time::Duration;

use anyhow::Result;

use super::budgets::Samples;
use super::crowds::{connect, cost, load};
use super::server::Server;
use super::setting::Bench;
use crate::pace::Load;
use crate::people::Crowd;
use crate::swarm::{Dialect, Swarm};

/// People in all.
const PEOPLE: usize = 10_000;
/// Channels that they share.
const CHANNELS: usize = 500;
/// Messages a second over all channels.
const RATE: f64 = 500.0;
/// Messages a second to one channel of everybody that make as many deliveries.
const ONE_CHANNEL_RATE: f64 = RATE / CHANNELS as f64;

/// Measures both.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(true)?;
    let length = bench.seconds(15);
    let server = Server::product(bench, true)?;
    let posts = posts_alone(&server, length)?;
    let one = one_channel(&server, length)?;
    let mut swarm = connect(&server, PEOPLE, CHANNELS)?;
    let many = load(&mut swarm, &server, Load::Rate(RATE), length)?;
    samples.add("channels.ratio", cost(&many)? / one);
    samples.add("channels.cpu", cost(&many)?);
    samples.add("channels.delivery", (cost(&many)? - posts) / one);
    samples.add("channels.posts", posts);
    samples.add("channels.cores", many.server_cores.unwrap_or(f64::INFINITY));
    samples.add("channels.last", many.last.p99_ms);
    samples.add_faults(&[many]);
    Ok(())
}

fn one_channel(server: &Server, length: Duration) -> Result<f64> {
    let mut swarm = connect(server, PEOPLE, 1)?;
    cost(&load(&mut swarm, server, Load::Rate(ONE_CHANNEL_RATE), length)?)
}

/// What the posts alone would add to a million deliveries.
fn posts_alone(server: &Server, length: Duration) -> Result<f64> {
    let target = server.target()?;
    let crowd = Crowd::gather(&target, CHANNELS, CHANNELS)?;
    let mut swarm = Swarm::silent(&target, crowd, Dialect::SocketIo)?;
    let outcome = load(&mut swarm, server, Load::Rate(RATE), length)?;
    let cpu_s = outcome.server_cores.unwrap_or(f64::INFINITY) * outcome.seconds;
    let deliveries = outcome.sent as f64 * (PEOPLE / CHANNELS) as f64;
    Ok(cpu_s * 1e6 / deliveries)
}
