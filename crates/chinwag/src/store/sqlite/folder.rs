//! The data folder: what is in it, and who may use it.
//!
//! It has `chinwag.db` (with its `-wal` and `-shm`), `files/` for uploads, and the file `LOCK`, which the
//! running server locks. The lock is the operating system's: it ends with the process, however that
//! ends. The file `RESTORING` is there while a backup is being unpacked. The lock file also notes
//! whether the log is needed: it is from the first commit of a server until that has stopped in order.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::open_error::OpenError;
use crate::disk;

/// The name of the database in the data folder.
pub const DATABASE: &str = "chinwag.db";
/// The name of the folder of uploads in the data folder.
pub const FILES: &str = "files";
const LOCK: &str = "LOCK";
/// The file that marks a folder whose restore is not complete.
const RESTORING: &str = "RESTORING";
/// What the lock file holds once there was a database beside it. If the database is missing or empty
/// later, it was lost, and the server must not silently make a new one.
const USED: &[u8] = b"used\n";
/// What the lock file holds while the log has changes that the database does not have.
const LOG_NEEDED: &[u8] = b"used\nlog\n";

/// Makes what is missing of the folder, and locks it. The lock lasts as long as the returned file.
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
    refuse_lost_database(data, &lock)?;
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

/// Notes that the log has changes that the database does not have: its loss must be noticed.
pub(super) fn mark_log_needed(mut lock: &File) -> io::Result<()> {
    lock.rewind()?;
    lock.write_all(LOG_NEEDED)?;
    lock.sync_all()
}

/// Notes that the database has everything: the log may be removed.
pub(super) fn mark_log_spare(lock: &File) -> io::Result<()> {
    lock.set_len(USED.len() as u64)?;
    lock.sync_all()
}

/// Whether the lock file says that the log is needed.
pub(super) fn is_log_needed(mut lock: &File) -> io::Result<bool> {
    let mut noted = Vec::new();
    lock.rewind()?;
    lock.take(LOG_NEEDED.len() as u64).read_to_end(&mut noted)?;
    // A note that was written only in part counts too.
    Ok(noted.starts_with(USED) && noted.len() > USED.len())
}

/// Shares the lock, so that no server can start; `None` if one is running.
pub(super) fn share(data: &Path) -> Result<Option<File>, OpenError> {
    let path = data.join(LOCK);
    let unusable = |source| OpenError::Folder { path: path.clone(), source };
    let lock = match File::open(&path) {
        Ok(lock) => lock,
        // No server ever ran on this folder: the database is opened in place of the lock file.
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

/// Marks an empty folder as being restored. No server starts on it until [`finish_restoring`] is
/// called.
///
/// # Errors
/// When the folder cannot be written.
pub fn begin_restoring(data: &Path) -> io::Result<File> {
    disk::make_private_folder(data)?;
    let marker = disk::create_private(&data.join(RESTORING))?;
    marker.sync_all()?;
    disk::sync_folder(data)?;
    Ok(marker)
}

/// Whether a restore into that folder is not complete.
#[must_use]
pub fn is_restoring(data: &Path) -> bool {
    data.join(RESTORING).exists()
}

/// Removes the mark. The caller has put everything in its place and synced it.
///
/// # Errors
/// When the folder cannot be written.
pub fn finish_restoring(data: &Path) -> io::Result<()> {
    fs::remove_file(data.join(RESTORING))?;
    disk::sync_folder(data)
}

/// Refuses a folder whose database was there before and is missing or empty now.
fn refuse_lost_database(data: &Path, lock: &File) -> Result<(), OpenError> {
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

/// The path of the database.
pub(super) fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// Makes the folders and the lock file, and closes all files to other users of the machine: they hold
/// everything that people wrote. That includes files that another program made, such as an unpacked
/// copy.
fn prepare(data: &Path, lock: &Path) -> io::Result<File> {
    disk::make_private_folder(data)?;
    disk::make_private_folder(&data.join(FILES))?;
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            disk::close_to_others(&entry.path())?;
        }
    }
    // It is never truncated: another server may have locked it.
    disk::private().create(true).truncate(false).read(true).write(true).open(lock)
}

/// Makes the file of the database before SQLite does, which would let every user read it. SQLite gives
/// the log the same permissions.
pub(super) fn make_database(path: &Path) -> io::Result<()> {
    disk::private().create(true).truncate(false).write(true).open(path).map(drop)
}
