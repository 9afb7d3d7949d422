//! The web app in a real browser. Node runs `e2e/bench`, which prints a line of JSON for every figure.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::budgets::Samples;
use super::filling::{self, Folder, Plan};
use super::server::Server;
use super::setting::Bench;

/// The long channel, `bench 0`.
const LONG: Plan = Plan { messages: 100_000, channels: 1, memberships: 1, text_bytes: 80 };

/// One line of the browser's part.
#[derive(Deserialize)]
struct Figure {
    key: String,
    figure: f64,
}

/// Measures the rows of the web app.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    bench.cores.place_generator(false)?;
    let folder = Folder::new(bench, "web")?;
    filling::fill(folder.path(), &LONG)?;
    let server = Server::product_on(bench, folder.path())?;
    let mut command = Command::new("node");
    command.arg(&bench.web.web_bench).arg(format!("http://{}", server.address()));
    if bench.is_quick {
        command.arg("--quick");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node, which drives the browser")?;
    let output = child.stdout.take().context("the browser's part has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        let figure: Figure = serde_json::from_str(&line)
            .with_context(|| format!("not a figure of the browser's part: {line}"))?;
        samples.add_named(&figure.key, figure.figure)?;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the browser's part ended with {status}");
    }
    Ok(())
}
