//! The limit of the disk: how long one `fdatasync` takes after appending 4 kB.
//!
//! No message can be acknowledged faster than this.

use std::fs::{self, File};
use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result};

use super::setting::Bench;
use crate::ledger::histogram;

/// Appends per run.
const APPENDS: usize = 300;

/// The median in milliseconds, in the folder where the servers keep their data.
pub(super) fn append_ms(bench: &Bench) -> Result<f64> {
    let path = bench.folder.join(format!("chinwag-bench-{}.append", std::process::id()));
    let took_us = append(&path);
    // The file is of no use, whether it was measured or not.
    let _ = fs::remove_file(&path);
    Ok(took_us?.value_at_quantile(0.5) as f64 / 1e3)
}

fn append(path: &std::path::Path) -> Result<hdrhistogram::Histogram<u64>> {
    let mut file = File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
    let block = [0x5a; 4096];
    let mut took_us = histogram();
    for _ in 0..APPENDS {
        let started = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        took_us.saturating_record(started.elapsed().as_micros() as u64);
    }
    Ok(took_us)
}
