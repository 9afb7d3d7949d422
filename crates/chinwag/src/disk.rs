//! Work on files that has nothing to do with what they hold: making them private to their owner,
//! the digest of their bytes, and room on the disk.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// How many bytes are read from a file at a time.
const READ_BYTES: usize = 256 * 1024;

/// Options that make a new file readable and writable by its owner only. The caller still says how
/// the file is opened (read, write, create).
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes a file that only its owner may use, and opens it for reading and writing.
///
/// # Errors
/// What the disk says; `AlreadyExists` when there is a file of that name.
pub fn create_private(path: &Path) -> io::Result<File> {
    private().read(true).write(true).create_new(true).open(path)
}

/// Makes a folder if it is missing, and closes it to other users in any case.
///
/// # Errors
/// When it cannot be made. A folder of another owner keeps the permissions that it has.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    close_to_others(folder)
}

/// Removes every permission of other users on a file or folder. A path that does not exist is
/// skipped. One that belongs to another user, who alone may change it, is skipped with a warning.
///
/// # Errors
/// What the disk says.
pub fn close_to_others(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = match fs::metadata(path) {
            Ok(meta) => meta.permissions(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let mode = permissions.mode();
        if mode & 0o077 == 0 {
            return Ok(());
        }
        permissions.set_mode(mode & !0o077);
        match fs::set_permissions(path, permissions) {
            // A folder of another owner, or a disk that may not be written to now.
            Err(error) if is_not_ours(&error) => {
                tracing::warn!(path = %path.display(), %error, "other users may read this");
                Ok(())
            }
            done => done,
        }
    }
    #[cfg(not(unix))]
    Ok(())
}

#[cfg(unix)]
fn is_not_ours(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// From now on, no other user may read the files that this process makes, also those that a library
/// makes (the process's `umask`).
pub fn close_new_files_to_others() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// How many bytes this process may still write on the disk that holds `path`.
///
/// # Errors
/// What the system says.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Makes a file `bytes` long, and takes that room from the disk now.
///
/// # Errors
/// What the disk says; `StorageFull` when there is no room.
pub fn take_room(mut file: &File, bytes: u64) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
        Ok(()) => return Ok(()),
        Err(full @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT)) => {
            return Err(full.into());
        }
        // Not every file system can do this; every one can write zeros.
        Err(_) => {}
    }
    let zeros = [0; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let part = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
        io::Write::write_all(&mut file, &zeros[..part])?;
        left -= part as u64;
    }
    Ok(())
}

/// The SHA-256 of the bytes of a file from its present position to its end.
///
/// # Errors
/// When the file cannot be read.
pub fn sha256(mut file: &File) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().into()),
            length => hasher.update(&buffer[..length]),
        }
    }
}
