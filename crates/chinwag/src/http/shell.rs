//! The shell of every page: the web app's files, found in its manifest.
//!
//! Vite writes `.vite/manifest.json`: which hashed files the entry became (Vite, "Backend
//! Integration"). Where the web app was not built, the shell has no script and the plain pages
//! stand alone.

use std::collections::BTreeSet;

use serde_json::Value;

use super::assets;

/// The entry in Vite's manifest.
const ENTRY: &str = "src/main.ts";

/// The files that a page links.
#[derive(Debug, Clone, Default)]
pub(super) struct Shell {
    /// The module script, as an address; `None` when the web app was not built.
    pub script: Option<String>,
    /// Modules that the script imports at once.
    pub preloads: Vec<String>,
    /// Stylesheets.
    pub styles: Vec<String>,
}

impl Shell {
    /// Reads the manifest of the web app inside.
    pub(super) fn load() -> Self {
        let manifest = assets::read(".vite/manifest.json");
        let parsed = manifest.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(manifest) = parsed else { return Self::default() };
        let mut shell = Self::default();
        let mut seen = BTreeSet::new();
        shell.add(&manifest, ENTRY, &mut seen);
        shell
    }

    fn add(&mut self, manifest: &Value, chunk: &str, seen: &mut BTreeSet<String>) {
        let Some(entry) = manifest.get(chunk).filter(|_| seen.insert(chunk.to_owned())) else {
            return;
        };
        let address = |value: &Value| value.as_str().map(|file| format!("/{file}"));
        if let Some(file) = entry.get("file").and_then(address) {
            if chunk == ENTRY {
                self.script = Some(file);
            } else {
                self.preloads.push(file);
            }
        }
        for style in entry.get("css").and_then(Value::as_array).into_iter().flatten() {
            self.styles.extend(address(style));
        }
        for import in entry.get("imports").and_then(Value::as_array).into_iter().flatten() {
            if let Some(import) = import.as_str() {
                self.add(manifest, import, seen);
            }
        }
    }
}
