//! `bench`: every number the product has promised to hold, measured through the real server
//! and printed beside its budget.
//!
//! The list of rows is [`budgets`]; each section measures some of them on a fresh server
//! ([`server`]). Figures are medians over the repetitions; a ratio to the floor is taken
//! within one repetition, because a shared machine is not the same a minute later.

mod budgets;
mod cores;
mod crowds;
mod disk;
pub(crate) mod peers;
mod rest;
mod sends;
mod server;
mod sizes;
#[cfg(feature = "store")]
mod store;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{cli, machine, report};
use budgets::Samples;
use cores::Cores;

/// What a section needs to know.
pub(crate) struct Bench {
    /// The server's binary.
    server: PathBuf,
    /// The built web app.
    web_dist: PathBuf,
    /// Where servers keep their data while they are measured.
    folder: PathBuf,
    /// Which cores the server and the generator have.
    cores: Cores,
    /// Shorter runs.
    is_quick: bool,
}

impl Bench {
    /// Seconds of load per run.
    fn seconds(&self, full: u64) -> std::time::Duration {
        std::time::Duration::from_secs(if self.is_quick { full.div_ceil(2) } else { full })
    }
}

/// One part of the bench.
type Section = (&'static str, fn(&Bench, &mut Samples) -> Result<()>);

/// The sections in the order in which they run.
const SECTIONS: &[Section] = &[
    ("sizes", sizes::measure),
    ("rest", rest::measure),
    ("disk", disk::measure),
    #[cfg(feature = "store")]
    ("store", store::measure),
    ("sends", sends::measure),
    ("thousand", crowds::thousand),
    ("ten-thousand", crowds::ten_thousand),
    ("crowded", crowds::crowded),
];

/// Runs the bench; a missed budget is an error.
pub(crate) fn run(options: &cli::Bench) -> Result<()> {
    let runs = options.runs.unwrap_or(if options.quick { 1 } else { 5 });
    let bench = Bench {
        server: options.server.clone().map_or_else(beside_this_binary, Ok)?,
        web_dist: options.web_dist.clone(),
        folder: options.folder.clone(),
        cores: Cores::find()?,
        is_quick: options.quick,
    };
    if !bench.server.is_file() {
        bail!("{} is not there: build the server first", bench.server.display());
    }
    std::fs::create_dir_all(&bench.folder)
        .with_context(|| format!("cannot make {}", bench.folder.display()))?;
    let mut samples = Samples::default();
    for run in 1..=runs {
        for (name, measure) in SECTIONS {
            if options.only.as_ref().is_some_and(|only| only != name) {
                continue;
            }
            eprintln!("run {run} of {runs}: {name}");
            measure(&bench, &mut samples).with_context(|| format!("while measuring {name}"))?;
        }
    }
    println!("{} run(s), medians; {}\n", runs, bench.cores);
    println!("{samples}");
    if let Some(path) = &options.json {
        std::fs::write(path, samples.json()?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &options.markdown {
        let text = format!(
            "{}, {}. `make bench`: {runs} run(s), medians; {}.\n\n{samples}",
            machine::today(),
            machine::describe(),
            bench.cores
        );
        report::replace_section(path, "bench", &text)?;
    }
    match samples.missed() {
        0 => Ok(()),
        missed => bail!("{missed} budget(s) missed"),
    }
}

/// Cargo puts both binaries into one folder.
fn beside_this_binary() -> Result<PathBuf> {
    let own = std::env::current_exe().context("where is this binary?")?;
    Ok(own.with_file_name("chinwag"))
}
