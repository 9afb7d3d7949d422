//! The bytes of files, in the data folder.
//!
//! `files/ab/abcdef….bin` and `files/ab/abcdef….thumb`, named by the upload's id; `files/incoming/`
//! holds what is still arriving. A file is streamed to disk, never held in memory whole, and takes
//! its final name only after it is synced. Rows about files are the store's; who may read them is
//! decided in `chat/`.

mod incoming;
mod pictures;
pub mod shelf;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::fs;
use tokio::sync::Semaphore;

pub use incoming::{Finished, Incoming};
pub use pictures::Picture;
use shelf::Kind;

use crate::model::ids::UploadId;

/// Uploads that arrive at once, for all people together.
const AT_ONCE: usize = 64;
/// Pictures that are decoded at once: each may take 200 MB for a moment.
const PICTURES_AT_ONCE: usize = 2;
/// After how long an unfinished upload that nobody writes to is removed.
const UNFINISHED_KEEP: Duration = Duration::from_secs(24 * 3600);

/// Files that one look for orphans goes over, at least, unless it meets the whole folder before.
const ORPHANS_LOOK: usize = 10_000;

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
    /// An image of more pixels than are decoded.
    #[error("too many pixels")]
    ImageTooBig,
    /// Too many uploads at once.
    #[error("too many uploads at once")]
    Busy,
    /// The sender stopped half-way.
    #[error("the upload broke off: {0}")]
    Broken(String),
    /// No room on the disk, or it may not be written to.
    #[error("the disk takes no more: {0}")]
    Full(std::io::Error),
    /// Anything else that the disk says.
    #[error("file: {0}")]
    Io(std::io::Error),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem => Self::Full(error),
            _ => Self::Io(error),
        }
    }
}

/// The folder of files. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
    arriving: Arc<Semaphore>,
    decoding: Arc<Semaphore>,
    /// Locked while files may not go; see [`shelf::Hold`].
    backup: Arc<std::fs::File>,
    /// The shelf that the next look for orphans begins with.
    next_shelf: Arc<AtomicUsize>,
}

impl Files {
    /// Uses (and makes, when it is missing) that folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(root.join(shelf::INCOMING))?;
        Ok(Self {
            root: Arc::new(root.to_owned()),
            arriving: Arc::new(Semaphore::new(AT_ONCE)),
            decoding: Arc::new(Semaphore::new(PICTURES_AT_ONCE)),
            backup: Arc::new(shelf::lock_file(root)?),
            next_shelf: Arc::default(),
        })
    }

    /// Starts to take a file of at most `max_bytes`. Dropping the [`Incoming`] forgets it.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn begin(&self, id: UploadId, max_bytes: u64) -> Result<Incoming, Error> {
        let permit = Arc::clone(&self.arriving).try_acquire_owned().map_err(|_| Error::Busy)?;
        let part = self.root.join("incoming").join(format!("{id}.part"));
        Incoming::create(part, self.path(id, Kind::Bytes), max_bytes, permit).await
    }

    /// Looks whether a stored file is an image, and makes its thumbnail if so.
    ///
    /// # Errors
    /// `ImageTooBig`, or what the disk says.
    pub async fn picture(&self, id: UploadId) -> Result<Option<Picture>, Error> {
        let _room = self.decoding.acquire().await.map_err(|_| Error::Busy)?;
        let (source, thumb) = (self.path(id, Kind::Bytes), self.path(id, Kind::Thumbnail));
        tokio::task::spawn_blocking(move || pictures::read(&source, &thumb))
            .await
            .map_err(|error| Error::Io(std::io::Error::other(error)))?
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

    /// Removes what began to arrive long ago and never finished.
    pub async fn sweep_unfinished(&self) {
        let Ok(mut entries) = fs::read_dir(self.root.join("incoming")).await else { return };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let modified = entry.metadata().await.and_then(|meta| meta.modified());
            let age = modified.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            if age > UNFINISHED_KEEP {
                let _ = fs::remove_file(entry.path()).await;
            }
        }
    }

    /// Files that have lain in their place for that long, for the caller to find out which of them
    /// belong to nothing. Goes over a part of the folder, the next part at the next call.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn settled(&self, age: Duration) -> Result<Vec<UploadId>, Error> {
        let files = self.clone();
        tokio::task::spawn_blocking(move || Ok(files.look_at_shelves(age)?))
            .await
            .map_err(|error| Error::Io(std::io::Error::other(error)))?
    }

    fn look_at_shelves(&self, age: Duration) -> std::io::Result<Vec<UploadId>> {
        let shelves = shelf::shelves(&self.root)?;
        let (mut found, mut seen) = (Vec::new(), 0);
        for _ in 0..shelves.len() {
            let next = self.next_shelf.fetch_add(1, Ordering::Relaxed) % shelves.len();
            let stored = shelf::stored_in(&self.root, &shelves[next])?;
            seen += stored.len();
            found.extend(stored.iter().filter(|file| file.age >= age).map(|file| file.id));
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
