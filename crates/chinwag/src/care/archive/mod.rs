//! The form of a backup: a plain tar file, of which this writes and reads a strict part.
//!
//! ```text
//! chinwag-backup.json   what this is: format, version, when          (the first entry)
//! chinwag.db            a copy of the database
//! settings.json         the settings of the server, for a person to read; may be missing
//! files/ab/abcd….bin    every file that a row of the database names; likewise ….thumb
//! manifest.jsonl        how many of each; name, length and SHA-256 of every entry above;
//!                       and last the seal, the SHA-256 of every byte before it
//! ```
//! Unpacked by `tar` it is a data folder. What is read back here has exactly these names, plain
//! files only, each once: a name is parsed, never joined to a path. The manifest comes last, so an
//! archive that was cut off has none; and every byte of it is under the seal, or is zero and behind
//! it, so no byte can change unseen.

mod names;
mod reader;
mod writer;

pub(super) use names::Name;
pub(super) use reader::{Flaw, Reader};
pub(super) use writer::{AddError, Writer};

use serde::{Deserialize, Serialize};

use crate::model::hex::hex;
use crate::store::sqlite::Report;

/// The format that this program writes, and the newest that it reads.
pub(super) const FORMAT: u32 = 1;
/// Tar's unit: a head is one, and what follows is filled up to the next.
const BLOCK: usize = 512;
/// Empty blocks at the end of a tar file.
const END_BLOCKS: usize = 2;
/// The longest line of a manifest that is read.
const MAX_LINE: u64 = 1_024;
/// `{"sha256":"…64 digits…"}` and a line feed.
const SEAL_BYTES: u64 = 78;

/// The first entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the program that wrote it.
    pub chinwag: String,
    /// The database's version.
    pub database: i64,
    /// When, in RFC 3339.
    pub made_at: String,
}

/// The first line of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub people: i64,
    pub channels: i64,
    pub messages: i64,
    pub uploads: i64,
    /// Entries above the manifest.
    pub entries: u64,
}

impl Counts {
    pub(super) fn of(report: &Report, entries: u64) -> Self {
        let Report { people, channels, messages, uploads, .. } = *report;
        Self { people, channels, messages, uploads, entries }
    }
}

/// A line of the manifest about an entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Line {
    pub(super) fn new(name: &Name, bytes: u64, sha256: [u8; 32]) -> Self {
        Self { path: name.path(), bytes, sha256: hex(&sha256) }
    }
}

/// A shape as a line. Numbers and text always have one.
pub(super) fn line(shape: &impl Serialize) -> String {
    let mut line = serde_json::to_string(shape).unwrap_or_default();
    line.push('\n');
    line
}

fn seal(sha256: [u8; 32]) -> String {
    format!("{{\"sha256\":\"{}\"}}\n", hex(&sha256))
}

/// How many bytes fill an entry of that length up to the next block.
fn filling(bytes: u64) -> usize {
    let over = (bytes % BLOCK as u64) as usize;
    if over == 0 { 0 } else { BLOCK - over }
}
