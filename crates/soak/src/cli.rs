//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Breaks a Chinwag server on purpose and counts what it lost.
#[derive(Debug, Parser)]
#[command(name = "chinwag-soak", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Kill the server (SIGKILL) at random moments while people write and read; check everything.
    Crash(Crash),
    /// Restart the server as for an upgrade (SIGTERM) while a crowd is connected; measure how everybody
    /// comes back.
    Restart(Restart),
}

/// Options of `crash`.
#[derive(Debug, Args)]
pub(crate) struct Crash {
    /// The binary.
    #[arg(long, default_value = "target/debug/chinwag")]
    pub server: PathBuf,
    /// End after so many kills.
    #[arg(long, default_value_t = u32::MAX, hide_default_value = true)]
    pub kills: u32,
    /// End after so many seconds, if there were not so many kills before.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// People who write. Each sends two messages at a time.
    #[arg(long, default_value_t = 6)]
    pub writers: usize,
    /// People who read. Each reads all channels.
    #[arg(long, default_value_t = 4)]
    pub readers: usize,
    /// Channels.
    #[arg(long, default_value_t = 3)]
    pub channels: usize,
    /// Check everything after so many kills (and at the end).
    #[arg(long, default_value_t = 20)]
    pub check_every: u32,
    /// The seed of the random numbers; a new one each time by default. The same seed repeats what is
    /// written, but not the moments of the kills.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Keep the data folder after a failure.
    #[arg(long)]
    pub keep: bool,
}

/// Options of `restart`.
#[derive(Debug, Args)]
pub(crate) struct Restart {
    /// The binary.
    #[arg(long, default_value = "target/release/chinwag")]
    pub server: PathBuf,
    /// How many people are connected.
    #[arg(long, default_value_t = 1_000)]
    pub clients: usize,
    /// People who go on writing during the restarts.
    #[arg(long, default_value_t = 6)]
    pub writers: usize,
    /// How many times the server is restarted.
    #[arg(long, default_value_t = 3)]
    pub restarts: u32,
    /// The seed of the random numbers; a new one each time by default.
    #[arg(long)]
    pub seed: Option<u64>,
}
