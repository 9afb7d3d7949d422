//! Keeping the sums of a connection that writes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, TransactionBehavior};

use super::rows::{self, Part};
use super::table::{Table, checksum, tables};
use crate::store::sqlite::migrations::VERSION;

/// Which sum: the place of the table in the list, and the part of the table.
type Key = (i64, Part);

/// The sums of one connection that writes.
#[derive(Default)]
pub(crate) struct Sums {
    tables: Vec<Table>,
    /// What the present transaction adds to each sum.
    pending: Arc<Mutex<HashMap<Key, i64>>>,
    /// How often a row with a text or bytes was deleted, or these were replaced.
    deletions: Arc<AtomicU64>,
}

/// What was pending when a savepoint began.
pub(crate) struct Savepoint(HashMap<Key, i64>);

impl Sums {
    /// Starts to follow the changes of a connection to a database of the present version. Adds up all
    /// rows if that was not done for this version.
    pub(crate) fn install(db: &mut Connection) -> rusqlite::Result<Self> {
        let sums = Self { tables: tables(db)?, ..Self::default() };
        sums.define(db)?;
        for (at, table) in sums.tables.iter().enumerate() {
            db.execute_batch(&table.triggers(at))?;
        }
        if rows::made_for(db)? != Some(VERSION) {
            sums.make(db)?;
        }
        Ok(sums)
    }

    /// The count of deletions: of rows that went with a text or bytes, and of those that were replaced. It
    /// grows before the commit, also of a transaction that is rolled back.
    pub(crate) fn deletions(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.deletions)
    }

    /// Forgets what is pending: a new transaction begins, or the last one was rolled back.
    pub(crate) fn clear(&self) {
        self.pending().clear();
    }

    /// What is pending now, for [`Sums::roll_back_to`].
    pub(crate) fn savepoint(&self) -> Savepoint {
        Savepoint(self.pending().clone())
    }

    /// Forgets what was added after a savepoint.
    pub(crate) fn roll_back_to(&self, savepoint: Savepoint) {
        *self.pending() = savepoint.0;
    }

    /// Writes what is pending to the table `sums`: the last step before a commit.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        let changed = std::mem::take(&mut *self.pending());
        for ((at, part), change) in changed {
            let table = usize::try_from(at).ok().and_then(|at| self.tables.get(at));
            if let Some(table) = table.filter(|_| change != 0) {
                rows::add(db, &table.name, part, change)?;
            }
        }
        Ok(())
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<Key, i64>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Defines the SQL function `row_sum(sign, table, owner, run, columns…)`, which the triggers call
    /// for a row that came (`sign` 1) or went (−1); and `went()`, which they call for a text that went.
    fn define(&self, db: &Connection) -> rusqlite::Result<()> {
        let deletions = Arc::clone(&self.deletions);
        db.create_scalar_function("went", 0, FunctionFlags::SQLITE_UTF8, move |_| {
            deletions.fetch_add(1, Ordering::Release);
            Ok(None::<i64>)
        })?;
        let pending = Arc::clone(&self.pending);
        db.create_scalar_function("row_sum", -1, FunctionFlags::SQLITE_UTF8, move |row| {
            let sign: i64 = row.get(0)?;
            let key = (row.get(1)?, (row.get(2)?, row.get(3)?));
            let crc = checksum((4..row.len()).map(|at| row.get_raw(at)));
            let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
            *pending.entry(key).or_default() += sign * crc;
            Ok(None::<i64>)
        })
    }

    /// Adds up all rows of all tables.
    fn make(&self, db: &mut Connection) -> rusqlite::Result<()> {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        rows::clear(&tx)?;
        for table in &self.tables {
            for (part, sum) in table.add_up(&tx)? {
                rows::add(&tx, &table.name, part, sum)?;
            }
        }
        rows::mark_made(&tx)?;
        self.clear();
        tx.commit()
    }
}
