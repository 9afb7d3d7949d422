//! Files that arrive in parts, over as many requests as it takes.
//!
//! Everything is on disk: `incoming/<id>.part` holds the bytes that came, and its length is the
//! offset to go on from; `incoming/<id>.json` holds what was promised. So a restart forgets nothing,
//! and a request that breaks leaves what it brought. The promise goes last, after the file is in its
//! place and known to the store; a server that dies in between finds it and finishes.
//!
//! A power cut leaves the length, but not always the bytes. So the promise also notes how many bytes
//! were synced, and during which run of the machine: after another start of the machine what lies
//! behind them is cut off. Where a process alone was killed, what it wrote is there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::begun::{Claim, Entry};
use super::holds::Held;
use super::shelf::{INCOMING, Kind};
use super::{Error, Files, Finished};
use crate::disk;
use crate::model::ids::{UploadId, UserId};

/// How long a request that holds an upload is given to let go when its owner comes back.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest promise that is read, in bytes: far above what is ever written.
const MAX_PROMISE: u64 = 64 * 1024;

/// What was promised of a file before its bytes came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    owner: i64,
    /// The file's name.
    pub name: String,
    /// Its media type, as its sender says.
    pub media_type: String,
    /// Its size in bytes.
    pub length: u64,
    /// What the client said of it, in the form in which it wants to hear it again.
    pub metadata: String,
    /// How many of its bytes are synced, and with them this note.
    #[serde(default)]
    synced: u64,
    /// The run of the machine during which that was noted; empty when it is not known.
    #[serde(default)]
    boot: String,
}

impl Promise {
    /// Says whose file it is and what is to come.
    #[must_use]
    pub fn new(owner: UserId, name: String, media_type: String, length: u64) -> Self {
        let (metadata, boot) = (String::new(), boot());
        Self { owner: owner.0, name, media_type, length, metadata, synced: 0, boot }
    }

    /// Whether all that the system was given since is still there: nothing is lost but by a new
    /// start of the machine.
    fn is_of_this_run(&self) -> bool {
        !self.boot.is_empty() && self.boot == boot()
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> UserId {
        UserId(self.owner)
    }
}

/// What to do when another request is at the same upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfHeld {
    /// Leave it alone.
    GiveUp,
    /// Ask it to let go: a client that comes back has given the other one up.
    Interrupt,
}

/// An unfinished file that nobody else is at.
pub struct Part {
    /// Which.
    pub id: UploadId,
    /// What was promised.
    pub promise: Promise,
    /// How much has come.
    pub offset: u64,
    /// When its last byte came.
    pub touched: SystemTime,
    file: Arc<File>,
    note: PathBuf,
    /// Also with every write that is under way, so that nobody else begins before it ends.
    held: Arc<Held>,
    is_moved: bool,
}

