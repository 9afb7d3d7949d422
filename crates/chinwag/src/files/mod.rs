//! The bytes of files, in the data folder.
//!
//! `files/ab/abcdef….bin` and `files/ab/abcdef….thumb`, named by the upload's id; `files/incoming/`
//! holds what is still arriving: at one go (`incoming.rs`) or in parts (`resumable.rs`). A file is streamed to disk, never held in memory whole, and takes
//! its final name only after it is synced. Rows about files are the store's; who may read them is
//! decided in `chat/`.

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod holds;
mod incoming;
mod pictures;
mod resumable;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::fs;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use incoming::{Finished, Incoming};
pub use pictures::Picture;
pub use resumable::{IfHeld, Part, Promise};

use crate::model::ids::{UploadId, UserId};

/// Pictures that are decoded at once: each may take 200 MB for a moment.
const PICTURES_AT_ONCE: usize = 2;

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
    /// Another request is at that upload.
    #[error("another request is at that upload")]
    Held,
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
    holds: Arc<holds::Holds>,
    /// Whose the files are that arrive in parts.
    unfinished: Arc<Mutex<HashMap<UploadId, UserId>>>,
}

impl Files {
    /// Uses (and makes, when it is missing) that folder. At most `at_once` files arrive at a time,
    /// for all people together.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(root: &Path, at_once: usize) -> std::io::Result<Self> {
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming)?;
        let unfinished = resumable::unfinished(&incoming)?.into_iter().collect();
        Ok(Self {
            root: Arc::new(root.to_owned()),
            arriving: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
            decoding: Arc::new(Semaphore::new(PICTURES_AT_ONCE)),
            holds: Arc::default(),
            unfinished: Arc::new(Mutex::new(unfinished)),
        })
    }

    /// A place among the files that arrive now; it is free again when the permit is dropped.
    ///
    /// # Errors
    /// `Busy`.
    pub fn arrive(&self) -> Result<OwnedSemaphorePermit, Error> {
        Arc::clone(&self.arriving).try_acquire_owned().map_err(|_| Error::Busy)
    }

    /// Starts to take a file of at most `max_bytes`. Dropping the [`Incoming`] forgets it.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn begin(&self, id: UploadId, max_bytes: u64) -> Result<Incoming, Error> {
        let permit = self.arrive()?;
        let part = self.root.join("incoming").join(format!("{id}.part"));
        Incoming::create(part, self.path(id, "bin"), max_bytes, permit).await
    }

    /// Looks whether a stored file is an image, and makes its thumbnail if so.
    ///
    /// # Errors
    /// `ImageTooBig`, or what the disk says.
    pub async fn picture(&self, id: UploadId) -> Result<Option<Picture>, Error> {
        let _room = self.decoding.acquire().await.map_err(|_| Error::Busy)?;
        let (source, thumb) = (self.path(id, "bin"), self.path(id, "thumb"));
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
        let path = self.path(id, if thumbnail { "thumb" } else { "bin" });
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
    /// is logged and left to the next check.
    pub async fn remove(&self, id: UploadId) {
        for kind in ["bin", "thumb"] {
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
    pub async fn stale(&self, keep: Duration) -> Vec<UploadId> {
        let Ok(mut entries) = fs::read_dir(self.root.join("incoming")).await else {
            return Vec::new();
        };
        let (mut old, mut fresh) = (HashSet::new(), HashSet::new());
        while let Ok(Some(entry)) = entries.next_entry().await {
            let modified = entry.metadata().await.and_then(|meta| meta.modified());
            let age = modified.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
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

    fn path(&self, id: UploadId, kind: &str) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..2]).join(format!("{name}.{kind}"))
    }
}
