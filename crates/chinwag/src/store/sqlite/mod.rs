//! The store in one SQLite database.
//!
//! A data folder has one server. One thread writes (`writer`, group commit), a few connections read
//! (`readers`), and there is a file per noun with the SQL of it: functions of a connection for
//! reads, of a `Tx` for commands. `commands` ties them to the [`Store`](super::Store) trait.
//! Database types stay in this folder.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::OnCommit;
use crate::model::instance::Instance;

mod backup;
mod ballast;
mod changes;
mod channels;
mod check;
mod commands;
mod connection;
mod devices;
mod errors;
mod folder;
mod gathering;
mod instance;
mod members;
mod messages;
mod migrations;
mod onlooker;
mod posting;
mod probe;
mod readers;
mod reading;
mod renewal;
mod sessions;
#[cfg(test)]
mod steps_tests;
mod streams;
mod sums;
mod tokens;
mod uploads;
mod users;
mod wal;
mod writer;
#[cfg(test)]
mod writer_tests;

pub use check::{Finding, Report};
pub use folder::{DATABASE, FILES, begin_restoring, finish_restoring, is_restoring};
pub use migrations::VERSION;
pub use onlooker::Onlooker;
pub use renewal::{Renewed, renew};

/// Where the data is and how it is read.
#[derive(Debug, Clone)]
pub struct SqliteConfig {
    /// The data folder. It is made when it is missing.
    pub data: PathBuf,
    /// How many reads run at a time; at least 1. Each keeps up to 2 MiB of pages.
    pub readers: usize,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self { data: PathBuf::from("data"), readers: 4 }
    }
}

/// Why the store could not be opened. Each is a sentence for the one who starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server works on that folder.
    #[error("another server is using the data folder {} (or `chinwag check` is looking at it)", .0.display())]
    Locked(PathBuf),
    /// A restore that was interrupted.
    #[error(
        "the data folder {} was not restored to the end; remove it and run `chinwag restore` again",
        .0.display()
    )]
    Restoring(PathBuf),
    /// The folder cannot be made, read or written.
    #[error("the data folder cannot be used: {}: {source}", path.display())]
    Folder {
        /// What could not be used.
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
    /// A database, but not one of ours.
    #[error("{} is not a database of Chinwag", .0.display())]
    Foreign(PathBuf),
    /// The file is damaged, or no database at all.
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
    /// Anything else that the database said.
    #[error("the database {} cannot be opened: {reason}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
}

impl OpenError {
    fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }

    fn database(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match super::Error::from(error) {
            super::Error::Corrupt(reason) => Self::Damaged { path, reason },
            other => Self::Database { path, reason: other.to_string() },
        }
    }
}

/// Everything in one SQLite database.
pub struct SqliteStore {
    writer: writer::Writer,
    readers: readers::Readers,
    instance: Instance,
}

impl SqliteStore {
    /// Opens the data folder, locks it, and brings the database to the present version.
    ///
    /// `on_commit` is called on the writing thread.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use, or holds what this version cannot read.
    pub fn open(config: SqliteConfig, on_commit: OnCommit) -> Result<Self, OpenError> {
        let lock = folder::take(&config.data)?;
        let path = folder::database(&config.data);
        let failed = |error| OpenError::database(&path, error);
        let unusable = |source| OpenError::Folder { path: config.data.clone(), source };
        // Before SQLite opens the log, which drops what it cannot read of it.
        let log_needed = folder::is_log_needed(&lock).map_err(unusable)?;
        if let Some(reason) = wal::damage(&path, log_needed).map_err(unusable)? {
            return Err(OpenError::damaged(&path, reason));
        }
        folder::make_database(&path).map_err(unusable)?;
        let mut db = connection::open_writer(&path).map_err(failed)?;
        migrations::migrate(&mut db, &path)?;
        if let Some(reason) = probe::damage(&mut db).map_err(failed)? {
            return Err(OpenError::damaged(&path, reason));
        }
        let sums = sums::Sums::install(&mut db).map_err(failed)?;
        connection::copy_back_on_close(&db, true).map_err(failed)?;
        folder::mark_used(&lock).map_err(unusable)?;
        let (instance, note) = settle(&mut db, &sums, &config.data).map_err(failed)?;
        if !wal::is_empty(&path) {
            folder::mark_log_needed(&lock).map_err(unusable)?;
        }
        let readers = readers::Readers::open(&path, config.readers).map_err(failed)?;
        let keep = writer::Keep {
            lock,
            ballast: ballast::Ballast::lay(&config.data),
            sums,
            at_end: Box::new(move |db| note.write(db)),
        };
        let writer = writer::Writer::start(db, keep, on_commit).map_err(unusable)?;
        Ok(Self { writer, readers, instance })
    }
}

/// Finds out which installation this is; a new epoch is added up with the rest.
fn settle(
    db: &mut Connection,
    sums: &sums::Sums,
    data: &Path,
) -> rusqlite::Result<(Instance, instance::Note)> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    sums.clear();
    let settled = instance::settle(&tx, data)?;
    sums.write(&tx)?;
    tx.commit()?;
    Ok(settled)
}
