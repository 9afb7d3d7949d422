//! The data folder: what lies in it, and who may use it.
//!
//! `chinwag.db` (with its `-wal` and `-shm`), `files/` for uploads, and `LOCK`, which the running
//! server holds. The lock is the operating system's: it ends with the process, however that ends.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::OpenError;

/// The database's name in the data folder.
pub const DATABASE: &str = "chinwag.db";
/// The name of the folder of uploads in the data folder.
pub const FILES: &str = "files";
const LOCK: &str = "LOCK";

/// Makes what is missing of the folder, and locks it. It is ours as long as the file lives.
pub(super) fn take(data: &Path) -> Result<File, OpenError> {
    let lock_path = data.join(LOCK);
    let lock = prepare(data, &lock_path)
        .map_err(|source| OpenError::Folder { path: data.to_owned(), source })?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(data.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::Folder { path: lock_path, source }),
    }
}

/// Where the database is.
pub(super) fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

fn prepare(data: &Path, lock: &Path) -> io::Result<File> {
    make_private(data)?;
    make_private(&data.join(FILES))?;
    // Never truncated: another server may hold it.
    fs::OpenOptions::new().create(true).truncate(false).write(true).open(lock)
}

/// Everything said here is in there: a folder that we make is closed to other users.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}
