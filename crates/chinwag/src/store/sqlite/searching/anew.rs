//! Having the index made anew.

use std::io;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::sqlite::open_error::OpenError;
use crate::store::sqlite::sums::Sums;
use crate::store::sqlite::writer::copy_back;
use crate::store::sqlite::{connection, folder, migrations, wal};

/// Notes in the database of a data folder that the index for searching is to be made anew. The next start empties it,
/// and the server fills it in the background.
///
/// # Errors
/// When the folder cannot be used, or a server uses it.
pub fn reindex(data: &Path) -> Result<(), OpenError> {
    let lock = folder::take(data)?;
    let path = folder::database(data);
    let failed = |error| OpenError::database(&path, error);
    let unusable = |source| OpenError::Folder { path: data.to_owned(), source };
    let log_needed = folder::is_log_needed(&lock).map_err(unusable)?;
    if let Some(reason) = wal::damage(&path, log_needed).map_err(unusable)? {
        return Err(OpenError::damaged(&path, reason));
    }
    let mut db = connection::open_writer(&path).map_err(failed)?;
    if migrations::recognise(&db, &path)? < migrations::VERSION {
        // It has no index, and gets one with the next start.
        return Ok(());
    }
    // As a server does, which may have been killed before: the log is needed until the database has everything.
    folder::mark_log_needed(&lock).map_err(unusable)?;
    note(&mut db).map_err(failed)?;
    copy_back(&db, &lock, true).map_err(|error| unusable(io::Error::other(error.to_string())))?;
    connection::copy_back_on_close(&db, true).map_err(failed)?;
    db.close().map_err(|(_, error)| failed(error))
}

fn note(db: &mut Connection) -> rusqlite::Result<()> {
    let sums = Sums::install(db)?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    sums.clear();
    tx.execute("UPDATE place SET search_version = 0", [])?;
    sums.write(&tx)?;
    tx.commit()
}
