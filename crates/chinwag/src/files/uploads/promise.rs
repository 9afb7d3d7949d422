//! What the sender of a file said of it, and the note of that in `incoming/<id>.json`.
//!
//! A power cut leaves the length of a file, but not always its bytes. So the note also says how
//! many bytes were synced, and during which run of the machine. After another start of the machine
//! only those are believed. When the process alone was killed, everything that it wrote is there.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::disk;
use crate::model::ids::UserId;

/// The longest note that is read, in bytes: far above what is ever written.
const MAX_NOTE: u64 = 64 * 1024;

/// What the sender of a file said of it before its bytes came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    owner: i64,
    /// The file's name.
    pub name: String,
    /// Its media type, as its sender says.
    pub media_type: String,
    /// Its size in bytes; for a file that is sent at one go, the most that it may have.
    pub length: u64,
    /// What the client said of it, in the form in which it wants to hear it again.
    pub metadata: String,
    /// How many of its bytes were synced before this note was written.
    #[serde(default)]
    pub(super) synced: u64,
    /// The run of the machine during which the note was written; empty when it is not known.
    #[serde(default)]
    boot: String,
}

impl Promise {
    /// A file of `length` bytes, none of which has come.
    #[must_use]
    pub fn new(owner: UserId, name: String, media_type: String, length: u64) -> Self {
        let (metadata, boot) = (String::new(), String::new());
        Self { owner: owner.0, name, media_type, length, metadata, synced: 0, boot }
    }

    /// Whether the note was written during the present run of the machine, so that no byte that was
    /// written since is lost.
    pub(super) fn is_of_this_run(&self) -> bool {
        !self.boot.is_empty() && self.boot == boot()
    }

    /// The person who sends it.
    #[must_use]
    pub fn owner(&self) -> UserId {
        UserId(self.owner)
    }
}

/// Replaces a note, whole or not at all, and syncs it with its name.
pub(super) fn write(note: &Path, promise: &mut Promise) -> io::Result<()> {
    promise.boot = boot();
    let draft = note.with_extension("draft");
    let text = serde_json::to_vec(promise).map_err(io::Error::other)?;
    let mut options = disk::private();
    // A draft that a server left when it died is written over.
    let out = options.write(true).create(true).truncate(true).open(&draft);
    let written = out.and_then(|mut out| out.write_all(&text).and_then(|()| out.sync_all()));
    let done = written.and_then(|()| disk::put_in_place(&draft, note));
    if done.is_err() {
        let _ = fs::remove_file(&draft);
    }
    done
}

/// Reads a note. One that cannot be understood counts as missing: its upload ends like one that was
/// never promised.
pub(super) fn read(note: &Path) -> io::Result<Option<Promise>> {
    let mut text = Vec::new();
    match File::open(note) {
        Ok(file) => file.take(MAX_NOTE).read_to_end(&mut text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(serde_json::from_slice(&text).ok())
}

/// The run of the machine: another one after each start of it. Empty where the system has none.
fn boot() -> String {
    let read = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    read.trim().to_owned()
}
