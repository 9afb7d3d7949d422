//! Files that arrive: sent at one go, or in parts over as many requests as it takes.
//!
//! Everything about them is on disk, in `files/incoming/`: `<id>.part` holds the bytes that came
//! ([`incoming`]), and `<id>.json` what was promised of a file that comes in parts ([`promise`]).
//! So a restart forgets nothing, and a request that breaks off leaves what it brought. The promise
//! goes last, after the file has its final name and the store knows of it; a server that dies in
//! between finds it and finishes.
//!
//! Four things bound what arrives: how many files arrive at one time ([`arrivals`]), how many bytes
//! were begun ([`begun`]), what the disk has free ([`floor`]), and one request for each upload
//! ([`holds`]).

mod arrivals;
mod begun;
mod floor;
mod holds;
mod incoming;
mod leftovers;
mod promise;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

pub use arrivals::Arrival;
use arrivals::Arrivals;
pub use begun::Claim;
use begun::{Begun, Entry};
use floor::FloorLook;
pub use holds::Held;
use holds::Holds;
pub use incoming::{Finished, Incoming};
pub use promise::Promise;

use super::shelf::{INCOMING, Kind};
use super::{Error, Files};
use crate::disk;
use crate::model::ids::{UploadId, UserId};

/// How long a request that holds an upload is given to let go when its owner comes back.
const PATIENCE: Duration = Duration::from_secs(5);

/// What to do when another request is at the same upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfHeld {
    /// Leave it alone.
    GiveUp,
    /// Ask it to let go: a client that comes back has given the other one up.
    Interrupt,
}

/// What is known in memory of the files that arrive.
pub(super) struct Uploads {
    arrivals: Arc<Arrivals>,
    begun: Arc<Begun>,
    holds: Arc<Holds>,
    /// Bytes of the disk that uploads leave free.
    floor_bytes: u64,
}

impl Uploads {
    /// Counts what had begun to arrive in the folder `incoming` before the server started.
    pub(super) fn open(incoming: &Path, at_once: usize, floor_bytes: u64) -> io::Result<Self> {
        Ok(Self {
            arrivals: Arrivals::new(at_once),
            begun: Begun::of(leftovers::promised(incoming)?),
            holds: Arc::default(),
            floor_bytes,
        })
    }
}

impl Files {
    /// Takes a place among the files that arrive now; it is free again when it is dropped.
    ///
    /// # Errors
    /// `Busy`.
    pub fn arrive(&self) -> Result<Arrival, Error> {
        self.uploads.arrivals.take()
    }

    /// Counts a file of that many bytes that is sent at one go.
    ///
    /// # Errors
    /// None at present: such files have no limit of their number.
    pub fn claim(&self, id: UploadId, owner: UserId, bytes: u64) -> Result<Claim, Error> {
        self.uploads.begun.claim(id, Entry { owner, bytes, in_parts: false }, usize::MAX)
    }

    /// Counts a file that is to come in parts. One person has at most `most` of them.
    ///
    /// # Errors
    /// `TooManyBegun`.
    pub fn claim_in_parts(
        &self,
        id: UploadId,
        promise: &Promise,
        most: usize,
    ) -> Result<Claim, Error> {
        self.uploads.begun.claim(id, Entry::of(promise), most)
    }

    /// The files that a person has begun to send in parts.
    #[must_use]
    pub fn begun_by(&self, owner: UserId) -> Vec<UploadId> {
        self.uploads.begun.of_person(owner)
    }

    /// Holds an upload for as long as the answer lives; `None` when a request is at it.
    pub async fn hold(&self, id: UploadId) -> Option<Held> {
        self.uploads.holds.take(id, None).await
    }

