//! What a disk does: it loses what was not synced, it is full, it fails.

mod deletion;
mod full;
mod orphans;
mod power;
pub mod trace;

use std::io::Write as _;

/// Says on the terminal that a test could not run here, because captured output is not seen.
pub fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {why}\n");
}
