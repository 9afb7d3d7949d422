//! Why the store could not be opened.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::Error;

/// Why the store could not be opened. `Display` gives a sentence for the person who starts the
/// server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server uses that folder.
    #[error("another server is using the data folder {} (or `chinwag check` is looking at it)", .0.display())]
    Locked(PathBuf),
    /// A restore into that folder was interrupted.
    #[error(
        "the data folder {} was not restored to the end; remove it and run `chinwag restore` again",
        .0.display()
    )]
    Restoring(PathBuf),
    /// The folder cannot be made, read or written.
    #[error("the data folder cannot be used: {}: {source}", path.display())]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A later version of this program wrote the database.
    #[error(
        "the database {} was written by a newer version of Chinwag \
         (format {found}, this version knows up to {known})",
        path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is a database, but not one of Chinwag.
    #[error("{} is not a database of Chinwag", .0.display())]
    Foreign(PathBuf),
    /// The database has triggers, views or other objects that Chinwag does not make, or lacks some.
    #[error(
        "the schema of the database {} is not Chinwag's: {what}. Nothing was changed",
        path.display()
    )]
    Schema {
        /// The database.
        path: PathBuf,
        /// The first object that differs.
        what: String,
    },
    /// The file is damaged, or not a database.
    #[error(
        "the database {} is damaged: {reason}. Nothing was changed. `chinwag check` says more; \
         `chinwag restore` puts a backup into an empty folder",
        path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// Any other error of the database.
    #[error("the database {} cannot be opened: {reason}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
}

impl OpenError {
    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }

    pub(super) fn database(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match Error::from(error) {
            Error::Corrupt(reason) => Self::Damaged { path, reason },
            other => Self::Database { path, reason: other.to_string() },
        }
    }
}
