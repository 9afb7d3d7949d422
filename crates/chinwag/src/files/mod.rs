//! The bytes of files, in the data folder.
//!
//! `files/ab/abcdef….bin` and `files/ab/abcdef….thumb`, named by the upload's id; `files/incoming/`
//! holds what is still arriving: at one go (`incoming.rs`) or in parts (`resumable.rs`); `begun.rs`
//! counts it. A file is
//! streamed to disk, never held in memory whole, and takes its final name only after it is synced.
//! `shelf.rs` knows the folder as a whole. Rows about files are the store's; who may read them is
//! decided in `chat/`.

mod arrivals;
mod begun;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod holds;
mod incoming;
pub mod pictures;
mod resumable;
pub mod shelf;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use tokio::fs;

pub use arrivals::Arrival;
use arrivals::Arrivals;
pub use begun::Claim;
pub use holds::Held;
pub use incoming::{Finished, FloorLook, Incoming};
pub use pictures::Picture;
use pictures::header;
use pictures::workshop::{Work, Workshop};
pub use resumable::{IfHeld, Part, Promise};
use shelf::Kind;

use crate::disk;
use crate::model::ids::{UploadId, UserId};

/// Files that one look for orphans goes over, at least, unless it meets the whole folder before.
const ORPHANS_LOOK: usize = 10_000;

/// The process has too many files open, in the numbers of Unix.
const EMFILE: i32 = 24;
/// The system has too many files open.
const ENFILE: i32 = 23;

/// Why a file could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// More bytes than allowed.
    #[error("larger than {max_bytes} bytes")]
    TooLarge {
        /// The most.
        max_bytes: u64,
    },
    /// No bytes at all.
    #[error("empty")]
    Empty,
    /// Too many uploads or pictures at once.
    #[error("too many uploads or pictures at once")]
    Busy,
    /// More files begun than one person may have.
    #[error("{max} files are begun and not finished")]
    TooManyBegun {
        /// The most.
        max: usize,
    },
    /// What is free on the disk is kept for messages.
    #[error("the disk has less free than is kept for messages")]
    Floor,
    /// The bytes are not those that their checksum is of.
    #[error("the bytes do not fit their checksum")]
    Checksum,
    /// Another request is at that upload.
    #[error("another request is at that upload")]
    Held,
    /// The sender stopped half-way.
    #[error("the upload broke off: {0}")]
    Broken(String),
    /// No room on the disk, or it may not be written to.
    #[error("the disk takes no more: {0}")]
    Full(std::io::Error),
    /// The process has as many files open as the system allows.
    #[error("no more files can be opened (raise LimitNOFILE or `ulimit -n`): {0}")]
    TooManyOpen(std::io::Error),
    /// Anything else that the disk says.
    #[error("file: {0}")]
    Io(std::io::Error),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        if matches!(error.raw_os_error(), Some(EMFILE | ENFILE)) {
            return Self::TooManyOpen(error);
        }
        match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem | K::PermissionDenied => {
                Self::Full(error)
            }
            _ => Self::Io(error),
        }
    }
}

/// The folder of files. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
    arriving: Arc<Arrivals>,
    workshop: Workshop,
    /// Locked while files may not go; see [`shelf::Hold`].
    backup: Arc<std::fs::File>,
    /// The shelf that the next look for orphans begins with.
    next_shelf: Arc<AtomicUsize>,
    holds: Arc<holds::Holds>,
    begun: Arc<begun::Begun>,
    /// Bytes of the disk that uploads leave free.
    floor_bytes: u64,
}

