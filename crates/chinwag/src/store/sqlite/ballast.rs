//! Room on the disk that is kept for what must work also when it is full: deleting, logging out,
//! ending sessions, revoking tokens.
//!
//! The file `ballast` takes the room ahead. When a command that frees something finds the disk full,
//! the file goes and the command runs again in its room. Until there is room for a new ballast,
//! nothing else is written, so that the room is left for those commands. Each of them writes into the
//! log and is copied back at once (`writer`), so the log takes the same room again and again.

use std::fs;
use std::path::{Path, PathBuf};

use super::connection::LOG_PAGES;
use crate::disk;

/// The name in the data folder.
const NAME: &str = "ballast";
/// As much as a log that is full: to copy it back, the database grows by so much at most.
const BYTES: u64 = LOG_PAGES * 4_096;
/// On a small disk, this part of what is free.
const PART: u64 = 8;
/// Less than this is of no use: some deletions of long messages.
const LEAST: u64 = 256 * 1024;

/// The room, or what became of it.
pub(super) struct Ballast {
    path: PathBuf,
    bytes: u64,
    is_given_up: bool,
}

impl Ballast {
    /// Takes the room, as far as there is some.
    pub(super) fn lay(data: &Path) -> Self {
        let path = data.join(NAME);
        let has = fs::metadata(&path).map_or(0, |meta| meta.len());
        let mut ballast = Self { path, bytes: 0, is_given_up: false };
        ballast.bytes = ballast.size(has).max(has);
        // Without it, a server is what it was before there was one.
        if has < ballast.bytes && !ballast.take() {
            ballast.bytes = 0;
        }
        ballast
    }

    /// None at all, for a database that has no folder.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { path: PathBuf::new(), bytes: 0, is_given_up: false }
    }

    /// Whether the room was given up and is not there again: nothing may be written but what frees
    /// something. Looks whether it can be taken again.
    pub(super) fn is_missing(&mut self) -> bool {
        if self.is_given_up {
            self.bytes = self.size(0);
            // Twice: what is free now must not go for the ballast alone.
            let free = self.free();
            self.is_given_up = free < 2 * self.bytes.max(LEAST) || !self.take();
            if !self.is_given_up {
                tracing::info!("the disk has room again");
            }
        }
        self.is_given_up
    }

    /// Whether the room was given up, as far as is known.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// Gives the room up; `false` when there is none to give.
    pub(super) fn give_up(&mut self) -> bool {
        if self.is_given_up || self.bytes == 0 {
            return false;
        }
        match fs::remove_file(&self.path) {
            Ok(()) => {
                self.is_given_up = true;
                tracing::warn!(
                    bytes = self.bytes,
                    "the disk is full: the ballast goes, so that deleting and logging out work; \
                     make room"
                );
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the ballast could not be given up");
                false
            }
        }
    }

    /// How much is to be kept, when the file has `has` bytes already.
    fn size(&self, has: u64) -> u64 {
        let size = ((self.free() + has) / PART).min(BYTES);
        if size < LEAST { 0 } else { size }
    }

    fn free(&self) -> u64 {
        self.path.parent().and_then(|data| disk::free_bytes(data).ok()).unwrap_or(0)
    }

    fn take(&self) -> bool {
        // Nothing of it is in the way of the one that is made now.
        let _ = fs::remove_file(&self.path);
        let taken = disk::private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .and_then(|file| disk::take_room(&file, self.bytes));
        if let Err(error) = &taken {
            tracing::warn!(%error, "no room could be kept for when the disk is full");
            // Half of it would be in the way of everybody.
            let _ = fs::remove_file(&self.path);
        }
        taken.is_ok()
    }
}
