//! The bytes of files, in the data folder.
//!
//! `files/ab/abcdef….bin` and `files/ab/abcdef….thumb`, named by the upload's id; `files/incoming/`
//! holds what is still arriving. A file is streamed to disk, never held in memory whole, and takes
//! its final name only after it is synced. Rows about files are the store's; who may read them is
//! decided in `chat/`.

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod incoming;
mod pictures;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::fs;
use tokio::sync::Semaphore;

pub use incoming::{Finished, Incoming};
pub use pictures::Picture;

use crate::model::ids::UploadId;

/// Uploads that arrive at once, for all people together.
const AT_ONCE: usize = 64;
/// Pictures that are decoded at once: each may take 200 MB for a moment.
const PICTURES_AT_ONCE: usize = 2;
/// After how long an unfinished upload that nobody writes to is removed.
const UNFINISHED_KEEP: Duration = Duration::from_secs(24 * 3600);

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
}

impl Files {
    /// Uses (and makes, when it is missing) that folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(root.join("incoming"))?;
        Ok(Self {
            root: Arc::new(root.to_owned()),
            arriving: Arc::new(Semaphore::new(AT_ONCE)),
            decoding: Arc::new(Semaphore::new(PICTURES_AT_ONCE)),
        })
    }

    /// Starts to take a file of at most `max_bytes`. Dropping the [`Incoming`] forgets it.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn begin(&self, id: UploadId, max_bytes: u64) -> Result<Incoming, Error> {
        let permit = Arc::clone(&self.arriving).try_acquire_owned().map_err(|_| Error::Busy)?;
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

    fn path(&self, id: UploadId, kind: &str) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..2]).join(format!("{name}.{kind}"))
    }
}
