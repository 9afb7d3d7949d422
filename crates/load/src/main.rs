//! The load generator and the benchmarks of Chinwag.
//!
//! Reading order: [`Command`] lists what can be done, and each command has its options in its own
//! module. [`people`] signs people in over [`http`]; [`swarm`] connects them ([`member`], [`wire`])
//! and runs a load ([`pace`]), keeping the book in [`ledger`]; [`outcome`] is the summary. [`herd`]
//! brings everybody back at once. [`floor`] is the loop that everything is compared with; [`mod@bench`]
//! measures the product's promises.
//!
//! It uses only the product's public interface, so it measures what a user would meet. The sections
//! of the bench that measure the store alone are the exception.

mod bench;
mod chance;
mod fanout;
mod floor;
mod herd;
mod http;
mod ledger;
mod load_options;
mod machine;
mod member;
mod outcome;
mod pace;
mod people;
mod process;
mod progress;
mod readiness;
mod report;
mod sends;
mod swarm;
mod target;
mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Puts load on a Chinwag server and measures what comes of it.
#[derive(Debug, Parser)]
#[command(name = "chinwag-load", version, about, max_term_width = 100)]
struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Command {
    /// Connect people, let some of them talk, and count what everybody hears.
    Fanout(fanout::Options),
    /// Post messages over HTTP as fast as they are acknowledged.
    Sends(sends::Options),
    /// Cut everybody off, and measure how they come back and catch up.
    Herd(herd::Options),
    /// Measure every number that the product promises to hold; fails when one does not.
    Bench(bench::Options),
    /// Put the same load on what people would use instead, and compare.
    BenchPeers(bench::peers::Options),
    /// Serve the loop that writes each message to every connection and does nothing else.
    Floor(floor::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Ten thousand connections need as many open files. If they are not granted, dialling fails.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let done = match &cli.command {
        Command::Fanout(options) => fanout::run(options),
        Command::Herd(options) => herd::run(options),
        Command::Sends(options) => sends::run(options),
        Command::Bench(options) => bench::run(options),
        Command::BenchPeers(options) => bench::peers::run(options),
        Command::Floor(options) => floor::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chinwag-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}
