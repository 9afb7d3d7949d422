//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Breaks a Chinwag server on purpose and counts what it lost.
#[derive(Debug, Parser)]
#[command(name = "chinwag-soak", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Kill it (SIGKILL) at random moments while people write and read; check everything.
    Crash(Crash),
    /// Restart it for an upgrade (SIGTERM) under a crowd; measure how everybody comes back.
    Restart(Restart),
}

/// Kills under load.
#[derive(Debug, Args)]
pub(crate) struct Crash {
    /// The binary.
    #[arg(long, default_value = "target/debug/chinwag")]
    pub server: PathBuf,
    /// End after so many kills …
    #[arg(long, default_value_t = u32::MAX, hide_default_value = true)]
    pub kills: u32,
    /// … or after so many seconds, whichever comes first.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// People who write. Each has two messages under way at a time.
    #[arg(long, default_value_t = 6)]
    pub writers: usize,
    /// People who read, all channels each.
    #[arg(long, default_value_t = 4)]
    pub readers: usize,
    /// Channels.
    #[arg(long, default_value_t = 3)]
    pub channels: usize,
    /// Look everything over after so many kills (and at the end).
    #[arg(long, default_value_t = 20)]
    pub check_every: u32,
    /// The seed of chance; a new one each time by default. Moments are of the machine and do not
    /// repeat, but what is written does.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Keep the data folder after a failure, for looking at it.
    #[arg(long)]
    pub keep: bool,
}

/// A restart under a crowd.
#[derive(Debug, Args)]
pub(crate) struct Restart {
    /// The binary.
    #[arg(long, default_value = "target/release/chinwag")]
    pub server: PathBuf,
    /// People connected.
    #[arg(long, default_value_t = 1_000)]
    pub clients: usize,
    /// People who go on writing through it.
    #[arg(long, default_value_t = 6)]
    pub writers: usize,
    /// How often it is restarted.
    #[arg(long, default_value_t = 3)]
    pub restarts: u32,
    /// The seed of chance.
    #[arg(long)]
    pub seed: Option<u64>,
}
