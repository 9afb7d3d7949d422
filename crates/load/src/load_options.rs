//! The options that `fanout`, `sends` and `herd` share.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::target::Target;

/// Where the server is, what to write, and how long the texts are.
#[derive(Debug, Args)]
pub(crate) struct LoadOptions {
    /// The server, without TLS. Its limits per address must be off: docs/load.md lists them.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The server's process on this machine, to measure its processor time and memory.
    #[arg(long)]
    pub pid: Option<u32>,
    /// Also write the summary to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Length of each message's text.
    #[arg(long, default_value_t = 80, value_parser = clap::value_parser!(u32).range(24..=10_000))]
    text_bytes: u32,
}

impl LoadOptions {
    /// The server at `--url`.
    pub(crate) fn target(&self) -> Result<Target> {
        Target::parse(&self.url)
    }

    /// The length of each text in bytes.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text_bytes as usize
    }
}
