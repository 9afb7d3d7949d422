//! Setting up connections to the database.
//!
//! The database has a write-ahead log (WAL): one connection writes, and the readers see the last commit
//! and never wait for the writer.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// How long a connection waits when another program has locked the database.
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How many compiled statements each connection keeps: more than the store has.
const STATEMENTS: usize = 128;

/// The most pages of 4 KiB in the log before it is copied back into the database: 16 MB.
pub(super) const LOG_PAGES: u64 = 4_000;

/// Opens the one connection that writes, and makes the file if there is none.
pub(super) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = open(path, flags)?;
    copy_back_on_close(&db, false)?;
    db.execute_batch(&format!(
        // synchronous = FULL: a commit is on disk before it is answered. secure_delete: a deleted
        // text is overwritten, not only unlinked. wal_autocheckpoint: keys may be random, so the same
        // index pages are written to the log again and again; a long log copies each of them back
        // only once. A negative cache size is in KiB.
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = {LOG_PAGES};
         PRAGMA journal_size_limit = 33554432;
         PRAGMA cache_size = -8192;",
    ))?;
    Ok(db)
}

/// Sets whether SQLite copies the log back into the database when this connection closes as the last
/// one. It must not before the database was found sound: a damaged one is left as it is.
pub(super) fn copy_back_on_close(db: &Connection, yes: bool) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !yes)?;
    Ok(())
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    // The file is opened read-write: readers mark the log's index, which is shared memory.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = open(path, flags)?;
    // The writer alone decides when the log may be removed.
    copy_back_on_close(&db, false)?;
    db.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -2048;",
    )?;
    Ok(db)
}

/// Opens a connection with the settings that all connections have in common.
pub(super) fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(BUSY_WAIT)?;
    // With this, the planner ignores bound values. Without it, SQLite plans a statement with a bound
    // range or limit again each time it runs, which costs more than the look-up itself.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The file may come from anywhere: its schema calls no functions that could do harm, nothing writes
    // to the schema's table, and the sizes in a page are checked when it is read.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.execute_batch("PRAGMA cell_size_check = ON")?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(db)
}
