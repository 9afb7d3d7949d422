//! Rows of people whom somebody does not want to read.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ids::UserId;
use crate::model::users::{Aside, MAX_ASIDE};
use crate::store::{Constraint, Error, Result};

/// How a person set another one aside.
pub(crate) fn of(db: &Connection, user: UserId, whom: UserId) -> Result<Option<Aside>> {
    let mut find =
        db.prepare_cached("SELECT kind FROM set_aside WHERE user_id = ?1 AND whom = ?2")?;
    let kind: Option<String> = find.query_row((user.0, whom.0), |row| row.get(0)).optional()?;
    Ok(kind.and_then(|kind| Aside::of_code(&kind)))
}

/// Sets a person aside, in that way or not any more.
///
/// # Errors
/// `Conflict(SetAside)` when there are as many as there may be.
pub(crate) fn set(db: &Connection, user: UserId, whom: UserId, how: Option<Aside>) -> Result<()> {
    let Some(how) = how else {
        let mut delete =
            db.prepare_cached("DELETE FROM set_aside WHERE user_id = ?1 AND whom = ?2")?;
        delete.execute((user.0, whom.0))?;
        return Ok(());
    };
    let mut count = db.prepare_cached("SELECT count(*) FROM set_aside WHERE user_id = ?1")?;
    let others: i64 = count.query_row([user.0], |row| row.get(0))?;
    if others >= super::sql_count(MAX_ASIDE) && of(db, user, whom)?.is_none() {
        return Err(Error::Conflict(Constraint::SetAside));
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO set_aside (user_id, whom, kind) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id, whom) DO UPDATE SET kind = excluded.kind",
    )?;
    insert.execute((user.0, whom.0, how.code()))?;
    Ok(())
}

/// Reads the column of `ACCOUNT` that has them all: pairs such as `mute:7`, with commas between.
pub(crate) fn read_all(column: Option<&str>) -> Vec<(UserId, Aside)> {
    let pair = |pair: &str| {
        let (kind, whom) = pair.split_once(':')?;
        Some((UserId(whom.parse().ok()?), Aside::of_code(kind)?))
    };
    let mut all: Vec<_> = column.unwrap_or_default().split(',').filter_map(pair).collect();
    all.sort_unstable_by_key(|(whom, _)| *whom);
    all
}
