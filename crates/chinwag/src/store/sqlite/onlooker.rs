//! Looking at a data folder from outside: beside a running server, or without one. Never writes.
//!
//! Where a server runs, this is one more reader, in a process of its own. Where none runs, the
//! folder's lock is shared meanwhile, so that none starts, and a database without a log is opened
//! as a file that does not change, so that nothing is made beside it. Only where a server was
//! killed and left a log behind, SQLite builds the log's index (`-shm`) anew, which any start does.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::{
    Finding, OpenError, Report, backup, check, connection, folder, migrations, uploads, wal,
};
use crate::model::ids::UploadId;
use crate::model::uploads::Upload;
use crate::store::Result;

/// What stands for itself in the path of a `file:` address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Somebody who looks at a data folder.
pub struct Onlooker {
    db: Connection,
    path: PathBuf,
    /// Held as long as no server may start; `None` beside a running one.
    alone: Option<File>,
}

impl Onlooker {
    /// Opens the database of that folder for reading.
    ///
    /// # Errors
    /// When there is none, or it is damaged so that it cannot be opened, or newer than this program.
    pub fn open(data: &Path) -> std::result::Result<Self, OpenError> {
        let path = folder::database(data);
        let unusable = |source| OpenError::Folder { path: path.clone(), source };
        let length = fs::metadata(&path).map_err(unusable)?.len();
        if length == 0 {
            return Err(OpenError::damaged(&path, "it is empty"));
        }
        let alone = folder::share(data)?;
        let db = open(&path, alone.is_some()).map_err(|error| OpenError::database(&path, error))?;
        migrations::recognise(&db, &path)?;
        Ok(Self { db, path, alone })
    }

    /// Whether a server works on the folder.
    #[must_use]
    pub fn server_runs(&self) -> bool {
        self.alone.is_none()
    }

    /// Looks the whole database over, and the log where nobody is writing it. It reads every page:
    /// seconds for a gigabyte.
    ///
    /// # Errors
    /// When it cannot be read at all; damage that was found is in the report.
    pub fn check(&self) -> Result<Report> {
        let mut report = self.reading(check::check)?;
        report.findings.extend(self.log_damage()?);
        Ok(report)
    }

    /// What is wrong with the log, where nobody is writing it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn log_damage(&self) -> Result<Option<Finding>> {
        let Some(lock) = &self.alone else { return Ok(None) };
        let needed = folder::is_log_needed(lock).unwrap_or(false);
        let damage = wal::damage(&self.path, needed).map_err(backup::failed)?;
        Ok(damage.map(Finding::Damage))
    }

    /// How many of each there are, as a report without findings. It reads an index of each table.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self) -> Result<Report> {
        self.reading(check::counts)
    }

    /// Writes a copy of the database as it is now to `path`, in place of what was there, and syncs
    /// it.
    ///
    /// # Errors
    /// When the database cannot be read or the copy not written.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        backup::copy(&self.db, path)
    }

    /// Files in the order of their ids, at most `limit`, those behind `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uploads_after(&self, after: Option<UploadId>, limit: usize) -> Result<Vec<Upload>> {
        self.reading(|db| uploads::after(db, after, limit))
    }

    /// The file with that id, as the database has it now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload(&self, id: UploadId) -> Result<Option<Upload>> {
        self.reading(|db| uploads::upload(db, id))
    }

    /// In one transaction, so that what is read belongs together.
    fn reading<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let snapshot = self.db.unchecked_transaction()?;
        work(&snapshot)
    }
}

fn open(path: &Path, alone: bool) -> rusqlite::Result<Connection> {
    let log = fs::metadata(wal::path(path)).map_or(0, |meta| meta.len());
    let unchanging = if alone && log == 0 { "&immutable=1" } else { "" };
    let address = percent_encode(path.as_os_str().as_encoded_bytes(), PLAIN);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let address = PathBuf::from(format!("file:{address}?mode=ro{unchanging}"));
    let db = connection::open(&address, flags)?;
    // The last reader of a killed server's log would else copy it back.
    connection::copy_back_on_close(&db, false)?;
    db.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;")?;
    Ok(db)
}
