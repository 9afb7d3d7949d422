//! `bench`: measures every number that the product promises to hold, through the real server, and
//! prints each beside its budget.
//!
//! [`rows`] lists the rows, and [`budgets`] makes the table of them. Each section measures some rows on
//! a server of its own ([`server`]). Figures are medians over the repetitions. A ratio to the floor is
//! taken within one repetition, because a shared machine changes within a minute.

mod budgets;
mod channels;
mod cores;
mod crowds;
mod disk;
mod files;
mod filling;
mod herd;
mod pages;
pub(crate) mod peers;
mod places;
mod presence;
mod reading;
mod rest;
mod rows;
mod search;
mod sends;
mod server;
mod setting;
mod sizes;
mod store;
mod stuck;
mod talk;
mod texts;
mod threads;
mod web;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{machine, report};
use budgets::Samples;
use setting::{Bench, Setting, WebApp};

/// The bench.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    setting: Setting,
    /// Only these sections, separated by commas.
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = section_names())]
    only: Vec<String>,
    #[command(flatten)]
    web: WebApp,
    /// Also write the table to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
    /// In the first repetition, also of the quick bench.
    OnceAlways,
}

/// One part of the bench.
type Section = (&'static str, When, fn(&Bench, &mut Samples) -> Result<()>);

/// The sections in the order in which they run. `store` comes before `sends`, because `sends` is
/// compared with it.
const SECTIONS: &[Section] = &[
    ("sizes", When::Always, sizes::measure),
    ("rest", When::Always, rest::measure),
    ("start-full", When::Once, rest::start_full),
    ("store", When::Always, store::measure),
    ("talk", When::Always, talk::measure),
    ("reading", When::OnceAlways, reading::measure),
    ("places", When::OnceAlways, places::measure),
    ("threads", When::OnceAlways, threads::measure),
    ("texts", When::OnceAlways, texts::measure),
    ("search", When::OnceAlways, search::measure),
    ("sends", When::Always, sends::measure),
    ("pages", When::Always, pages::measure),
    ("files", When::Once, files::measure),
    ("thousand", When::Always, crowds::thousand),
    ("stuck", When::Full, stuck::measure),
    ("ten-thousand", When::Always, crowds::ten_thousand),
    ("crowded", When::Always, crowds::crowded),
    ("channels", When::Full, channels::measure),
    ("presence", When::Full, presence::measure),
    ("herd", When::Full, herd::measure),
    ("web", When::Once, web::measure),
];

/// The names that `--only` takes.
fn section_names() -> clap::builder::PossibleValuesParser {
    SECTIONS.iter().map(|(name, ..)| *name).collect::<Vec<_>>().into()
}

/// Whether a section is measured in this repetition. A section that is asked for by name is measured
/// in the quick bench too.
fn has_turn(section: &Section, options: &Options, run: u32) -> bool {
    let (name, when, _) = section;
    let is_asked = options.only.iter().any(|only| only == name);
    let is_quick = options.setting.is_quick() && !is_asked;
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
pub(crate) fn run(options: &Options) -> Result<()> {
    let runs = options.setting.runs();
    let bench = options.setting.prepare(&options.web)?;
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
    if let Some(path) = &options.setting.markdown {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    /// The command line of `bench` alone.
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Line::try_parse_from(["bench"].iter().chain(arguments)).map(|line| line.options)
    }

    /// The sections that have their turn in a repetition of `bench` with `arguments`.
    fn turns(arguments: &[&str], run: u32) -> Vec<&'static str> {
        let Ok(options) = parse(arguments) else { panic!("{arguments:?} is not understood") };
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
        assert!(parse(&["--only", "nonsense"]).is_err());
    }
}
