//! The data folder: what lies in it, and who may use it.
//!
//! `chinwag.db` (with its `-wal` and `-shm`), `files/` for uploads, and `LOCK`, which the running
//! server holds. The lock is the operating system's: it ends with the process, however that ends.
//! `RESTORING` lies there while a backup is being unpacked. The lock's file also notes whether the
//! log is needed: it is from the first commit of a server until it has stopped in order.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::OpenError;
use crate::disk;

/// The database's name in the data folder.
pub const DATABASE: &str = "chinwag.db";
/// The name of the folder of uploads in the data folder.
pub const FILES: &str = "files";
const LOCK: &str = "LOCK";
/// Lies in a folder that is being restored, until all of it is there.
const RESTORING: &str = "RESTORING";
/// What the lock file holds as soon as there was a database beside it: one that is missing or
/// empty later was lost, and is not to be begun anew without a word.
const USED: &[u8] = b"used\n";
/// What it holds as long as the log has what the database has not.
const LOG_NEEDED: &[u8] = b"used\nlog\n";

/// Makes what is missing of the folder, and locks it. It is ours as long as the file lives.
pub(super) fn take(data: &Path) -> Result<File, OpenError> {
    let lock_path = data.join(LOCK);
    let lock = prepare(data, &lock_path)
        .map_err(|source| OpenError::Folder { path: data.to_owned(), source })?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(data.to_owned())),
        Err(TryLockError::Error(source)) => {
            return Err(OpenError::Folder { path: lock_path, source });
        }
    }
    if is_restoring(data) {
        return Err(OpenError::Restoring(data.to_owned()));
    }
    look_for_loss(data, &lock)?;
    Ok(lock)
}

/// Notes that the folder has a database from now on.
pub(super) fn mark_used(mut lock: &File) -> io::Result<()> {
    if lock.metadata()?.len() == 0 {
        lock.write_all(USED)?;
        lock.sync_all()?;
    }
    Ok(())
}

/// Notes that what was said is in the log alone, so that a log that is lost is missed.
pub(super) fn mark_log_needed(mut lock: &File) -> io::Result<()> {
    lock.rewind()?;
    lock.write_all(LOG_NEEDED)?;
    lock.sync_all()
}

/// Notes that everything is in the database, and the log may go.
pub(super) fn mark_log_spare(lock: &File) -> io::Result<()> {
    lock.set_len(USED.len() as u64)?;
    lock.sync_all()
}

/// Whether that lock's file says that the log is needed.
pub(super) fn is_log_needed(mut lock: &File) -> io::Result<bool> {
    let mut noted = Vec::new();
    lock.rewind()?;
    lock.take(LOG_NEEDED.len() as u64).read_to_end(&mut noted)?;
    // Half a note is one: it was on its way.
    Ok(noted.starts_with(USED) && noted.len() > USED.len())
}

/// Shares the lock, so that no server starts; `None` when one runs.
pub(super) fn share(data: &Path) -> Result<Option<File>, OpenError> {
    let path = data.join(LOCK);
    let unusable = |source| OpenError::Folder { path: path.clone(), source };
    let lock = match File::open(&path) {
        Ok(lock) => lock,
        // A folder where no server ever ran: the database stands for the lock.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return File::open(database(data)).map(Some).map_err(unusable);
        }
        Err(error) => return Err(unusable(error)),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// Marks an empty folder as being restored. No server starts on it until [`finish_restoring`].
///
/// # Errors
/// When the folder cannot be written.
pub fn begin_restoring(data: &Path) -> io::Result<File> {
    disk::make_private_folder(data)?;
    let marker = disk::create_private(&data.join(RESTORING))?;
    marker.sync_all()?;
    File::open(data)?.sync_all()?;
    Ok(marker)
}

/// Whether a restore of that folder did not come to its end.
#[must_use]
pub fn is_restoring(data: &Path) -> bool {
    data.join(RESTORING).exists()
}

/// Takes the mark away: everything is in its place and synced.
///
/// # Errors
/// When the folder cannot be written.
pub fn finish_restoring(data: &Path) -> io::Result<()> {
    fs::remove_file(data.join(RESTORING))?;
    File::open(data)?.sync_all()
}

/// A database that was there and is gone, or is empty now.
fn look_for_loss(data: &Path, lock: &File) -> Result<(), OpenError> {
    let path = database(data);
    let unusable = |source| OpenError::Folder { path: path.clone(), source };
    let used = lock.metadata().map_err(unusable)?.len() > 0;
    match fs::metadata(&path) {
        Ok(meta) if meta.len() == 0 && used => Err(OpenError::damaged(&path, "it is empty")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && used => {
            Err(OpenError::damaged(&path, "it is not there any more"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unusable(error)),
    }
}

/// Where the database is.
pub(super) fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// Everything that people said is in there, so other users may read nothing of it, also where the
/// folder or a file was made by somebody else before, as an unpacked copy is.
fn prepare(data: &Path, lock: &Path) -> io::Result<File> {
    disk::make_private_folder(data)?;
    disk::make_private_folder(&data.join(FILES))?;
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            disk::close_to_others(&entry.path())?;
        }
    }
    // Never truncated: another server may hold it.
    disk::private().create(true).truncate(false).read(true).write(true).open(lock)
}

/// Makes the database's file before SQLite does, which would make it for everybody to read. Its
/// log takes over what the database has.
pub(super) fn make_database(path: &Path) -> io::Result<()> {
    disk::private().create(true).truncate(false).write(true).open(path).map(drop)
}
