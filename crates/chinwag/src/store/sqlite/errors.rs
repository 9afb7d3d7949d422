//! Errors of SQLite as errors of the store.

use rusqlite::{ErrorCode, ffi};

use crate::store::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) if takes_no_more(failure.extended_code) => {
                Self::Full(said)
            }
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                // A file or folder that became read-only stops writes as a full disk does, and the
                // same person can mend it.
                ErrorCode::DiskFull | ErrorCode::ReadOnly => Self::Full(said),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(said),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                _ => Self::Io(said),
            },
            // A value that this version never writes.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Corrupt(said),
            _ => Self::Io(said),
        }
    }
}

/// Whether the disk refused to write: over a quota, read-only, or failing. SQLite has rolled the
/// transaction back; the next attempt writes everything again.
fn takes_no_more(extended_code: i32) -> bool {
    matches!(
        extended_code,
        ffi::SQLITE_IOERR_WRITE
            | ffi::SQLITE_IOERR_FSYNC
            | ffi::SQLITE_IOERR_DIR_FSYNC
            | ffi::SQLITE_IOERR_TRUNCATE
            | ffi::SQLITE_IOERR_SHMSIZE
    )
}