    /// Starts to take a file that is sent at one go. Dropping the [`Incoming`] forgets the file.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn begin(
        &self,
        id: UploadId,
        promise: Promise,
        claim: Claim,
    ) -> Result<Incoming, Error> {
        let held = self.hold(id).await.ok_or(Error::Held)?;
        let files = self.clone();
        // When the request is dropped meanwhile, so is the answer, which removes the file.
        blocking(move || {
            let file = disk::create_private(&files.incoming(id, "part"))?;
            let opened = Opened { file, is_moved: false };
            files.incoming_of(id, promise, opened, held, Some(claim))
        })
        .await
    }

    /// Notes what is to come, and makes an empty file for it. It is counted until its promise is
    /// forgotten. The answer is the time of the file.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn promise(
        &self,
        id: UploadId,
        mut promise: Promise,
        claim: Claim,
    ) -> Result<SystemTime, Error> {
        let (part, note) = (self.incoming(id, "part"), self.incoming(id, "json"));
        let touched = blocking(move || {
            let written = write_promise(&part, &note, &mut promise);
            if written.is_err() {
                let _ = fs::remove_file(&part);
            }
            written
        })
        .await?;
        claim.keep();
        Ok(touched)
    }

    /// What was promised of a file that is not finished.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn promised(&self, id: UploadId) -> Result<Option<Promise>, Error> {
        let note = self.incoming(id, "json");
        blocking(move || promise::read(&note)).await
    }

    /// Takes a promised file, to go on with it. `None` when there is none (any more).
    ///
    /// # Errors
    /// `Held` when another request is at it, or what the disk says.
    pub async fn take(&self, id: UploadId, if_held: IfHeld) -> Result<Option<Incoming>, Error> {
        let patience = (if_held == IfHeld::Interrupt).then_some(PATIENCE);
        let held = self.uploads.holds.take(id, patience).await.ok_or(Error::Held)?;
        let Some(promise) = self.promised(id).await? else { return Ok(None) };
        let (part, bin) = (self.incoming(id, "part"), self.path(id, Kind::Bytes));
        // When the note is of another run, nothing behind the synced bytes is believed.
        let most = if promise.is_of_this_run() { promise.length } else { promise.synced };
        let Some(opened) = blocking(move || open_part(&part, &bin, most)).await? else {
            self.forget(id).await;
            return Ok(None);
        };
        Ok(Some(self.incoming_of(id, promise, opened, held, None)?))
    }

    fn incoming_of(
        &self,
        id: UploadId,
        promise: Promise,
        Opened { file, is_moved }: Opened,
        held: Held,
        claim: Option<Claim>,
    ) -> io::Result<Incoming> {
        let meta = file.metadata()?;
        let offset = meta.len();
        Ok(Incoming {
            id,
            promise,
            offset,
            touched: meta.modified()?,
            files: self.clone(),
            file: Arc::new(file),
            sha256: (offset == 0).then(Sha256::new),
            floor: FloorLook::default(),
            held: Arc::new(held),
            is_moved,
            claim,
        })
    }

    /// Forgets the promise of a file that is stored, or that was given up.
    pub async fn forget_promise(&self, id: UploadId) {
        self.remove_incoming(id, "part").await;
        self.remove_incoming(id, "json").await;
        self.uploads.begun.end(id);
    }

    /// Forgets a file that is not stored, with all that came of it.
    pub async fn forget(&self, id: UploadId) {
        self.remove(id).await;
        self.forget_promise(id).await;
    }

    async fn remove_incoming(&self, id: UploadId, kind: &str) {
        match tokio::fs::remove_file(self.incoming(id, kind)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(upload = %id, %error, "could not remove an unfinished file");
            }
            _ => {}
        }
    }

    fn incoming(&self, id: UploadId, kind: &str) -> PathBuf {
        self.root.join(INCOMING).join(format!("{id}.{kind}"))
    }
}

/// Makes an empty file first, and then, whole or not at all, the note that makes it an upload.
fn write_promise(part: &Path, note: &Path, promise: &mut Promise) -> io::Result<SystemTime> {
    let file = disk::create_private(part)?;
    promise::write(note, promise)?;
    file.metadata()?.modified()
}

/// The file that holds the bytes of an upload.
struct Opened {
    file: File,
    /// Whether it has its final name already.
    is_moved: bool,
}

/// Opens the bytes that came, and cuts them to `most`; or the stored file, when the server died
/// just after moving it. `None` when there is neither.
fn open_part(part: &Path, bin: &Path, most: u64) -> io::Result<Option<Opened>> {
    match OpenOptions::new().append(true).read(true).open(part) {
        Ok(file) => {
            let meta = file.metadata()?;
            if meta.len() > most {
                file.set_len(most)?;
                // The file keeps the time of its last byte, not the time of this cut.
                file.set_modified(meta.modified()?)?;
            }
            return Ok(Some(Opened { file, is_moved: false }));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    match File::open(bin) {
        Ok(file) => Ok(Some(Opened { file, is_moved: true })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs work on the disk off the threads that serve requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Error::Io(io::Error::other(error)))??)
}
