//! What SQLite says, in the store's words.

use rusqlite::ErrorCode;

use crate::store::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                // A file or folder that became read-only stops writes as a full disk does, and is
                // mended by the same person.
                ErrorCode::DiskFull | ErrorCode::ReadOnly => Self::Full(said),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(said),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                _ => Self::Io(said),
            },
            // A value that this version never writes: somebody else did.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Corrupt(said),
            _ => Self::Io(said),
        }
    }
}
