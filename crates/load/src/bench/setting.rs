//! What every section of the bench needs to know.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::cores::Cores;

/// The length of a usual text in bytes.
pub(super) const TEXT_BYTES: usize = 80;

/// The options that `bench` and `bench-peers` share.
#[derive(Debug, Args)]
pub(super) struct Setting {
    /// One short run of everything instead of five.
    #[arg(long)]
    quick: bool,
    /// Repetitions; the median counts.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=99))]
    runs: Option<u32>,
    /// The server's binary; by default the one beside this binary.
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Where the servers keep their data while they are measured, on the disk to be measured, and
    /// where peers are installed.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    folder: PathBuf,
    /// Also put the table into this document.
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
}

/// The web app, for the sections `sizes` and `web`.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct WebApp {
    /// The built web app.
    #[arg(long, value_name = "DIR", default_value = "web/dist")]
    pub(super) web_dist: PathBuf,
    /// The browser's part of the bench, for the section `web`.
    #[arg(long, value_name = "FILE", default_value = "e2e/bench/main.mjs")]
    pub(super) web_bench: PathBuf,
}

impl Setting {
    /// Whether the runs are short.
    pub(super) fn is_quick(&self) -> bool {
        self.quick
    }

    /// How often everything is measured.
    pub(super) fn runs(&self) -> u32 {
        self.runs.unwrap_or(if self.quick { 1 } else { 5 })
    }

    /// Looks at the machine and makes the folder.
    pub(super) fn prepare(&self, web: &WebApp) -> Result<Bench> {
        let bench = Bench {
            server: self.server.clone().map_or_else(beside_this_binary, Ok)?,
            folder: std::path::absolute(&self.folder)?,
            cores: Cores::find()?,
            is_quick: self.quick,
            web: web.clone(),
        };
        if !bench.server.is_file() {
            bail!("{} is not there: build the server first", bench.server.display());
        }
        std::fs::create_dir_all(&bench.folder)
            .with_context(|| format!("cannot make {}", bench.folder.display()))?;
        Ok(bench)
    }
}

/// What a section needs to know.
pub(super) struct Bench {
    /// The server's binary.
    pub(super) server: PathBuf,
    /// Where servers keep their data while they are measured.
    pub(super) folder: PathBuf,
    /// Which cores the server and the generator have.
    pub(super) cores: Cores,
    /// Shorter runs.
    pub(super) is_quick: bool,
    /// The web app.
    pub(super) web: WebApp,
}

impl Bench {
    /// How long a load lasts whose full length is `full` seconds.
    pub(super) fn seconds(&self, full: u64) -> Duration {
        Duration::from_secs(if self.is_quick { full.div_ceil(2) } else { full })
    }
}

/// The server's binary beside this one: cargo puts both into one folder.
fn beside_this_binary() -> Result<PathBuf> {
    let own = std::env::current_exe().context("where is this binary?")?;
    Ok(own.with_file_name("chinwag"))
}
