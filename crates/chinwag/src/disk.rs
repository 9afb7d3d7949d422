//! Files on the disk: private ones, their SHA-256, and how much room is free.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// Bytes that are read at a time for a digest.
const READ_BYTES: usize = 256 * 1024;

/// Options that make a file for its owner alone. They set no way of opening.
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

/// Makes a file that must not be there yet, for its owner alone, to be read and written.
///
/// # Errors
/// What the disk says; `AlreadyExists` among it.
pub fn create_private(path: &Path) -> io::Result<File> {
    private().read(true).write(true).create_new(true).open(path)
}

/// Makes a folder when it is missing, and closes it to other users in any case.
///
/// # Errors
/// When it cannot be made. A folder of another owner stays as open as that one left it.
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

/// Takes what other users may do with a file or folder away. What is not there is left out, and so
/// is what belongs to somebody else, who alone may change it.
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

/// Makes every file that this process makes from now on one that no other user may read, also
/// those that a library makes.
pub fn close_new_files_to_others() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// The bytes that are free for us on the disk of that path.
///
/// # Errors
/// What the system says.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Makes a file so long that its bytes are taken from the disk now.
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
        // Not every file system can; all can write.
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

/// The SHA-256 of a file, from where it stands to its end.
///
/// # Errors
/// When it cannot be read.
pub fn sha256(mut file: File) -> io::Result<[u8; 32]> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; READ_BYTES]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest.finalize().into()),
            count => digest.update(&buffer[..count]),
        }
    }
}
