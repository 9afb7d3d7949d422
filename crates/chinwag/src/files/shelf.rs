//! The folder of files as a whole: where each lies, what lies there, and who wants it to stay.
//!
//! A file's place is told by its id alone: `ab/abcdef….bin`. What bears another name is none of ours
//! and is left alone.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::ids::UploadId;

/// Where files lie while they arrive.
pub const INCOMING: &str = "incoming";
/// Locked by a backup as long as no file may go.
const BACKUP: &str = "BACKUP";
/// How long a backup waits for the lock, which the server holds for a moment at each removal.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a stored file is to its upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The bytes that were sent.
    Bytes,
    /// The small picture that the server made.
    Thumbnail,
}

impl Kind {
    /// Both, in the order they are made.
    pub const ALL: [Self; 2] = [Self::Bytes, Self::Thumbnail];

    /// The ending of the file's name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Bytes => "bin",
            Self::Thumbnail => "thumb",
        }
    }
}

/// A file that lies in its place.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Whose.
    pub id: UploadId,
    /// What of it.
    pub kind: Kind,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was last written or moved to its place.
    pub changed: SystemTime,
}

/// Where a file lies below the folder of files.
#[must_use]
pub fn place(id: UploadId, kind: Kind) -> PathBuf {
    let name = id.to_string();
    Path::new(&name[..2]).join(format!("{name}.{}", kind.ending()))
}

/// Reads what [`place`] writes.
#[must_use]
pub fn parse(shelf: &str, name: &str) -> Option<(UploadId, Kind)> {
    let (id, ending) = name.split_once('.')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.ending() == ending)?;
    let id = UploadId::parse(id)?;
    (place(id, kind) == Path::new(shelf).join(name)).then_some((id, kind))
}

/// Opens a file of ours to be read, and tells its length. What is no file, such as a folder or a
/// pipe that would never end, is refused.
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

/// The folders that files lie in, at most 256, in order.
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

/// What lies in one of them.
///
/// # Errors
/// What the disk says.
pub fn stored_in(root: &Path, shelf: &str) -> io::Result<Vec<Stored>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(shelf))? {
        let entry = entry?;
        let name = entry.file_name();
        let Some((id, kind)) = name.to_str().and_then(|name| parse(shelf, name)) else { continue };
        // It may be gone since the folder was read.
        let Ok(meta) = entry.metadata() else { continue };
        found.push(Stored { id, kind, bytes: meta.len(), changed: changed(&meta) });
    }
    Ok(found)
}

/// When it was last written or moved to its place.
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

/// What keeps the server from removing files: as long as it lives, a file whose row is deleted
/// stays, and the sweep of orphans removes it later.
///
/// A backup takes it before it copies the database. Then every file that a row of the copy names is
/// there: the server removes a file after its row, and looks for the hold in between. Either it saw
/// none, then the row was gone before the copy was made; or it sees one, and leaves the file.
pub struct Hold(File);

impl Hold {
    /// Takes it. `None` when another backup has it.
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
        // It ends with the file's handle in any case.
        let _ = self.0.unlock();
    }
}

/// Whether somebody holds the files. `lock` is the file of [`lock_file`].
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
