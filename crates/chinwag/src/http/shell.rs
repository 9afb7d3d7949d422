//! The shell of every page: the web app's files, found in its manifest.
//!
//! Vite writes `.vite/manifest.json`: which hashed files the entry became (Vite, "Backend
//! Integration"). Where the web app was not built, the shell has no script and the plain pages
//! stand alone.

use std::collections::BTreeSet;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::assets;

/// The entry in Vite's manifest.
const ENTRY: &str = "src/main.ts";

/// The whole page's policy: everything from here, nobody frames us, and nothing inline but what is
/// named by its digest.
const POLICY: [&str; 3] = [
    "default-src 'none'; script-src 'self'",
    "; style-src 'self'",
    "; img-src 'self' blob: data:; font-src 'self'; media-src 'self'; connect-src 'self'; \
    manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
];

/// What stands in a channel's page itself, so that its messages are painted before anything else
/// arrives: the style they need, and the script that knows the reader's time zone.
#[derive(Debug, Clone)]
pub(super) struct Inline {
    /// The content of the `<style>`.
    pub style: String,
    /// The content of the `<script>`.
    pub script: String,
}

impl Inline {
    fn load() -> Option<Self> {
        let style = text("first.css").filter(|style| !style.contains("</"))?;
        let script = text("first.js").filter(|script| !script.contains("</"))?;
        Some(Self { style, script })
    }
}

fn text(path: &str) -> Option<String> {
    String::from_utf8(assets::read(path)?.into_owned()).ok().map(|text| text.trim().to_owned())
}

/// The files that a page links.
#[derive(Debug, Clone, Default)]
pub(super) struct Shell {
    /// The module script, as an address; `None` when the web app was not built.
    pub script: Option<String>,
    /// Modules that the script imports at once.
    pub preloads: Vec<String>,
    /// Stylesheets.
    pub styles: Vec<String>,
    /// What a channel's page carries itself.
    pub inline: Option<Inline>,
}

impl Shell {
    /// Reads the manifest of the web app inside.
    pub(super) fn load() -> Self {
        let manifest = assets::read(".vite/manifest.json");
        let parsed = manifest.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(manifest) = parsed else { return Self::default() };
        let mut shell = Self { inline: Inline::load(), ..Self::default() };
        let mut seen = BTreeSet::new();
        shell.add(&manifest, ENTRY, &mut seen);
        shell
    }

    /// The content security policy of everything that this server answers.
    pub(super) fn policy(&self) -> HeaderValue {
        let allowed = |inline: Option<&str>| match inline {
            Some(text) => format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(text))),
            None => String::new(),
        };
        let script = allowed(self.inline.as_ref().map(|inline| inline.script.as_str()));
        let style = allowed(self.inline.as_ref().map(|inline| inline.style.as_str()));
        let [start, then, rest] = POLICY;
        let policy = format!("{start}{script}{then}{style}{rest}");
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
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
