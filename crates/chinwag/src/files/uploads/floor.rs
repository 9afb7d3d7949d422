//! The part of the disk that uploads leave free for messages.

use std::io;

use crate::disk;
use crate::files::{Error, Files};

/// Says when to look again how much of the disk is free.
#[derive(Default)]
pub(super) struct FloorLook {
    /// Bytes that were written since the last look.
    written: usize,
}

impl FloorLook {
    /// Bytes between two looks.
    const EVERY: usize = 1024 * 1024;

    /// Counts bytes that are about to be written.
    pub(super) fn is_due(&mut self, bytes: usize) -> bool {
        self.written += bytes;
        let due = self.written >= Self::EVERY;
        if due {
            self.written = 0;
        }
        due
    }
}

impl Files {
    /// Refuses when less of the disk is free than uploads leave.
    ///
    /// # Errors
    /// `Floor`.
    pub async fn check_floor(&self) -> Result<(), Error> {
        if self.uploads.floor_bytes == 0 {
            return Ok(());
        }
        let files = self.clone();
        let free = tokio::task::spawn_blocking(move || disk::free_bytes(&files.root)).await;
        match free.map_err(io::Error::other).flatten() {
            Ok(free) if free < self.uploads.floor_bytes => Err(Error::Floor),
            Ok(_) => Ok(()),
            // Writing says what is wrong with the disk.
            Err(error) => {
                tracing::warn!(%error, "it is not known how much of the disk is free");
                Ok(())
            }
        }
    }
}
