//! A file on its way in.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use super::{Arrival, Error, Files};
use crate::disk;

/// A file that is arriving. It is gone unless [`Incoming::finish`] is reached.
pub struct Incoming {
    file: fs::File,
    part: PartFile,
    target: PathBuf,
    digest: Sha256,
    size: u64,
    max_bytes: u64,
    files: Files,
    floor: FloorLook,
    arrival: Arrival,
}

/// When to look again how much of the disk is free: at every so many bytes.
#[derive(Default)]
pub struct FloorLook(usize);

impl FloorLook {
    const EVERY: usize = 1024 * 1024;

    /// Counts bytes that are about to be written.
    pub fn is_due(&mut self, bytes: usize) -> bool {
        self.0 += bytes;
        let due = self.0 >= Self::EVERY;
        if due {
            self.0 = 0;
        }
        due
    }
}

/// What is known of a file that is safe on disk.
#[derive(Debug, Clone, Copy)]
pub struct Finished {
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// Removes the file when it is dropped, unless it was moved away.
struct PartFile(PathBuf);

impl Drop for PartFile {
    fn drop(&mut self) {
        // Not there any more when it was moved to its place, which is the usual case.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Incoming {
    pub(super) async fn create(
        files: Files,
        part: PathBuf,
        target: PathBuf,
        max_bytes: u64,
        arrival: Arrival,
    ) -> Result<Self, Error> {
        let mut private = fs::OpenOptions::from(disk::private());
        let file = private.write(true).create_new(true).open(&part).await?;
        let (part, digest) = (PartFile(part), Sha256::new());
        let floor = FloorLook::default();
        Ok(Self { file, part, target, digest, size: 0, max_bytes, files, floor, arrival })
    }

    /// Its place among the files that arrive now.
    #[must_use]
    pub fn arrival(&self) -> &Arrival {
        &self.arrival
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge`, or what the disk says.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.size += bytes.len() as u64;
        if self.size > self.max_bytes {
            return Err(Error::TooLarge { max_bytes: self.max_bytes });
        }
        if self.floor.is_due(bytes.len()) {
            self.files.check_floor().await?;
        }
        self.digest.update(bytes);
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Puts the file in its place, synced: its bytes, then its name.
    ///
    /// # Errors
    /// `Empty`, or what the disk says.
    pub async fn finish(mut self) -> Result<Finished, Error> {
        if self.size == 0 {
            return Err(Error::Empty);
        }
        self.file.flush().await?;
        self.file.sync_all().await?;
        if let Some(folder) = self.target.parent() {
            fs::create_dir_all(folder).await?;
            fs::rename(&self.part.0, &self.target).await?;
            fs::File::open(folder).await?.sync_all().await?;
        }
        Ok(Finished { size: self.size, sha256: self.digest.finalize().into() })
    }
}
