//! Messages kept per second through the whole server, on the cores that it shares with the
//! generator.

use std::time::Duration;

use anyhow::{Result, bail};

use super::budgets::Samples;
use super::disk;
use super::server::Server;
use super::setting::{Bench, TEXT_BYTES};
use crate::people::Crowd;
use crate::sends::{self, Sent};
use crate::target::Target;

/// The time of load before the measurement starts.
const WARM_UP: Duration = Duration::from_secs(1);

/// Measures one, 64 and 512 in flight, and compares with the disk, and with the store
/// where it was measured in the same repetition.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let server = Server::product(bench, false)?;
    let target = server.target()?;
    let many = with_width(bench, &server, &target, 64)?;
    samples.add("sends.64", many.per_second);
    samples.add("sends.64.p50", many.answer.p50_ms);
    samples.add("sends.64.p99", many.answer.p99_ms);
    let most = with_width(bench, &server, &target, 512)?;
    samples.add("sends.512", most.per_second);
    samples.add("sends.512.p50", most.answer.p50_ms);
    samples.add("sends.512.p99", most.answer.p99_ms);
    // Measured right before the sends that are compared with it: a shared disk changes within minutes.
    let disk_ms = disk::append_ms(bench)?;
    samples.add("disk.append", disk_ms);
    let one = with_width(bench, &server, &target, 1)?;
    samples.add("sends.1", one.per_second);
    samples.add("sends.1.p50", one.answer.p50_ms);
    samples.add("sends.1.p99", one.answer.p99_ms);
    if let Some(ungrouped) = samples.last("store.single") {
        samples.add("sends.gain", many.per_second / ungrouped);
    }
    samples.add("sends.1.disk", one.answer.p50_ms / disk_ms);
    Ok(())
}

fn with_width(bench: &Bench, server: &Server, target: &Target, width: usize) -> Result<Sent> {
    let crowd = Crowd::gather(target, width, 1)?;
    let warm = sends::measure(target, &crowd, 0, WARM_UP, TEXT_BYTES, None)?;
    let first = warm.kept + warm.refusals.values().sum::<u64>();
    let pid = Some(server.pid());
    let sent = sends::measure(target, &crowd, first, bench.seconds(6), TEXT_BYTES, pid)?;
    if !sent.refusals.is_empty() {
        bail!("sends were refused: {:?}", sent.refusals);
    }
    eprintln!("{sent}");
    Ok(sent)
}
