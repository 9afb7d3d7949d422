//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Puts load on a Chinwag server and measures what comes of it.
#[derive(Debug, Parser)]
#[command(name = "chinwag-load", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connect people, let some of them talk, and count what everybody hears.
    Fanout(Fanout),
    /// Post messages over HTTP as fast as they are acknowledged.
    Sends(Sends),
    /// Cut everybody off, and measure how they come back and catch up.
    Herd(Herd),
    /// Measure every number that the product promises to hold; fails when one does not.
    Bench(Bench),
    /// Put the same load on what people would use instead, and compare.
    BenchPeers(Peers),
    /// Serve the loop that writes each message to every connection and does nothing else.
    Floor(Floor),
}

/// Where the server is.
#[derive(Debug, Args)]
pub(crate) struct Where {
    /// The server, without TLS. Its limits per address must be off.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// The server's process on this machine, to measure its processor time and memory.
    #[arg(long)]
    pub pid: Option<u32>,
    /// Also write the summary to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// What carries the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Transport {
    /// Socket.IO over WebSocket, as browsers do.
    Websocket,
    /// Socket.IO over long-polling, as browsers behind some proxies do.
    Polling,
}

/// Fan-out of messages to connected people.
#[derive(Debug, Args)]
pub(crate) struct Fanout {
    #[command(flatten)]
    pub at: Where,
    /// People who connect. Each is a new account.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub members: u32,
    /// How they listen.
    #[arg(long, value_enum, default_value_t = Transport::Websocket)]
    pub transport: Transport,
    /// Channels they are spread over evenly.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub channels: u32,
    /// Messages a second over all channels.
    #[arg(long, conflicts_with = "in_flight")]
    pub rate: Option<f64>,
    /// Messages on their way at any time; the next goes out when one has reached everybody.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub in_flight: u32,
    /// How long.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Seconds of the same load before the clock starts.
    #[arg(long, default_value_t = 1)]
    pub warm_up: u64,
    /// Length of each message's text.
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u32).range(24..=10_000))]
    pub text_bytes: u32,
}

/// A herd that comes back.
#[derive(Debug, Args)]
pub(crate) struct Herd {
    #[command(flatten)]
    pub at: Where,
    /// People who are cut off and come back. Each is a new account.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub members: u32,
    /// Messages that each of them misses.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub missed: u32,
    /// Seconds within which everybody tries for the first time; the first after half of one.
    #[arg(long, default_value_t = 4.0, value_parser = seconds)]
    pub spread: f64,
    /// Length of each message's text.
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u32).range(24..=10_000))]
    pub text_bytes: u32,
}

/// Seconds between half of one and ten minutes.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.5..=600.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected 0.5 to 600 seconds".to_owned()),
    }
}

/// Durable sends.
#[derive(Debug, Args)]
pub(crate) struct Sends {
    #[command(flatten)]
    pub at: Where,
    /// Requests under way at any time, each from its own person.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub in_flight: u32,
    /// How long.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Length of each message's text.
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u32).range(24..=10_000))]
    pub text_bytes: u32,
}

/// The floor.
#[derive(Debug, Args)]
pub(crate) struct Floor {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8099")]
    pub listen: SocketAddr,
}

/// The bench.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// One short run of everything instead of five.
    #[arg(long)]
    pub quick: bool,
    /// Repetitions; the median counts.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub runs: Option<u32>,
    /// Only these sections, separated by commas.
    #[arg(long, value_name = "SECTION", value_delimiter = ',', value_parser = crate::bench::section_names())]
    pub only: Vec<String>,
    /// The server's binary; by default the one beside this binary.
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// The built web app.
    #[arg(long, value_name = "DIR", default_value = "web/dist")]
    pub web_dist: PathBuf,
    /// The browser's part of the bench, for the section `web`.
    #[arg(long, value_name = "FILE", default_value = "e2e/bench/main.mjs")]
    pub web_bench: PathBuf,
    /// Where the servers keep their data while they are measured; on the disk to be measured.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    pub folder: PathBuf,
    /// Also write the table to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Also put the table into this document.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}

/// The comparison.
#[derive(Debug, Args)]
pub(crate) struct Peers {
    /// One short run of everything instead of five.
    #[arg(long)]
    pub quick: bool,
    /// Repetitions; the median counts.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub runs: Option<u32>,
    /// The server's binary; by default the one beside this binary.
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// The folder with the peers.
    #[arg(long, value_name = "DIR", default_value = "crates/load/peers")]
    pub peers: PathBuf,
    /// Where the peers are installed, and the server's data is kept.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    pub folder: PathBuf,
    /// Also put the table into this document.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
}
