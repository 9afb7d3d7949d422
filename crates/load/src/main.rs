//! The load generator and the benchmarks of Chinwag.
//!
//! Reading order: [`cli`] says what can be asked for; [`people`] signs people in over
//! [`http`]; [`swarm`] connects them ([`member`], [`wire`]) and runs a load ([`pace`]),
//! keeping the book in [`ledger`]; [`outcome`] says how it went. [`herd`] brings everybody
//! back at once. [`floor`] is the loop that
//! everything is compared with; [`bench`] measures the product's promises.
//!
//! It knows the product by its public wire alone, so it measures what a user would meet.

mod bench;
mod chance;
mod cli;
mod fanout;
mod floor;
mod herd;
mod http;
mod ledger;
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

use clap::Parser;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Ten thousand connections need as many files; what is not granted shows when dialling.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let done = match &cli.command {
        Command::Fanout(options) => fanout::run(options),
        Command::Herd(options) => herd::run(options),
        Command::Sends(options) => sends::run(options),
        Command::Bench(options) => bench::run(options),
        Command::BenchPeers(options) => bench::peers::run(options),
        Command::Floor(options) => floor::serve(options.listen),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chinwag-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}
