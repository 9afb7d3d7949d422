//! The server by itself: how soon it answers, and what it takes at rest.

use std::time::Duration;

use anyhow::Result;

use super::Bench;
use super::budgets::Samples;
use super::server::Server;

/// What a server still does right after its start is not rest.
const SETTLING: Duration = Duration::from_secs(2);

/// Measures both.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    let server = Server::product(bench, false)?;
    samples.add("start", server.started_in.as_secs_f64() * 1e3);
    std::thread::sleep(SETTLING);
    samples.add("memory.rest", server.resident_kb()? as f64 / 1024.0);
    Ok(())
}
