//! How a connection to the database is set up.
//!
//! One connection writes; the readers see the last commit and never wait for it (WAL).

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// How long a connection waits when another program holds the database.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Statements kept compiled per connection; more than the store has.
const STATEMENTS: usize = 128;

/// Pages of 4 KiB that the log holds at most before it is copied back: 16 MB.
pub(super) const LOG_PAGES: u64 = 4_000;

/// Opens the one connection that writes, and makes the file when there is none.
pub(super) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = open(path, flags)?;
    copy_back_on_close(&db, false)?;
    db.execute_batch(&format!(
        // FULL: a commit is on disk before it is answered. secure_delete: a deleted text is
        // overwritten, not only unlinked. The log is copied back every LOG_PAGES: keys
        // are random, so their index pages repeat in the log and a longer one copies each once.
        // Negative cache sizes are KiB.
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

/// Whether the log is copied back into the database when this closes as the last connection. Not
/// before the database was found sound: one that is damaged is left as it is.
pub(super) fn copy_back_on_close(db: &Connection, yes: bool) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !yes)?;
    Ok(())
}

/// Opens a connection that only reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    // Read-write at the level of the file: the log's index is shared memory that readers mark.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = open(path, flags)?;
    // Whether the log may go is for the writer to say.
    copy_back_on_close(&db, false)?;
    db.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -2048;",
    )?;
    Ok(db)
}

/// Opens it with what all connections have in common.
pub(super) fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(BUSY_WAIT)?;
    // The planner does not look at bound values. Without this, a statement with a range or a limit
    // that is bound is parsed anew each time it runs, which costs more than the look-up itself.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(db)
}
