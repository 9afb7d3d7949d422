//! Where summaries go: text to standard output, JSON to a file.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// Prints `summary` and, when asked for, writes it to `json`.
pub(crate) fn show(summary: &(impl Display + Serialize), json: Option<&Path>) -> Result<()> {
    println!("{summary}");
    let Some(path) = json else { return Ok(()) };
    let text = serde_json::to_string_pretty(summary)? + "\n";
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
