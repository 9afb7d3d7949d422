//! The shell of every page: the web app's files, as its manifest names them.
//!
//! Vite writes `.vite/manifest.json`, which names the hashed files that the entry became (Vite,
//! "Backend Integration"). Where the web app was not built, the shell has no script and the plain
//! pages stand alone.

use std::collections::BTreeSet;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::web_app;

/// The entry in Vite's manifest.
const ENTRY: &str = "src/main.ts";

/// The content security policy: everything comes from this server, nobody frames the page, there is
/// no inline script, and no inline style but the one whose digest stands between the two parts.
const POLICY: [&str; 2] = [
    "default-src 'none'; script-src 'self'; style-src 'self'",
    "; img-src 'self' blob: data:; font-src 'self'; media-src 'self'; connect-src 'self'; \
    manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
];
/// The script of the first view, in the manifest of its build.
const FIRST: &str = "src/first.ts";

/// The script of the page on which a name waits, in the manifest of its build.
const WAITING: &str = "src/waiting.ts";

/// The script of the first run, in the manifest of its build.
const FOUNDING: &str = "src/founding.ts";

/// What a channel's page needs to paint its messages before anything else arrives.
#[derive(Debug, Clone)]
pub(super) struct First {
    /// The content of its `<style>`: the rules that the view needs.
    pub style: String,
    /// The address of the script that knows the reader's time zone. Nothing waits for it.
    pub script: String,
}

impl First {
    fn load() -> Option<Self> {
        let style = String::from_utf8(web_app::read("first.css")?.into_owned()).ok()?;
        let script = script_of(".vite/first.json", FIRST)?;
        (!style.contains("</")).then_some(Self { style, script })
    }
}

/// The address of a script that a build of its own made.
fn script_of(manifest: &str, entry: &str) -> Option<String> {
    let manifest = web_app::read(manifest)?;
    let manifest: Value = serde_json::from_slice(&manifest).ok()?;
    Some(format!("/{}", manifest[entry]["file"].as_str()?))
}

/// The files that a page links.
#[derive(Debug, Clone, Default)]
pub(super) struct Shell {
    /// The address of the module script; `None` when the web app was not built.
    pub script: Option<String>,
    /// The addresses of modules that the script imports at once.
    pub preloads: Vec<String>,
    /// The addresses of stylesheets.
    pub styles: Vec<String>,
    /// What a channel's page carries in itself; `None` when it was not built.
    pub first: Option<First>,
    /// The address of the script of the page on which a name waits; `None` when it was not built.
    pub waiting: Option<String>,
    /// The address of the script of the first run; `None` when it was not built.
    pub founding: Option<String>,
}

impl Shell {
    /// Reads the manifest of the web app inside the binary.
    pub(super) fn load() -> Self {
        let manifest = web_app::read(".vite/manifest.json");
        let parsed = manifest.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let Some(manifest) = parsed else { return Self::default() };
        let waiting = script_of(".vite/waiting.json", WAITING);
        let founding = script_of(".vite/founding.json", FOUNDING);
        let mut shell = Self { first: First::load(), waiting, founding, ..Self::default() };
        let mut seen = BTreeSet::new();
        shell.add(&manifest, ENTRY, &mut seen);
        shell
    }

    /// The content security policy of every answer.
    pub(super) fn policy(&self) -> HeaderValue {
        let style = self.first.as_ref().map(|first| Sha256::digest(&first.style));
        let style = style.map(|digest| format!(" 'sha256-{}'", STANDARD.encode(digest)));
        let policy = POLICY.join(style.as_deref().unwrap_or_default());
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
