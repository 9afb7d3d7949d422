//! Sizes: the server's binary, and the script that a browser loads before it shows the first message
//! (the entry and everything that it imports statically, compressed as it is served).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::budgets::Samples;
use super::setting::Bench;

/// One chunk of the web app's build, as Vite's manifest tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    file: String,
    #[serde(default)]
    is_entry: bool,
    #[serde(default)]
    imports: Vec<String>,
}

/// Measures both.
pub(super) fn measure(bench: &Bench, samples: &mut Samples) -> Result<()> {
    let binary = fs::metadata(&bench.server).context("cannot see the server's binary")?;
    samples.add("size.binary", binary.len() as f64 / f64::from(1 << 20));
    let manifest = bench.web.web_dist.join(".vite/manifest.json");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read {}: build the web app first", manifest.display()))?;
    let chunks: BTreeMap<String, Chunk> =
        serde_json::from_str(&text).context("the web app's manifest is not as expected")?;
    let mut bytes = 0;
    for file in first_scripts(&chunks) {
        let script = fs::read(bench.web.web_dist.join(file))
            .with_context(|| format!("cannot read {file} of the web app"))?;
        bytes += compressed(&script)?;
    }
    samples.add("size.script", bytes as f64 / 1024.0);
    Ok(())
}

/// The files of the entries and of all they import statically, each once.
fn first_scripts(chunks: &BTreeMap<String, Chunk>) -> BTreeSet<&str> {
    let entries = chunks.iter().filter(|(_, chunk)| chunk.is_entry).map(|(name, _)| name);
    let mut to_visit: Vec<&String> = entries.collect();
    let mut files = BTreeSet::new();
    while let Some(chunk) = to_visit.pop().and_then(|name| chunks.get(name)) {
        let is_script = chunk.file.ends_with(".js");
        if is_script && files.insert(chunk.file.as_str()) {
            to_visit.extend(&chunk.imports);
        }
    }
    files
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    const BUFFER: usize = 4096;
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER, QUALITY, WINDOW);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_imported_statically_counts_and_only_once() {
        let manifest = r#"{
            "index.html": {"file": "a.js", "isEntry": true, "imports": ["b", "c"], "dynamicImports": ["d"]},
            "b": {"file": "b.js", "imports": ["c"]},
            "c": {"file": "c.js", "imports": ["b"]},
            "d": {"file": "d.js", "isDynamicEntry": true},
            "style": {"file": "s.css"}
        }"#;
        let chunks = serde_json::from_str(manifest).unwrap();
        assert_eq!(first_scripts(&chunks), BTreeSet::from(["a.js", "b.js", "c.js"]));
    }
}
