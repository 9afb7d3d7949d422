//! The bytes of files, in the data folder.
//!
//! A stored file is `files/ab/abcdef….bin` and its thumbnail `files/ab/abcdef….thumb`, named by the
//! upload's id; [`shelf`] knows the folder as a whole. `files/incoming/` holds what is still
//! arriving ([`uploads`]). A file is written to disk as it comes, never held in memory whole, and
//! takes its final name only after it is synced. [`pictures`] recognises pictures. Rows about files
//! are the store's; `chat/` decides who may read them.

mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod pictures;
pub mod shelf;
mod uploads;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::fs;

pub use error::Error;
pub use pictures::Picture;
use pictures::child::Make;
use pictures::header::Header;
use pictures::workshop::{Work, Workshop};
use pictures::{format, squares};
use shelf::Kind;
use uploads::Uploads;
pub use uploads::{Arrival, Claim, Finished, Held, IfHeld, Incoming, Promise};

use crate::disk;
use crate::model::ids::UploadId;

/// One look for orphans goes over at least as many files, unless the folder has fewer.
const ORPHANS_LOOK: usize = 10_000;
/// So many files that a backup holds are remembered; the look for orphans finds the others.
const MOST_HELD: usize = 10_000;

/// The folder of files. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
    uploads: Arc<Uploads>,
    workshop: Workshop,
    /// Locked while files may not be removed; see [`shelf::Hold`].
    backup: Arc<std::fs::File>,
    /// Files that were to be removed while a backup held them.
    held: Arc<Mutex<HashSet<UploadId>>>,
    /// The shelf that the next look for orphans begins with.
    next_shelf: Arc<AtomicUsize>,
}

impl Files {
    /// Uses that folder, and makes it when it is missing. At most `at_once` files arrive at a time,
    /// for all people together, and only while more than `floor_bytes` of the disk are free.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(root: &Path, at_once: usize, floor_bytes: u64) -> std::io::Result<Self> {
        let incoming = root.join(shelf::INCOMING);
        disk::make_private_folder(&incoming)?;
        make_shelves(root)?;
        Ok(Self {
            root: Arc::new(root.to_owned()),
            uploads: Arc::new(Uploads::open(&incoming, at_once, floor_bytes)?),
            workshop: Workshop::new(None),
            backup: Arc::new(shelf::lock_file(root)?),
            held: Arc::default(),
            next_shelf: Arc::default(),
        })
    }

    /// Has thumbnails made by that program, which is this one. Without a program there are none.
    #[must_use]
    pub fn with_thumbnails_by(mut self, program: Option<PathBuf>) -> Self {
        self.workshop = Workshop::new(program);
        self
    }

    /// Looks whether a stored file is a picture, and has its thumbnail made if so. A picture that
    /// cannot be decoded, or only with more memory than it may take, has no thumbnail.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn picture(&self, id: UploadId) -> Result<Option<Picture>, Error> {
        let source = self.path(id, Kind::Bytes);
        let Some(header) = read_header(source.clone()).await? else { return Ok(None) };
        let work = match header.cost {
            Some(cost) => {
                let target = self.path(id, Kind::Thumbnail);
                self.workshop.make(source, target, Make::Thumbnail, cost).await?
            }
            None => Work::default(),
        };
        Ok(Some(Picture {
            media_type: header.media_type,
            pixels: work.pixels.or(header.pixels),
            moving: header.moving,
            thumbnail: work.made,
        }))
    }

    /// The squares of a person's picture, made of a stored file: the length of each side in pixels, and
    /// the bytes. `None` when the file is no picture that can be decoded.
    ///
    /// # Errors
    /// `Busy`, or what the disk says.
    pub async fn squares(&self, id: UploadId) -> Result<Option<Vec<(u32, Vec<u8>)>>, Error> {
        let source = self.path(id, Kind::Bytes);
        let Some(header) = read_header(source.clone()).await? else { return Ok(None) };
        let Some(cost) = header.cost else { return Ok(None) };
        // A server that dies in between leaves a file that the sweep of leftovers removes.
        let target = self.root.join(shelf::INCOMING).join(format!("{id}.draft"));
        let work = self.workshop.make(source, target.clone(), Make::Squares, cost).await?;
        if !work.made {
            return Ok(None);
        }
        let bytes = fs::read(&target).await;
        let _ = fs::remove_file(&target).await;
        Ok(squares::read(&bytes?))
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

    /// Copies a stored file and its thumbnail under another id: a second name for the same bytes where the disk
    /// has such names. Their names are synced. `false` when the file is not there.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn copy(&self, id: UploadId, copy: UploadId) -> Result<bool, Error> {
        let files = self.clone();
        let copied = tokio::task::spawn_blocking(move || {
            for kind in Kind::ALL {
                let (from, to) = (files.path(id, kind), files.path(copy, kind));
                match disk::copy(&from, &to) {
                    // Most files have no thumbnail.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        if kind == Kind::Bytes {
                            return Ok(false);
                        }
                    }
                    copied => copied?,
                }
            }
            Ok::<_, std::io::Error>(true)
        });
        Ok(copied.await.map_err(|error| Error::Io(std::io::Error::other(error)))??)
    }

    /// Removes a stored file, whose row must be deleted before. A file that is not there counts as
    /// removed. When the disk refuses, that is logged; when a backup may still need the file, it
    /// stays until [`remove_held`](Self::remove_held). The look for orphans comes back to both.
    pub async fn remove(&self, id: UploadId) {
        if shelf::is_held(&self.backup) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if held.len() < MOST_HELD {
                held.insert(id);
            }
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

    /// Removes the files that a backup held when they were to be removed, once none does.
    pub async fn remove_held(&self) {
        if shelf::is_held(&self.backup) {
            return;
        }
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        for id in held {
            self.remove(id).await;
        }
    }

    /// Files that have been in their place for `age`, so that the caller can find out which of them
    /// belong to nothing. A call looks at a part of the folder, and the next call at the next part.
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

/// What a stored file says of itself, if it is a picture.
async fn read_header(file: PathBuf) -> Result<Option<Header>, Error> {
    let read = tokio::task::spawn_blocking(move || {
        format::read(std::io::BufReader::new(std::fs::File::open(file)?))
    });
    Ok(read.await.map_err(|error| Error::Io(std::io::Error::other(error)))??)
}

/// Makes the folders that files are in, all at once: a folder that is made when its first file
/// comes would have to be synced in its own folder each time to be there after a power cut.
fn make_shelves(root: &Path) -> std::io::Result<()> {
    let mut made = false;
    for shelf in 0..=u8::MAX {
        match std::fs::create_dir(root.join(format!("{shelf:02x}"))) {
            Ok(()) => made = true,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    if made { disk::sync_folder(root) } else { Ok(()) }
}
