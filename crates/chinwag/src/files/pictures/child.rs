//! The process that makes one thumbnail and ends.
//!
//! It is the same program. The server starts it ([`super::workshop`]) and says how much memory it
//! may use; it gives up its right to more before it reads a byte of the picture. A decoder that
//! takes too much memory or time, or that panics, ends this process alone.

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::path::Path;

use rlimit::Resource;

use super::{squares, thumbnail};
use crate::disk;

/// The memory that the process itself takes beside the pixels, in bytes.
pub(super) const ITSELF: u64 = 16 * 1024 * 1024;
/// The processor time it has, in seconds.
const CPU_S: u64 = 20;
/// The largest file it may write, in bytes: far above any thumbnail.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The result of making a thumbnail, which is one line on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is in its place, synced. Width and height of the picture, in pixels.
    Made(u32, u32),
    /// The picture is small enough to be its own thumbnail. Its width and height, in pixels.
    Needless(u32, u32),
    /// It is no picture that can be decoded.
    Broken,
    /// The disk refused it. The system's number of the error.
    Disk(i32),
}

impl Outcome {
    fn line(self) -> String {
        match self {
            Self::Made(width, height) => format!("made {width} {height}"),
            Self::Needless(width, height) => format!("needless {width} {height}"),
            Self::Broken => "broken".to_owned(),
            Self::Disk(number) => format!("disk {number}"),
        }
    }

    /// Reads what [`Outcome::line`] writes.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let kind = words.next()?;
        let mut side = || words.next()?.parse().ok();
        match kind {
            "made" => Some(Self::Made(side()?, side()?)),
            "needless" => Some(Self::Needless(side()?, side()?)),
            "broken" => Some(Self::Broken),
            "disk" => Some(Self::Disk(words.next()?.parse().ok()?)),
            _ => None,
        }
    }
}

/// What to make of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// A thumbnail.
    Thumbnail,
    /// The squares of a person's picture, in one file.
    Squares,
}

/// Makes the thumbnail or the squares of `source` at `target`, with at most `memory` bytes for the picture, and
/// writes the result to standard output.
///
/// # Errors
/// When the limits cannot be set, and then nothing is read; or when standard output is closed.
pub fn run(source: &Path, target: &Path, what: Make, memory: u64) -> io::Result<()> {
    limit(memory)?;
    let outcome = make(source, target, what, memory)
        .unwrap_or_else(|error| Outcome::Disk(error.raw_os_error().unwrap_or(0)));
    writeln!(io::stdout(), "{}", outcome.line())
}

fn limit(memory: u64) -> io::Result<()> {
    let most = memory.saturating_add(ITSELF);
    Resource::DATA.set(most, most)?;
    Resource::CPU.set(CPU_S, CPU_S)?;
    Resource::FSIZE.set(MAX_FILE, MAX_FILE)?;
    Resource::CORE.set(0, 0)
}

fn make(source: &Path, target: &Path, what: Make, memory: u64) -> io::Result<Outcome> {
    let file = File::open(source)?;
    let length = file.metadata()?.len();
    // What a decoder counts beside the pixels has to fit into the memory of the process itself.
    let counted = memory.saturating_add(ITSELF / 2);
    let Some(small) = thumbnail::decode(BufReader::new(file), counted) else {
        return Ok(Outcome::Broken);
    };
    let (width, height) = small.pixels;
    let encoded = match what {
        Make::Thumbnail => small.encode_below(length).ok(),
        Make::Squares => small.squares().ok().and_then(|all| squares::write(&all)).map(Some),
    };
    let Some(encoded) = encoded else { return Ok(Outcome::Broken) };
    let Some(encoded) = encoded else { return Ok(Outcome::Needless(width, height)) };
    let mut out = File::create(target)?;
    out.write_all(&encoded)?;
    out.sync_all()?;
    // Its name is synced too: the row that says that it exists may be on disk before the next sync
    // of the folder.
    disk::sync_name(target)?;
    Ok(Outcome::Made(width, height))
}
