//! Which core each process runs on: the server on the first, the generator on the second, so that
//! neither takes the other's time. On a machine with one core nothing is pinned.
//!
//! `taskset` of util-linux does the pinning, because the system call is not available to safe code.

use std::fmt;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail};

/// Whether there are enough cores to pin processes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cores {
    is_shared_out: bool,
}

impl Cores {
    /// Looks at the machine.
    pub(super) fn find() -> Result<Self> {
        let count = available_parallelism().context("how many cores are there?")?.get();
        Ok(Self { is_shared_out: count >= 2 })
    }

    /// The command that starts `program`, on the server's core if `is_pinned`.
    pub(super) fn command(self, program: &std::path::Path, is_pinned: bool) -> Command {
        if !(self.is_shared_out && is_pinned) {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program);
        command
    }

    /// Puts this process on the generator's core, or on all of the first two.
    pub(super) fn place_generator(self, is_pinned: bool) -> Result<()> {
        if !self.is_shared_out {
            return Ok(());
        }
        let cores = if is_pinned { "1" } else { "0,1" };
        let pid = std::process::id().to_string();
        let status = Command::new("taskset")
            .args(["-a", "-c", "-p", cores, &pid])
            .stdout(Stdio::null())
            .status()
            .context("taskset (util-linux) is needed to pin processes to cores")?;
        if !status.success() {
            bail!("taskset refused to use core(s) {cores}");
        }
        Ok(())
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_shared_out {
            "server on one core, generator on another, unless it says otherwise"
        } else {
            "one core for all: not comparable with the budgets"
        })
    }
}
