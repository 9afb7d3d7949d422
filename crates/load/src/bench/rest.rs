//! The server alone: how soon it answers, and what it uses at rest.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::budgets::Samples;
use super::server::Server;
use super::setting::Bench;
use crate::process;

/// Time after which a server is at rest that has just started.
const SETTLING: Duration = Duration::from_secs(2);
/// The full folder: messages of this length and number make 1 GB.
const FULL: super::filling::Plan =
    super::filling::Plan { messages: 1_000_000, channels: 50, memberships: 50, text_bytes: 950 };
/// Starts on the full folder.
const STARTS: usize = 5;

/// Measures an empty server.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    let server = Server::product(bench, false)?;
    samples.add("start", server.started_in.as_secs_f64() * 1e3);
    std::thread::sleep(SETTLING);
    let before = process::wake_ups(server.pid())?;
    let started = Instant::now();
    std::thread::sleep(bench.seconds(10));
    let woken = process::wake_ups(server.pid())?.saturating_sub(before);
    samples.add("rest.wakes", woken as f64 / started.elapsed().as_secs_f64());
    samples.add("memory.rest", server.resident_kb()? as f64 / 1024.0);
    Ok(())
}

/// Measures the start on a folder of 1 GB.
pub(super) fn start_full(bench: &Bench, samples: &mut Samples) -> Result<()> {
    let folder = super::filling::Folder::new(bench, "full")?;
    super::filling::fill(folder.path(), &FULL)?;
    for _ in 0..STARTS {
        let mut server = Server::product_on(bench, folder.path())?;
        samples.add("start.full", server.started_in.as_secs_f64() * 1e3);
        server.stop()?;
    }
    Ok(())
}
