//! A check of the database at a start, within a bounded time.
//!
//! A whole check reads every page: seconds for a gigabyte. This one checks the structure of each table
//! and its sums (`sums`), the small and important tables first, until the time is up. So it checks all
//! of a small database and the beginning of a large one. `chinwag check` checks everything.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::sums;

/// How long the check may take. A whole start should take 200 ms at most.
const TIME: Duration = Duration::from_millis(50);
/// SQLite calls back after so many steps, which take about 10 µs.
const STEPS: i32 = 100;
/// The check goes on for so many calls whatever the time is, so that a small database is checked whole
/// also on a busy machine. That is about 20 ms of work.
const LEAST: u32 = 2_000;
/// The tables, the most important first; the messages are the largest table and come last.
const TABLES: [&str; 8] =
    ["channels", "users", "members", "uploads", "sessions", "tokens", "devices", "messages"];

/// What is wrong, as a sentence of SQLite or of a finding; `None` if nothing was found in time.
pub(super) fn damage(db: &mut Connection) -> rusqlite::Result<Option<String>> {
    let end = Instant::now() + TIME;
    let mut calls = 0_u32;
    let is_over = move || {
        calls = calls.saturating_add(1);
        calls > LEAST && Instant::now() > end
    };
    db.progress_handler(STEPS, Some(is_over))?;
    let found = check(db);
    db.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            Ok(None)
        }
        found => found,
    }
}

fn check(db: &Connection) -> rusqlite::Result<Option<String>> {
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
    // This also checks what belongs to no table: the schema and the free pages.
    let said: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}
