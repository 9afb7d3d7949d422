//! Copying the database while the server works.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::SqliteStore;
use crate::disk;
use crate::store::{Error, Result};

impl SqliteStore {
    /// Writes a copy of the database as it is now to `path`, and replaces a file that is there.
    ///
    /// The copy is written beside it as `….partial` and renamed when all of it is on disk, so a file of
    /// that name is always complete. Commands go on meanwhile; one reader is busy.
    ///
    /// # Errors
    /// When the database cannot be read or the copy cannot be written.
    pub async fn backup_to(&self, path: PathBuf) -> Result<()> {
        self.readers.read(move |db| copy(db, &path)).await
    }
}

/// The work of [`SqliteStore::backup_to`].
pub(super) fn copy(db: &Connection, path: &Path) -> Result<()> {
    let mut partial = OsString::from(path);
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = write(db, &partial).and_then(|()| put_in_place(&partial, path).map_err(failed));
    if written.is_err() {
        // It may not exist.
        let _gone = fs::remove_file(&partial);
    }
    written
}

fn write(db: &Connection, partial: &Path) -> Result<()> {
    // An earlier attempt may have left a part.
    if partial.exists() {
        fs::remove_file(partial).map_err(failed)?;
    }
    disk::create_private(partial).map_err(failed)?;
    let mut copy = Connection::open(partial)?;
    // No flush for each page: the file is synced once, at the end.
    copy.pragma_update(None, "synchronous", "OFF")?;
    // In one step: a copy in several steps starts again whenever a command commits in between.
    match Backup::new(db, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        unfinished => return Err(Error::Io(format!("the copy stopped: {unfinished:?}"))),
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Syncs the copy and gives it its name.
fn put_in_place(partial: &Path, path: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    disk::put_in_place(partial, path)
}

/// An error of the disk as an error of the store.
pub(super) fn failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem => {
            Error::Full(error.to_string())
        }
        _ => Error::Io(error.to_string()),
    }
}
