//! The bytes of one upload on their way to the disk: the one path by which files come in.
//!
//! The bytes are appended to `incoming/<id>.part`, whose length is the offset. When all have come,
//! the file is synced and takes its final name. An upload that was promised stays when its request
//! breaks off; one that is sent at one go is removed.

use std::fs::{self, File};
use std::io::{self, Seek as _, Write as _};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::begun::Claim;
use super::blocking;
use super::floor::FloorLook;
use super::holds::Held;
use super::promise::{self, Promise};
use crate::disk;
use crate::files::shelf::Kind;
use crate::files::{Error, Files};
use crate::model::ids::UploadId;

/// An unfinished upload. Nobody else writes to it as long as this lives.
pub struct Incoming {
    /// The upload's id.
    pub id: UploadId,
    /// What its sender said of it.
    pub promise: Promise,
    /// The bytes that have come.
    pub offset: u64,
    /// When the last byte came.
    pub touched: SystemTime,
    pub(super) files: Files,
    pub(super) file: Arc<File>,
    /// Over all bytes so far; `None` when this request did not bring all of them.
    pub(super) sha256: Option<Sha256>,
    pub(super) floor: FloorLook,
    /// Every write under way has it too, so that nobody else begins before the write ends.
    pub(super) held: Arc<Held>,
    /// Whether the file has its final name already.
    pub(super) is_moved: bool,
    /// What counts an upload that is sent at one go; `None` for one that was promised.
    pub(super) claim: Option<Claim>,
}

/// What is known of a file that is safe on disk.
#[derive(Debug, Clone, Copy)]
pub struct Finished {
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

impl Incoming {
    /// Whether all bytes that were promised have come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.offset == self.promise.length
    }

    /// Whether the file has its final name already: the server died before the store knew of it.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.is_moved
    }

    /// Whether a later request can go on with it.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        self.claim.is_none()
    }

    /// Waits until its owner comes back by another request.
    pub async fn wanted(&self) {
        self.held.wanted().await;
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// `TooLarge` when they are more than the promise allows, `Floor`, or what the disk says.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        let offset = self.offset + bytes.len() as u64;
        if offset > self.promise.length {
            return Err(Error::TooLarge { max_bytes: self.promise.length });
        }
        if self.floor.is_due(bytes.len()) {
            self.files.check_floor().await?;
        }
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(&bytes);
        }
        self.blocking(move |mut file| file.write_all(&bytes)).await?;
        self.offset = offset;
        Ok(())
    }

    /// Syncs what has come, and notes in the promise that it is synced. After a failed sync the
    /// file is cut back to what was synced before: the rest may be lost, and a second sync would
    /// not say so.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn sync(&mut self) -> Result<(), Error> {
        let (offset, synced) = (self.offset, self.promise.synced);
        if offset == synced && self.promise.is_of_this_run() {
            return Ok(());
        }
        let note = self.files.incoming(self.id, "json");
        let mut promise = self.promise.clone();
        promise.synced = offset;
        let work = move |file: &File| {
            sync_or_cut(file, synced)?;
            promise::write(&note, &mut promise)?;
            Ok((promise, file.metadata()?.modified()?))
        };
        (self.promise, self.touched) = self.blocking(work).await?;
        Ok(())
    }

    /// Removes all bytes behind `offset`.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn cut_to(&mut self, offset: u64) -> Result<(), Error> {
        self.blocking(move |file| file.set_len(offset)).await?;
        (self.offset, self.sha256) = (offset, None);
        Ok(())
    }

    /// Syncs a file whose bytes have all come and gives it its final name, synced too. A promise
    /// stays on disk until [`Files::forget_promise`].
    ///
    /// # Errors
    /// `Empty`, or what the disk says.
    pub async fn settle(&mut self) -> Result<Finished, Error> {
        if self.offset == 0 {
            return Err(Error::Empty);
        }
        let (size, synced, is_moved) = (self.offset, self.promise.synced, self.is_moved);
        let part = self.files.incoming(self.id, "part");
        let target = self.files.path(self.id, Kind::Bytes);
        let sha256 = self.sha256.take();
        let finished = self.blocking(move |file| {
            if is_moved {
                file.sync_all()?;
            } else {
                sync_or_cut(file, synced)?;
            }
            let sha256 = match sha256 {
                Some(sha256) => sha256.finalize().into(),
                None => sha256_of(file)?,
            };
            if let (false, Some(folder)) = (is_moved, target.parent()) {
                fs::create_dir_all(folder)?;
                disk::put_in_place(&part, &target)?;
            }
            Ok(Finished { size, sha256 })
        });
        finished.await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&File) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (file, held) = (Arc::clone(&self.file), Arc::clone(&self.held));
        blocking(move || {
            let done = work(&file);
            drop(held);
            done
        })
        .await
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_resumable() {
            // It is not there any more when it has its final name, which is the usual case.
            let _ = fs::remove_file(self.files.incoming(self.id, "part"));
        }
    }
}

/// Syncs a file. When that fails, cuts it back to the bytes that an earlier sync is known to have
/// kept.
fn sync_or_cut(file: &File, synced: u64) -> io::Result<()> {
    if let Err(error) = file.sync_all() {
        file.set_len(synced)?;
        return Err(error);
    }
    Ok(())
}

/// The SHA-256 of all of a file.
fn sha256_of(file: &File) -> io::Result<[u8; 32]> {
    let mut again = file.try_clone()?;
    again.rewind()?;
    disk::sha256(again)
}
