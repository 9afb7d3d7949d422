//! The folder of stored files as a whole: where each file is, which files there are, and the hold
//! that keeps the server from removing any.
//!
//! The place of a file follows from its id alone: `ab/abcdef….bin`. Files with other names are not
//! the server's and are left alone.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::ids::UploadId;

/// The folder of files that are still arriving.
pub const INCOMING: &str = "incoming";
/// The file that a backup locks as long as no file may be removed.
const BACKUP: &str = "BACKUP";
/// How long a backup waits for the lock, which the server holds for a moment at each removal.
const PATIENCE: Duration = Duration::from_secs(5);

/// The two files of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The bytes that were sent.
    Bytes,
    /// The small picture that the server made.
    Thumbnail,
}

impl Kind {
    /// Both kinds, in the order in which they are made.
    pub const ALL: [Self; 2] = [Self::Bytes, Self::Thumbnail];

    /// The ending of the file's name, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Bytes => "bin",
            Self::Thumbnail => "thumb",
        }
    }
}

/// A file in its place.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The upload that it belongs to.
    pub id: UploadId,
    /// Which file of the upload it is.
    pub kind: Kind,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was last written or moved to its place.
    pub changed: SystemTime,
}

/// The path of a file below the folder of files.
#[must_use]
pub fn place(id: UploadId, kind: Kind) -> PathBuf {
    let name = id.to_string();
    Path::new(&name[..2]).join(format!("{name}.{}", kind.ending()))
}

/// Reads a path that [`place`] wrote. `None` for any other.
#[must_use]
pub fn parse(shelf: &str, name: &str) -> Option<(UploadId, Kind)> {
    let (id, ending) = name.split_once('.')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.ending() == ending)?;
    let id = UploadId::parse(id)?;
    (place(id, kind) == Path::new(shelf).join(name)).then_some((id, kind))
}

/// Opens a stored file to be read, and tells its length in bytes. What is no file, such as a folder
/// or a pipe that would never end, is refused.
///
/// # Errors
/// What the disk says.
pub fn open(path: &Path) -> io::Result<(File, u64)> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// The folders that files are in, at most 256, in order.
///
/// # Errors
/// What the disk says.
pub fn shelves(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        if name.len() == 2 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            found.push(name.to_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// The files in one of these folders.
///
/// # Errors
/// What the disk says.
pub fn stored_in(root: &Path, shelf: &str) -> io::Result<Vec<Stored>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(shelf))? {
        let entry = entry?;
        let name = entry.file_name();
        let Some((id, kind)) = name.to_str().and_then(|name| parse(shelf, name)) else { continue };
        // It may have been removed since the folder was read.
        let Ok(meta) = entry.metadata() else { continue };
        found.push(Stored { id, kind, bytes: meta.len(), changed: changed(&meta) });
    }
    Ok(found)
}

/// When a file was last written or moved to its place.
fn changed(meta: &fs::Metadata) -> SystemTime {
    let written = meta.modified().unwrap_or(UNIX_EPOCH);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let moved = UNIX_EPOCH + Duration::from_secs(u64::try_from(meta.ctime()).unwrap_or(0));
        written.max(moved)
    }
    #[cfg(not(unix))]
    written
}

/// A hold of all files: as long as it lives, the server removes none. A file whose row is deleted
/// meanwhile is removed later, by the sweep of files without rows.
///
/// A backup takes a hold before it copies the database. Then every file that a row of the copy names
/// is there: the server deletes the row first, then looks for a hold, then removes the file. If it
/// finds no hold, the row was deleted before the copy was made; if it finds one, it leaves the file.
pub struct Hold(File);

impl Hold {
    /// Takes the hold. `None` when another backup has it.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn take(root: &Path) -> io::Result<Option<Self>> {
        let file = lock_file(root)?;
        let end = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self(file))),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // The lock ends with the file's handle in any case.
        let _ = self.0.unlock();
    }
}

/// Whether a backup holds the files. `lock` is the file of [`lock_file`].
pub(super) fn is_held(lock: &File) -> bool {
    match lock.try_lock_shared() {
        Ok(()) => {
            let _ = lock.unlock();
            false
        }
        Err(_) => true,
    }
}

/// Opens the lock's file, which the server makes. It is only read, so that whoever may read the
/// folder can hold it.
pub(super) fn lock_file(root: &Path) -> io::Result<File> {
    let path = root.join(BACKUP);
    match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
        }
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, parse, place};
    use crate::model::ids::UploadId;

    #[test]
    fn a_place_is_read_as_it_is_written_and_no_other() {
        let id = UploadId([0xab; 16]);
        let name = "abababababababababababababababab";
        assert_eq!(place(id, Kind::Bytes).to_str(), Some(&*format!("ab/{name}.bin")));
        assert_eq!(parse("ab", &format!("{name}.thumb")), Some((id, Kind::Thumbnail)));
        let odd = [("ac", format!("{name}.bin")), ("ab", format!("{name}.exe"))];
        let upper = ("ab", format!("{}.bin", name.to_uppercase()));
        for (shelf, name) in odd.iter().chain([&upper]) {
            assert_eq!(parse(shelf, name), None, "{shelf}/{name}");
        }
    }
}
