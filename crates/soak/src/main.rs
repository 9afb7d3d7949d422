//! Breaks a Chinwag server on purpose and counts what it lost.
//!
//! Clients that behave as the web app does (sessions, keys, an outbox that retries) write to the real
//! binary and read from it while it is killed or restarted. Afterwards everything that was
//! acknowledged or shown is compared with a fresh load. A difference is printed, and the exit code is 1.

mod audit;
mod cli;
mod copy;
mod crash;
mod http;
mod keeper;
mod ledger;
mod own;
mod pause;
mod reader;
mod restart;
mod rights;
mod room;
mod rows;
mod server;
mod socket;
mod talk;
mod wisher;
mod wishes;
mod writer;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let result = runtime.block_on(async {
        match cli.command {
            cli::Command::Crash(options) => crash::run(&options).await,
            cli::Command::Restart(options) => restart::run(&options).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("chinwag-soak: {error:#}");
    ExitCode::FAILURE
}
