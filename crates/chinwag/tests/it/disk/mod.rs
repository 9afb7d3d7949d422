//! Failures of the disk: it loses what was not synced, it is full, it returns errors.

mod full;
mod orphans;
mod power;
pub mod trace;

use std::io::Write as _;

/// Prints on the terminal that a test could not run here. The terminal is opened directly, because the
/// output of a test that passes is not shown.
pub fn skipped(test: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {why}\n");
}
