//! Opening a data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};

use super::forgetting::Forgetting;
use super::instance::{self, Note};
use super::open_error::OpenError;
use super::readers::Readers;
use super::searching::{self, Pending, Turns};
use super::sums::Sums;
use super::writer::{Ballast, Keep, Writer};
use super::{connection, folder, migrations, probe, wal};
use crate::model::instance::Instance;
use crate::store::OnCommit;

/// Where the data is, and how many read it at a time.
#[derive(Debug, Clone)]
pub struct SqliteConfig {
    /// The data folder. It is made if it is missing.
    pub data: PathBuf,
    /// How many reads run at a time; at least 1. Each has a page cache of up to 2 MiB.
    pub readers: usize,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self { data: PathBuf::from("data"), readers: 4 }
    }
}

/// A store in one SQLite database.
pub struct SqliteStore {
    pub(super) writer: Writer,
    pub(super) readers: Readers,
    pub(super) forgetting: Forgetting,
    pub(super) instance: Instance,
    /// What the index of words does not have yet.
    pub(super) pending: Arc<Pending>,
    /// Whose search runs.
    pub(super) turns: Turns,
}

impl SqliteStore {
    /// Opens the data folder, locks it, and brings the database to the present version.
    ///
    /// `on_commit` is called on the writing thread.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use by another server, or holds a database that this
    /// version cannot read.
    pub fn open(config: SqliteConfig, on_commit: OnCommit) -> Result<Self, OpenError> {
        let lock = folder::take(&config.data)?;
        let path = folder::database(&config.data);
        let failed = |error| OpenError::database(&path, error);
        let unusable = |source| OpenError::Folder { path: config.data.clone(), source };
        // Before SQLite opens the log: it drops what it cannot read of it.
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
        let sums = Sums::install(&mut db).map_err(failed)?;
        folder::mark_used(&lock).map_err(unusable)?;
        let (instance, note) = settle(&mut db, &sums, &config.data).map_err(failed)?;
        if !wal::is_empty(&path) {
            folder::mark_log_needed(&lock).map_err(unusable)?;
        }
        let readers = Readers::open(&path, config.readers).map_err(failed)?;
        let forgetting = Forgetting::open(&path, sums.deletions())
            .map_err(|error| OpenError::damaged(&path, error.to_string()))?;
        let keep = Keep {
            lock,
            ballast: Ballast::lay(&config.data),
            sums,
            at_end: Box::new(move |db| note.write(db)),
        };
        let pending =
            Pending::of(&db).map_err(|error| OpenError::damaged(&path, error.to_string()))?;
        let pending = Arc::new(pending);
        let hook: OnCommit = {
            let pending = Arc::clone(&pending);
            Arc::new(move |event| {
                pending.hear(&event);
                on_commit(event);
            })
        };
        // Whoever fails before leaves the log, which may be noted as needed.
        connection::copy_back_on_close(&db, true).map_err(failed)?;
        let writer = Writer::start(db, keep, hook).map_err(unusable)?;
        let turns = Turns::among(config.readers);
        Ok(Self { writer, readers, forgetting, instance, pending, turns })
    }
}

/// Finds out which installation this is, and whether the index of words is of this version. The sums follow a new
/// epoch.
fn settle(db: &mut Connection, sums: &Sums, data: &Path) -> rusqlite::Result<(Instance, Note)> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    sums.clear();
    let settled = instance::settle(&tx, data)?;
    if searching::settle(&tx)? {
        tracing::debug!("the index of words begins anew");
    }
    sums.write(&tx)?;
    tx.commit()?;
    Ok(settled)
}