impl Part {
    /// Whether all of it has come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.offset == self.promise.length
    }

    /// Whether it is in its place already: the server died before it was known to the store.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.is_moved
    }

    /// Waits until its owner comes back by another request.
    pub async fn wanted(&self) {
        self.held.wanted().await;
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge` when they are more than was promised, or what the disk says.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        let offset = self.offset + bytes.len() as u64;
        if offset > self.promise.length {
            return Err(Error::TooLarge { max_bytes: self.promise.length });
        }
        self.blocking(move |mut file| file.write_all(&bytes)).await?;
        self.offset = offset;
        Ok(())
    }

    /// Makes sure that what came stays, whatever happens to the machine. What a sync that failed
    /// was to keep counts as never come: it may be gone, and a second sync would not say so.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn sync(&mut self) -> Result<(), Error> {
        let (note, mut promise) = (self.note.clone(), self.promise.clone());
        let (offset, synced) = (self.offset, promise.synced);
        if offset == synced && promise.is_of_this_run() {
            return Ok(());
        }
        (promise.synced, promise.boot) = (offset, boot());
        let noted = promise.clone();
        self.touched = self
            .blocking(move |file| {
                if let Err(error) = file.sync_all() {
                    file.set_len(synced)?;
                    return Err(error);
                }
                write_note(&note, &noted)?;
                file.metadata()?.modified()
            })
            .await?;
        self.promise = promise;
        Ok(())
    }

    /// Takes everything back that came behind `offset`.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn cut_to(&mut self, offset: u64) -> Result<(), Error> {
        self.blocking(move |file| file.set_len(offset)).await?;
        self.offset = offset;
        Ok(())
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

impl Files {
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
        let entry = Entry { owner: promise.owner(), bytes: promise.length, in_parts: true };
        self.begun.claim(id, entry, most)
    }

    /// Notes what is to come, and makes room for it. It is counted until its promise is forgotten.
    ///
    /// # Errors
    /// What the disk says.
    pub async fn promise(
        &self,
        id: UploadId,
        promise: Promise,
        claim: Claim,
    ) -> Result<SystemTime, Error> {
        let (part, note) = (self.incoming(id, "part"), self.incoming(id, "json"));
        let touched = blocking(move || {
            let written = write_promise(&part, &note, &promise);
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
        blocking(move || read_promise(&note)).await
    }

    /// Takes an unfinished file, to go on with it. `None` when there is none (any more).
    ///
    /// # Errors
    /// `Held` when another request is at it, or what the disk says.
    pub async fn take(&self, id: UploadId, if_held: IfHeld) -> Result<Option<Part>, Error> {
        let patience = (if_held == IfHeld::Interrupt).then_some(PATIENCE);
        let held = self.holds.take(id, patience).await.ok_or(Error::Held)?;
        let Some(promise) = self.promised(id).await? else { return Ok(None) };
        let (part, bin) = (self.incoming(id, "part"), self.path(id, Kind::Bytes));
        // Of a promise without a note of this run, nothing behind the synced bytes is believed.
        let whole = promise.is_of_this_run();
        let most = if whole { promise.length } else { promise.synced };
        let opened = blocking(move || open_part(&part, &bin, most)).await?;
        let Some((file, is_moved)) = opened else {
            self.forget(id).await;
            return Ok(None);
        };
        let meta = file.metadata()?;
        let (offset, touched) = (meta.len(), meta.modified()?);
        let (file, held) = (Arc::new(file), Arc::new(held));
        let note = self.incoming(id, "json");
        Ok(Some(Part { id, promise, offset, touched, file, note, held, is_moved }))
    }

    /// Puts a complete file in its place, synced, and reads it once for its digest. The promise
    /// stays until [`Files::forget_promise`].
    ///
    /// # Errors
    /// What the disk says.
    pub async fn settle(&self, part: &Part) -> Result<Finished, Error> {
        let from = (!part.is_moved).then(|| self.incoming(part.id, "part"));
        let (to, size) = (self.path(part.id, Kind::Bytes), part.promise.length);
        let synced = part.promise.synced;
        let held = Arc::clone(&part.held);
        blocking(move || {
            let file = File::open(from.as_ref().unwrap_or(&to))?;
            if let Err(error) = file.sync_all() {
                if let Some(from) = &from {
                    OpenOptions::new().write(true).open(from)?.set_len(synced)?;
                }
                return Err(error);
            }
            let sha256 = disk::sha256(file)?;
            if let (Some(from), Some(folder)) = (from, to.parent()) {
                fs::create_dir_all(folder)?;
                fs::rename(from, &to)?;
                File::open(folder)?.sync_all()?;
            }
            drop(held);
            Ok(Finished { size, sha256 })
        })
        .await
    }

    /// Forgets the promise of a file that is stored, or that was given up.
    pub async fn forget_promise(&self, id: UploadId) {
        self.remove_incoming(id, "part").await;
        self.remove_incoming(id, "json").await;
        self.begun.end(id);
    }

    /// Forgets an unfinished file with all that came of it.
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

/// What had begun to arrive before the server started.
pub(super) fn unfinished(incoming: &Path) -> io::Result<Vec<(UploadId, Entry)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(incoming)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str()).and_then(UploadId::parse);
        if let (Some(id), Some("json")) = (id, path.extension().and_then(|kind| kind.to_str()))
            && let Ok(Some(promise)) = read_promise(&path)
        {
            let entry = Entry { owner: promise.owner(), bytes: promise.length, in_parts: true };
            found.push((id, entry));
        }
    }
    Ok(found)
}

/// An empty file first, and then, whole or not at all, the note that makes it an upload.
fn write_promise(part: &Path, note: &Path, promise: &Promise) -> io::Result<SystemTime> {
    let file = disk::create_private(part)?;
    write_note(note, promise)?;
    file.metadata()?.modified()
}

/// Puts a note in the place of the one before, whole or not at all, and syncs it with its name.
fn write_note(note: &Path, promise: &Promise) -> io::Result<()> {
    let draft = note.with_extension("draft");
    let text = serde_json::to_vec(promise).map_err(io::Error::other)?;
    let mut options = disk::private();
    // What a server that died left of one is written over.
    let out = options.write(true).create(true).truncate(true).open(&draft);
    let written = out.and_then(|mut out| out.write_all(&text).and_then(|()| out.sync_all()));
    if let Err(error) = written.and_then(|()| fs::rename(&draft, note)) {
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    match note.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The run of the machine: another one after each start of it. Empty where the system has none.
fn boot() -> String {
    let read = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    read.trim().to_owned()
}

/// A note that cannot be read is none: its upload ends like one that nobody promised.
fn read_promise(note: &Path) -> io::Result<Option<Promise>> {
    let mut text = Vec::new();
    match File::open(note) {
        Ok(file) => file.take(MAX_PROMISE).read_to_end(&mut text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(serde_json::from_slice(&text).ok())
}

/// The bytes that came, `most` of them; or the stored file, when the server died just after moving
/// it.
fn open_part(part: &Path, bin: &Path, most: u64) -> io::Result<Option<(File, bool)>> {
    match OpenOptions::new().append(true).read(true).open(part) {
        Ok(file) => {
            let meta = file.metadata()?;
            if meta.len() > most {
                file.set_len(most)?;
                // Its time goes on from its last byte, and not from the start of the server.
                file.set_modified(meta.modified()?)?;
            }
            return Ok(Some((file, false)));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    match File::open(bin) {
        Ok(file) => Ok(Some((file, true))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Work on the disk, off the threads that serve requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Error::Io(io::Error::other(error)))??)
}
