//! `restart`: restarts the server as for an upgrade while a crowd is connected. Everybody is told, comes
//! back within a few seconds, and misses nothing; what was written meanwhile arrives.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::audit;
use crate::cli::Restart;
use crate::copy::Copy;
use crate::http::Client;
use crate::pause;
use crate::reader::{Reader, Times};
use crate::room::Room;
use crate::server::Installation;
use crate::writer::Writer;

/// How long the web app waits, after the server announced its end, before it connects again, in
/// milliseconds.
const COME_BACK_MS: std::ops::Range<u64> = 500..4_000;
/// How long people write between two restarts.
const BETWEEN: Duration = Duration::from_secs(3);

/// Restarts the server and prints how everybody came back.
///
/// # Errors
/// When somebody did not come back, or something was lost, doubled, out of order or different.
pub(crate) async fn run(options: &Restart) -> Result<()> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}, {} clients, {} writers", options.clients, options.writers);
    let folder = tempfile::Builder::new().prefix("chinwag-soak-").tempdir()?;
    let installation = Installation::new(&options.server, &folder.path().join("data"))?;
    let mut server = installation.start().await?;
    let (stop, stopped) = watch::channel(false);
    let mut auditor = Client::sign_in(installation.address, "auditor").await?;
    let room = Room::open(&mut auditor, 1, stopped).await?;
    let mut readers = Vec::new();
    for number in 0..options.clients {
        let person = room.person(installation.address, &format!("reader {number}")).await?;
        readers.push(Reader::start(room.clone(), person, COME_BACK_MS));
    }
    for number in 0..options.writers {
        let name = format!("writer {number}");
        let person = room.person(installation.address, &name).await?;
        Writer::new(room.clone(), person, &name, seed ^ number as u64).start();
    }
    let mut stored: BTreeMap<i64, Copy> = BTreeMap::new();
    for turn in 1..=options.restarts {
        tokio::time::sleep(BETWEEN).await;
        let told = Instant::now();
        server.stop().await?;
        let stopped_in = told.elapsed();
        server = installation.start().await?;
        let away = told.elapsed();
        let back = everybody_back(&readers, told).await?;
        print(stopped_in, away, told, &back);
        if turn == options.restarts {
            let _ = stop.send(true);
        }
        let _still = audit::standstill(&room).await?;
        audit::readers(&room, &readers, &mut auditor, &mut stored).await?;
    }
    let total = audit::everything(&room, &mut auditor, &stored).await?.len();
    let faults = room.ledger.faults();
    if !faults.is_empty() {
        bail!("{} faults:\n  {}", faults.len(), faults.join("\n  "));
    }
    let counts = room.ledger.counts();
    println!(
        "{total} messages stored, each acknowledged one exactly once; {} requests were sent again, \
         {} events heard, every client equal to a fresh load",
        counts.retried, counts.heard
    );
    server.stop().await
}

/// Waits until every reader is up to date again after `told`; their times.
async fn everybody_back(readers: &[Reader], told: Instant) -> Result<Vec<Times>> {
    let until = Instant::now() + pause::SETTLE;
    loop {
        let times: Vec<Times> = readers.iter().map(Reader::times).collect();
        if times.iter().all(|times| times.current.is_some_and(|current| current > told)) {
            return Ok(times);
        }
        if Instant::now() > until {
            let missing =
                times.iter().filter(|times| times.current.is_none_or(|at| at <= told)).count();
            bail!("{missing} clients did not come back");
        }
        tokio::time::sleep(pause::RETRY).await;
    }
}

fn print(stopped_in: Duration, away: Duration, told: Instant, back: &[Times]) {
    let after = |at: Option<Instant>| at.map_or(0, |at| at.duration_since(told).as_millis());
    let sorted = |pick: fn(&Times) -> Option<Instant>| {
        let mut all: Vec<u128> = back.iter().map(|times| after(pick(times))).collect();
        all.sort_unstable();
        all
    };
    let connected = sorted(|times| times.connected);
    let current = sorted(|times| times.current);
    let mut per_100_ms: BTreeMap<u128, usize> = BTreeMap::new();
    for at in &connected {
        *per_100_ms.entry(at / 100).or_default() += 1;
    }
    println!(
        "stopped in {} ms, listening again after {} ms; connected again p50 {} ms, last {} ms; \
         current p50 {} ms, last {} ms; at most {} in 100 ms",
        stopped_in.as_millis(),
        away.as_millis(),
        connected[connected.len() / 2],
        connected.last().unwrap_or(&0),
        current[current.len() / 2],
        current.last().unwrap_or(&0),
        per_100_ms.values().max().unwrap_or(&0),
    );
}
