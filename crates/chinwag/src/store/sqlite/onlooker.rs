//! Reading a data folder from another process, beside a running server or without one. It never writes.
//!
//! Beside a running server, this is one more reader. Without one, it shares the folder's lock, so that
//! no server starts meanwhile, and opens a database without a log as an immutable file, so that SQLite
//! makes no files beside it. Only if a killed server left a log behind, SQLite builds the log's index
//! (`-shm`) again, as every start does.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::findings::{Finding, Report};
use super::logbook::{self, WholeEntry};
use super::open_error::OpenError;
use super::rows::uploads;
use super::{backup, check, connection, folder, migrations, wal};
use crate::model::ids::{UploadId, UserId};
use crate::model::names::DisplayName;
use crate::model::uploads::Upload;
use crate::store::{LogFilter, Result};

/// The characters that are encoded in the path of a `file:` address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// A reader of a data folder.
pub struct Onlooker {
    db: Connection,
    path: PathBuf,
    /// The shared lock, which keeps a server from starting; `None` beside a running one.
    alone: Option<File>,
}

impl Onlooker {
    /// Opens the database of a data folder for reading.
    ///
    /// # Errors
    /// When there is none, or it is too damaged to be opened, or newer than this program.
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

    /// Whether a server uses the folder.
    #[must_use]
    pub fn server_runs(&self) -> bool {
        self.alone.is_none()
    }

    /// Checks the whole database, and the log if no server is writing it. It reads every page: seconds
    /// for a gigabyte.
    ///
    /// # Errors
    /// When the database cannot be read at all. Damage that was found is in the report.
    pub fn check(&self) -> Result<Report> {
        let mut report = self.reading(check::check)?;
        report.findings.extend(self.log_damage()?);
        Ok(report)
    }

    /// What is wrong with the log; `None` also if a server is writing it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn log_damage(&self) -> Result<Option<Finding>> {
        let Some(lock) = &self.alone else { return Ok(None) };
        let needed = folder::is_log_needed(lock).unwrap_or(false);
        let damage = wal::damage(&self.path, needed).map_err(backup::failed)?;
        Ok(damage.map(Finding::Damage))
    }

    /// Counts people, channels, messages and files, as a report without findings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self) -> Result<Report> {
        self.reading(check::counts)
    }

    /// Writes a copy of the database as it is now to `path`, replaces a file that is there, and syncs
    /// it.
    ///
    /// # Errors
    /// When the database cannot be read or the copy cannot be written.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        backup::copy(&self.db, path)
    }

    /// Files in the order of their ids, at most `limit`, from the one after `after` on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn uploads_after(&self, after: Option<UploadId>, limit: usize) -> Result<Vec<Upload>> {
        self.reading(|db| uploads::after(db, after, limit))
    }

    /// The file with that id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn upload(&self, id: UploadId) -> Result<Option<Upload>> {
        self.reading(|db| uploads::upload(db, id))
    }

    /// Passes the entries of the log that a filter leaves on, the oldest first, as long as `each` says to go
    /// on: those about private places too, as whoever has the folder reads all of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn log(&self, filter: LogFilter, each: impl FnMut(WholeEntry) -> bool) -> Result<()> {
        self.reading(|db| logbook::all(db, filter, each))
    }

    /// The person who holds a name now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn holder(&self, name: &DisplayName) -> Result<Option<UserId>> {
        self.reading(|db| logbook::holder(db, name.key()))
    }

    /// Reads in one transaction, so that all of it is of one moment.
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
    // Otherwise the last reader of a killed server's log would copy it back.
    connection::copy_back_on_close(&db, false)?;
    db.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;")?;
    Ok(db)
}
