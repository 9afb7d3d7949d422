//! Files on the disk: private ones, their SHA-256, and how much room is free.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, Mode, OFlags};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

/// Bytes that are read at a time for a digest.
const READ_BYTES: usize = 256 * 1024;

/// Options that make a file for its owner alone. The caller adds whether it reads or writes.
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

/// Makes a file for its owner alone, to be read and written. It must not be there yet.
///
/// # Errors
/// What the disk says; `AlreadyExists` among it.
pub fn create_private(path: &Path) -> io::Result<File> {
    private().read(true).write(true).create_new(true).open(path)
}

/// Makes a folder when it is missing, and takes the rights of other users away in any case.
///
/// # Errors
/// When it cannot be made. The rights to a folder of another owner stay as they are.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    private_folders().recursive(true).create(folder)?;
    close_to_others(folder)
}

/// Makes a folder for its owner alone. Nothing of its name may be there yet, not even a link; the folder
/// that it is in must be there.
///
/// # Errors
/// What the disk says; `AlreadyExists` among it.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    private_folders().create(folder)
}

fn private_folders() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
}

/// Removes a folder of this user that holds no files but those of these names. The files are removed in
/// the folder that was looked at: no link is followed, not even one that takes its place meanwhile.
///
/// # Errors
/// When it is anything else, which stays as it is; `NotFound` when nothing is there.
pub fn remove_own_folder(path: &Path, files: &[&str]) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path, flags, Mode::empty())?;
    if rustix::fs::fstat(&folder)?.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." && !files.iter().any(|file| file.as_bytes() == name) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
    }
    for file in files {
        match rustix::fs::unlinkat(&folder, *file, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // This removes an empty folder, and no link.
    fs::remove_dir(path)
}

/// Takes the rights of other users to a file or folder away. Nothing happens when it is not there,
/// or when it belongs to another user, who alone may change its rights.
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

/// Takes the rights of other users away from every file that this process makes from now on, also
/// from those that a library makes.
pub fn close_new_files_to_others() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// Syncs a folder, so that the names in it outlive a power cut.
///
/// # Errors
/// What the disk says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Syncs the folder that a file is in, so that its name outlives a power cut.
///
/// # Errors
/// What the disk says.
pub fn sync_name(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => sync_folder(folder),
        _ => sync_folder(Path::new(".")),
    }
}

/// Gives a file, whose bytes the caller has synced, its name, and syncs the name. A file that has the
/// name already is replaced.
///
/// # Errors
/// What the disk says.
#[expect(clippy::disallowed_methods, reason = "the one place that renames")]
pub fn put_in_place(partial: &Path, file: &Path) -> io::Result<()> {
    fs::rename(partial, file)?;
    sync_name(file)
}

/// Gives a file a second name, or copies its bytes where the disk has no second names; syncs the name. Nothing
/// of that name may be there.
///
/// # Errors
/// What the disk says.
pub fn copy(file: &Path, copy: &Path) -> io::Result<()> {
    match fs::hard_link(file, copy) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
        Err(_) => {
            let mut to = create_private(copy)?;
            io::copy(&mut File::open(file)?, &mut to)?;
            to.sync_all()?;
        }
    }
    sync_name(copy)
}

/// The bytes that are free for this process on the disk of that path.
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
        // Not every file system can do that; all can write.
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
