//! Room on the disk for commands that must work when it is full: deleting, logging out, ending
//! sessions, revoking tokens.
//!
//! The file `ballast` takes that room in advance. If a command that removes something finds the disk
//! full, the file is deleted and the command runs again. Until there is room for a new ballast,
//! nothing else is written, so that the room stays for those commands. After each of them the log is
//! copied back at once, so the log uses the same room again and again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::store::sqlite::connection::LOG_PAGES;

/// The name in the data folder.
const NAME: &str = "ballast";
/// The size: that of a full log. When a log is copied back, the database grows by that at most.
const BYTES: u64 = LOG_PAGES * 4_096;
/// On a small disk the ballast takes one part in so many of what is free.
const PART: u64 = 8;
/// A smaller ballast would be useless: this is enough for some deletions of long messages.
const LEAST: u64 = 256 * 1024;

/// The file, or the fact that it is missing.
pub(crate) struct Ballast {
    path: PathBuf,
    bytes: u64,
    is_given_up: bool,
}

impl Ballast {
    /// Makes the file, as large as the disk allows, or keeps the one that is there.
    pub(crate) fn lay(data: &Path) -> Self {
        let path = data.join(NAME);
        let has = fs::metadata(&path).map_or(0, |meta| meta.len());
        let mut ballast = Self { path, bytes: 0, is_given_up: false };
        ballast.bytes = ballast.size(has).max(has);
        // A server without a ballast works, but cannot delete on a full disk.
        if has < ballast.bytes && !ballast.take() {
            ballast.bytes = 0;
        }
        ballast
    }

    /// No ballast, for a database that has no folder.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { path: PathBuf::new(), bytes: 0, is_given_up: false }
    }

    /// Whether the file was deleted and cannot be made again yet: then only commands that remove
    /// something may write. Tries to make it again.
    pub(super) fn is_missing(&mut self) -> bool {
        if self.is_given_up {
            self.bytes = self.size(0);
            // Twice the size, so that the ballast does not take all that is free.
            let free = self.free();
            self.is_given_up = free < 2 * self.bytes.max(LEAST) || !self.take();
            if !self.is_given_up {
                tracing::info!("the disk has room again");
            }
        }
        self.is_given_up
    }

    /// Whether the file was deleted and not made again since. Does not look at the disk.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// Deletes the file; `false` when there is none.
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

    /// The size that the file should have, in bytes, when it has `has` bytes already.
    fn size(&self, has: u64) -> u64 {
        let size = ((self.free() + has) / PART).min(BYTES);
        if size < LEAST { 0 } else { size }
    }

    fn free(&self) -> u64 {
        self.path.parent().and_then(|data| disk::free_bytes(data).ok()).unwrap_or(0)
    }

    fn take(&self) -> bool {
        // An earlier one may have another size.
        let _ = fs::remove_file(&self.path);
        let taken = disk::private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)
            .and_then(|file| disk::take_room(&file, self.bytes));
        if let Err(error) = &taken {
            tracing::warn!(%error, "no room could be kept for when the disk is full");
            // Half a ballast only takes room away.
            let _ = fs::remove_file(&self.path);
        }
        taken.is_ok()
    }
}