impl Files {
    /// Uses (and makes, when it is missing) that folder. At most `at_once` files arrive at a time,
    /// for all people together, and only while more than `floor_bytes` of the disk are free.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(root: &Path, at_once: usize, floor_bytes: u64) -> std::io::Result<Self> {
        let incoming = root.join(shelf::INCOMING);
        disk::make_private_folder(&incoming)?;
        make_shelves(root)?;
        let begun = begun::Begun::of(resumable::unfinished(&incoming)?);
        Ok(Self {
            root: Arc::new(root.to_owned()),
            arriving: Arrivals::new(at_once),
            workshop: Workshop::new(None),
            backup: Arc::new(shelf::lock_file(root)?),
            next_shelf: Arc::default(),
            holds: Arc::default(),
            begun,
            floor_bytes,
        })
    }

    /// A place among the files that arrive now; it is free again when it is dropped.
    ///
    /// # Errors
    /// `Busy`.
    pub fn arrive(&self) -> Result<Arrival, Error> {
        self.arriving.take()
    }

    /// Counts a file that comes at one go, of so many bytes.
    ///
    /// # Errors
    /// None but those of [`Files::promise`].
    pub fn claim(&self, id: UploadId, owner: UserId, bytes: u64) -> Result<Claim, Error> {
        self.begun.claim(id, begun::Entry { owner, bytes, in_parts: false }, usize::MAX)
    }

    /// Takes an upload for as long as the answer lives; `None` when a request is at it.
    pub async fn hold(&self, id: UploadId) -> Option<Held> {
        self.holds.take(id, None).await
    }

    /// Refuses when less is free than uploads may leave.
    ///
    /// # Errors
    /// `Floor`.
    pub async fn check_floor(&self) -> Result<(), Error> {
        if self.floor_bytes == 0 {
            return Ok(());
        }
        let files = self.clone();
        let free = tokio::task::spawn_blocking(move || disk::free_bytes(&files.root)).await;
        match free.map_err(std::io::Error::other).flatten() {
            Ok(free) if free < self.floor_bytes => Err(Error::Floor),
            Ok(_) => Ok(()),
            // Writing says what is wrong with the disk.
            Err(error) => {
                tracing::warn!(%error, "it is not known how much of the disk is free");
                Ok(())
            }
        }
    }

    /// Starts to take a file of at most `max_bytes`. Dropping the [`Incoming`] forgets it.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn begin(&self, id: UploadId, max_bytes: u64) -> Result<Incoming, Error> {
        let arrival = self.arrive()?;
        let part = self.root.join(shelf::INCOMING).join(format!("{id}.part"));
        Incoming::create(self.clone(), part, self.path(id, Kind::Bytes), max_bytes, arrival).await
    }

    /// Has thumbnails made by that program, which is this one. Without it there are none.
    #[must_use]
    pub fn with_thumbnails_by(mut self, program: Option<PathBuf>) -> Self {
        self.workshop = Workshop::new(program);
        self
    }

    /// Looks whether a stored file is a picture, and has its thumbnail made if so. A picture that
    /// cannot be decoded, or only with more memory than there is for it, goes without.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn picture(&self, id: UploadId) -> Result<Option<Picture>, Error> {
        let source = self.path(id, Kind::Bytes);
        let file = source.clone();
        let read = tokio::task::spawn_blocking(move || {
            header::read(std::io::BufReader::new(std::fs::File::open(file)?))
        });
        let read = read.await.map_err(|error| Error::Io(std::io::Error::other(error)))??;
        let Some(header) = read else { return Ok(None) };
        let work = match header.cost {
            Some(cost) => self.workshop.make(source, self.path(id, Kind::Thumbnail), cost).await?,
            None => Work::default(),
        };
        Ok(Some(Picture {
            media_type: header.media_type,
            pixels: work.pixels.or(header.pixels),
            moving: header.moving,
            thumbnail: work.made,
        }))
    }

    /// Opens a stored file, and tells its length in bytes. `None` when it is not there.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn read(
        &self,
        id: UploadId,
        thumbnail: bool,
    ) -> Result<Option<(fs::File, u64)>, Error> {
        let path = self.path(id, if thumbnail { Kind::Thumbnail } else { Kind::Bytes });
        match fs::File::open(path).await {
            Ok(file) => {
                let length = file.metadata().await?.len();
                Ok(Some((file, length)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a stored file. What is not there is removed already; what the disk will not give up
    /// is logged, and what a backup may still need is left: the look for orphans comes back to it.
    /// Its row must be gone before.
    pub async fn remove(&self, id: UploadId) {
        if shelf::is_held(&self.backup) {
            return;
        }
        for kind in Kind::ALL {
            match fs::remove_file(self.path(id, kind)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(upload = %id, %error, "could not remove a file");
                }
                _ => {}
            }
        }
    }

    /// What began to arrive and was not touched for `keep`. Leftovers that nobody can go on with
    /// are removed on the way.
    pub async fn stale(&self, keep: Duration, now: SystemTime) -> Vec<UploadId> {
        let Ok(mut entries) = fs::read_dir(self.root.join(shelf::INCOMING)).await else {
            return Vec::new();
        };
        let (mut old, mut fresh) = (HashSet::new(), HashSet::new());
        while let Ok(Some(entry)) = entries.next_entry().await {
            let modified = entry.metadata().await.and_then(|meta| meta.modified());
            let age = modified.ok().and_then(|at| now.duration_since(at).ok()).unwrap_or_default();
            let path = entry.path();
            let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(UploadId::parse);
            match id {
                Some(id) if age > keep => drop(old.insert(id)),
                Some(id) => drop(fresh.insert(id)),
                None => {}
            }
            if age > keep && path.extension().is_some_and(|kind| kind == "draft") {
                let _ = fs::remove_file(path).await;
            }
        }
        old.difference(&fresh).copied().collect()
    }

    /// Files that have lain in their place for that long, for the caller to find out which of them
    /// belong to nothing. Goes over a part of the folder, the next part at the next call.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn settled(&self, age: Duration, now: SystemTime) -> Result<Vec<UploadId>, Error> {
        let files = self.clone();
        tokio::task::spawn_blocking(move || Ok(files.look_at_shelves(age, now)?))
            .await
            .map_err(|error| Error::Io(std::io::Error::other(error)))?
    }

    fn look_at_shelves(&self, age: Duration, now: SystemTime) -> std::io::Result<Vec<UploadId>> {
        let shelves = shelf::shelves(&self.root)?;
        let (mut found, mut seen) = (Vec::new(), 0);
        for _ in 0..shelves.len() {
            let next = self.next_shelf.fetch_add(1, Ordering::Relaxed) % shelves.len();
            let stored = shelf::stored_in(&self.root, &shelves[next])?;
            seen += stored.len();
            let is_old = |file: &&shelf::Stored| {
                now.duration_since(file.changed).is_ok_and(|old| old >= age)
            };
            found.extend(stored.iter().filter(is_old).map(|file| file.id));
            if seen >= ORPHANS_LOOK {
                break;
            }
        }
        Ok(found)
    }

    fn path(&self, id: UploadId, kind: Kind) -> PathBuf {
        self.root.join(shelf::place(id, kind))
    }
}

/// Makes the folders that files lie in, all at once: a folder that is made when its first file comes
/// would have to be synced in its own folder each time to be there after a power cut.
fn make_shelves(root: &Path) -> std::io::Result<()> {
    let mut made = false;
    for shelf in 0..=u8::MAX {
        match std::fs::create_dir(root.join(format!("{shelf:02x}"))) {
            Ok(()) => made = true,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    if made { std::fs::File::open(root)?.sync_all() } else { Ok(()) }
}
