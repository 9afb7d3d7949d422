//! `bench`: every number the product has promised to hold, measured through the real server
//! and printed beside its budget.
//!
//! The list of rows is [`rows`], their table [`budgets`]; each section measures some of them on a fresh server
//! ([`server`]). Figures are medians over the repetitions; a ratio to the floor is taken
//! within one repetition, because a shared machine is not the same a minute later.

mod budgets;
mod channels;
mod cores;
mod crowds;
mod disk;
mod files;
#[cfg(feature = "store")]
mod filling;
mod herd;
mod pages;
pub(crate) mod peers;
#[cfg(feature = "store")]
mod reading;
mod rest;
mod rows;
mod sends;
mod server;
mod sizes;
#[cfg(feature = "store")]
mod store;
mod stuck;
#[cfg(feature = "store")]
mod web;

use std::path::PathBuf;
use std::time::Duration;

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
    /// The browser's part.
    #[cfg_attr(not(feature = "store"), expect(dead_code, reason = "needs a filled store"))]
    web_bench: PathBuf,
    /// Where servers keep their data while they are measured.
    folder: PathBuf,
    /// Which cores the server and the generator have.
    cores: Cores,
    /// Shorter runs.
    is_quick: bool,
}

impl Bench {
    /// Seconds of load per run.
    fn seconds(&self, full: u64) -> Duration {
        Duration::from_secs(if self.is_quick { full.div_ceil(2) } else { full })
    }
}

/// When a section is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// In every repetition, also of the quick bench.
    Always,
    /// In every repetition of the full bench.
    Full,
    /// In the first repetition of the full bench: it takes long, or repeats within itself.
    Once,
    /// The same, and in the quick bench.
    #[cfg_attr(not(feature = "store"), expect(dead_code, reason = "only reading is such"))]
    OnceAlways,
}

/// One part of the bench.
type Section = (&'static str, When, fn(&Bench, &mut Samples) -> Result<()>);

/// The sections in the order in which they run. `store` comes before `sends`, which is compared
/// with it.
const SECTIONS: &[Section] = &[
    ("sizes", When::Always, sizes::measure),
    ("rest", When::Always, rest::measure),
    #[cfg(feature = "store")]
    ("start-full", When::Once, rest::start_full),
    #[cfg(feature = "store")]
    ("store", When::Always, store::measure),
    #[cfg(feature = "store")]
    ("reading", When::OnceAlways, reading::measure),
    ("sends", When::Always, sends::measure),
    ("pages", When::Always, pages::measure),
    ("files", When::Once, files::measure),
    ("thousand", When::Always, crowds::thousand),
    ("stuck", When::Full, stuck::measure),
    ("ten-thousand", When::Always, crowds::ten_thousand),
    ("crowded", When::Always, crowds::crowded),
    ("channels", When::Full, channels::measure),
    ("herd", When::Full, herd::measure),
    #[cfg(feature = "store")]
    ("web", When::Once, web::measure),
];

/// What can be asked for by name.
pub(crate) fn section_names() -> clap::builder::PossibleValuesParser {
    SECTIONS.iter().map(|(name, ..)| *name).collect::<Vec<_>>().into()
}

/// Whether a section has its turn. One that is asked for by name has it whenever.
fn has_turn(section: &Section, options: &cli::Bench, run: u32) -> bool {
    let (name, when, _) = section;
    let is_asked = options.only.iter().any(|only| only == name);
    let is_quick = options.quick && !is_asked;
    let is_first = run == 1;
    (options.only.is_empty() || is_asked)
        && match when {
            When::Always => true,
            When::Full => !is_quick,
            When::Once => !is_quick && is_first,
            When::OnceAlways => is_first,
        }
}

/// Runs the bench; a missed budget is an error.
pub(crate) fn run(options: &cli::Bench) -> Result<()> {
    let runs = options.runs.unwrap_or(if options.quick { 1 } else { 5 });
    let bench = Bench {
        server: options.server.clone().map_or_else(beside_this_binary, Ok)?,
        web_dist: options.web_dist.clone(),
        web_bench: options.web_bench.clone(),
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
        for section in SECTIONS.iter().filter(|section| has_turn(section, options, run)) {
            let (name, _, measure) = section;
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
            "{}, {}. `make {}`: {runs} run(s), medians; {}.\n\n{samples}",
            machine::today(),
            machine::describe(),
            if bench.is_quick { "bench-quick" } else { "bench" },
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    /// The sections that have their turn in a repetition of `bench` with `arguments`.
    fn turns(arguments: &[&str], run: u32) -> Vec<&'static str> {
        let line = ["chinwag-load", "bench"].iter().chain(arguments);
        let Ok(Cli { command: Command::Bench(options) }) = Cli::try_parse_from(line) else {
            panic!("{arguments:?} is not understood")
        };
        let turn = SECTIONS.iter().filter(|section| has_turn(section, &options, run));
        turn.map(|(name, ..)| *name).collect()
    }

    #[test]
    fn every_section_has_its_turn_and_the_long_ones_only_once() {
        assert_eq!(turns(&[], 1).len(), SECTIONS.len());
        let again = turns(&[], 2);
        assert!(again.contains(&"herd") && !again.contains(&"files"), "{again:?}");
        let quick = turns(&["--quick"], 1);
        assert!(quick.contains(&"thousand") && !quick.contains(&"herd"), "{quick:?}");
    }

    #[test]
    fn what_is_asked_for_by_name_is_measured_in_the_quick_bench_too() {
        assert_eq!(turns(&["--quick", "--only", "herd,files"], 1), ["files", "herd"]);
        assert!(Cli::try_parse_from(["chinwag-load", "bench", "--only", "nonsense"]).is_err());
    }
}
