//! A look at the database before it is served, within a bounded time.
//!
//! A whole check reads every page, seconds for a gigabyte. Here each table's structure is looked
//! over in turn, the small and important ones first, until the time is up: a small database is
//! looked over whole, also whether its rows are as they were written (`sums`), of a large one the
//! beginning. `chinwag check` does it all.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::sums;

/// How long the look may take; a start is to take 200 ms at most.
const TIME: Duration = Duration::from_millis(50);
/// Steps of SQLite between two looks at the time, about 10 µs.
const STEPS: i32 = 100;
/// So many times the look goes on whatever the time is: a small database is looked over whole also
/// where the machine has no time for us. Some 20 ms of work.
const LEAST: u32 = 2_000;
/// In the order of what the loss of one would cost; the messages, the largest, last.
const TABLES: [&str; 8] =
    ["channels", "users", "members", "uploads", "sessions", "tokens", "devices", "messages"];

/// What is wrong, in SQLite's words; `None` when nothing was seen.
pub(super) fn damage(db: &mut Connection) -> rusqlite::Result<Option<String>> {
    let end = Instant::now() + TIME;
    let mut calls = 0_u32;
    let is_over = move || {
        calls = calls.saturating_add(1);
        calls > LEAST && Instant::now() > end
    };
    db.progress_handler(STEPS, Some(is_over))?;
    let found = look(db);
    db.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(None)
        }
        found => found,
    }
}

fn look(db: &Connection) -> rusqlite::Result<Option<String>> {
    for table in TABLES {
        let said: String =
            db.query_row(&format!("PRAGMA quick_check({table})"), [], |row| row.get(0))?;
        if said != "ok" {
            return Ok(Some(said));
        }
        if let Some(finding) = sums::changed_in(db, table)?.first() {
            return Ok(Some(finding.to_string()));
        }
    }
    // What belongs to no table: the schema itself, and the pages that are free.
    let said: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}
