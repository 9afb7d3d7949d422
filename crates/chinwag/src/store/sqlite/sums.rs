//! What every table holds, as sums: a byte that flipped on the disk is found.
//!
//! SQLite keeps no checksums of its pages. Here each row has one, and the table `sums` keeps the sum
//! of them for each table (for messages: for each 1,024 numbers of a channel). A change adds what the
//! new row has and takes away what the old one had, so a post costs some checksums of short rows and
//! never looks at others; a transaction writes each sum that it changed once. A check adds up all rows
//! and compares.
//!
//! The changes are seen by triggers of the writing connection, which are not in the file: whoever
//! writes SQL need not think of them, and any tool opens the database. A row's checksum is a CRC-32,
//! which sees every flip within 32 bits for certain, and anything else but once in four thousand
//! million.
//!
//! Not covered: what every post moves ([`MOVED`]; a check holds all of it but marks and own revisions against
//! the rows), the indexes (SQLite's own check holds them against their tables), the schema, and free
//! pages. A database that another program wrote to says so at the next check; who does that on
//! purpose empties the table `sums`, and the next start adds up anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Crc;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior};

use super::check::Finding;
use super::migrations::{self, VERSION};
use crate::model::ids::ChannelId;

/// The table of the sums.
const SUMS: &str = "sums";
/// The one table that has many sums.
const MESSAGES: &str = "messages";
/// Columns that every post moves, by their tables. Summed they would cost a post as much as itself.
const MOVED: [(&str, &[&str]); 4] = [
    ("channels", &["revision", "last_number", "member_count"]),
    ("members", &["read_number", "read_step", "own_revision", "own_above"]),
    ("users", &["own_revision"]),
    ("place", &["revision"]),
];
/// Numbers of messages that share a sum, as a shift: 1,024.
const RUN: u32 = 10;
/// The row that says for which version of the database the sums were made.
const MADE_FOR: &str = "";

/// Which sum: the table's place in the list, and for messages the channel and the run of numbers.
type Key = (i64, i64, i64);

/// A table whose rows are summed.
#[derive(Debug, Clone)]
pub(super) struct Table {
    name: String,
    columns: Vec<String>,
}

/// The sums of the writing connection.
#[derive(Default)]
pub(super) struct Sums {
    tables: Vec<Table>,
    /// What the present transaction changes.
    pending: Arc<Mutex<HashMap<Key, i64>>>,
}

/// A state of [`Sums`] to come back to.
pub(super) struct Mark(HashMap<Key, i64>);

impl Sums {
    /// Starts to see the changes of a connection to a database of the present version. Adds up
    /// everything when that was not done for this version.
    pub(super) fn install(db: &mut Connection) -> rusqlite::Result<Self> {
        let sums = Self { tables: tables(db)?, pending: Arc::default() };
        sums.define(db)?;
        for (at, table) in sums.tables.iter().enumerate() {
            db.execute_batch(&table.triggers(at))?;
        }
        if made_for(db)? != Some(VERSION) {
            sums.make(db)?;
        }
        Ok(sums)
    }

    /// Forgets what a transaction changed that did not come to its end.
    pub(super) fn clear(&self) {
        self.pending().clear();
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.pending().clone())
    }

    /// Goes back to where a savepoint was.
    pub(super) fn back_to(&self, mark: Mark) {
        *self.pending() = mark.0;
    }

    /// Writes what changed; the last thing before a commit.
    pub(super) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        let changed = std::mem::take(&mut *self.pending());
        for ((table, owner, run), change) in changed {
            let table = usize::try_from(table).ok().and_then(|at| self.tables.get(at));
            if let Some(table) = table.filter(|_| change != 0) {
                add(db, &table.name, owner, run, change)?;
            }
        }
        Ok(())
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, HashMap<Key, i64>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `row_sum(sign, table, owner, run, columns…)` notes that a row came or went.
    fn define(&self, db: &Connection) -> rusqlite::Result<()> {
        let pending = Arc::clone(&self.pending);
        db.create_scalar_function("row_sum", -1, FunctionFlags::SQLITE_UTF8, move |row| {
            let sign: i64 = row.get(0)?;
            let key = (row.get(1)?, row.get(2)?, row.get(3)?);
            let crc = checksum((4..row.len()).map(|at| row.get_raw(at)));
            let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
            *pending.entry(key).or_default() += sign * crc;
            Ok(None::<i64>)
        })
    }

    fn make(&self, db: &mut Connection) -> rusqlite::Result<()> {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM sums", [])?;
        for table in &self.tables {
            for ((owner, run), sum) in table.add_up(&tx)? {
                add(&tx, &table.name, owner, run, sum)?;
            }
        }
        add(&tx, MADE_FOR, 0, 0, VERSION)?;
        self.clear();
        tx.commit()
    }
}

/// What of the tables is not as it was written. Nothing is said of a database that has no sums, as
/// one of an older version has not, or whose sums are to be made anew.
pub(super) fn changed(db: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut found = Vec::new();
    if has_sums(db)? {
        for table in tables(db)? {
            found.extend(table.changed(db)?);
        }
    }
    Ok(found)
}

/// The same for one table.
pub(super) fn changed_in(db: &Connection, name: &str) -> rusqlite::Result<Vec<Finding>> {
    if !has_sums(db)? {
        return Ok(Vec::new());
    }
    let table = tables(db)?.into_iter().find(|table| table.name == name);
    table.map_or(Ok(Vec::new()), |table| table.changed(db))
}

impl Table {
    /// The names, as SQL.
    fn list(&self, of: &str) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|column| format!("{of}\"{column}\"")).collect();
        columns.join(", ")
    }

    /// Where a row's checksum is added, as SQL.
    fn place(&self, of: &str) -> String {
        if self.name == MESSAGES {
            format!("{of}channel_id, {of}number >> {RUN}")
        } else {
            "0, 0".to_owned()
        }
    }

    fn triggers(&self, at: usize) -> String {
        let name = &self.name;
        let note = |sign: i64, of: &str| {
            format!("SELECT row_sum({sign}, {at}, {}, {});", self.place(of), self.list(of))
        };
        let (came, went) = (note(1, "new."), note(-1, "old."));
        let trigger = |kind: &str, event: &str, body: &str| {
            format!(
                "CREATE TEMP TRIGGER \"sum_{kind}_{name}\" AFTER {event} ON main.\"{name}\"
                 BEGIN {body} END;"
            )
        };
        let changes = format!("UPDATE OF {}", self.list(""));
        [
            trigger("insert", "INSERT", &came),
            trigger("delete", "DELETE", &went),
            trigger("update", &changes, &format!("{went} {came}")),
        ]
        .concat()
    }

    /// The sums as the rows are now.
    fn add_up(&self, db: &Connection) -> rusqlite::Result<HashMap<(i64, i64), i64>> {
        let (place, columns) = (self.place(""), self.list(""));
        let mut find = db.prepare(&format!("SELECT {place}, {columns} FROM \"{}\"", self.name))?;
        let mut rows = find.query([])?;
        let mut sums = HashMap::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(self.columns.len());
            for at in 0..self.columns.len() {
                values.push(row.get_ref(2 + at)?);
            }
            *sums.entry((row.get(0)?, row.get(1)?)).or_default() += checksum(values.into_iter());
        }
        Ok(sums)
    }

    fn changed(&self, db: &Connection) -> rusqlite::Result<Vec<Finding>> {
        let mut is = self.add_up(db)?;
        let mut find = db.prepare("SELECT owner, run, sum FROM sums WHERE name = ?1")?;
        let mut rows = find.query([&self.name])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let place: (i64, i64) = (row.get(0)?, row.get(1)?);
            if is.remove(&place).unwrap_or(0) != row.get::<_, i64>(2)? {
                places.push(place);
            }
        }
        places.extend(is.into_iter().filter(|(_, sum)| *sum != 0).map(|(place, _)| place));
        places.sort_unstable();
        Ok(places.into_iter().map(|place| self.finding(place)).collect())
    }

    fn finding(&self, (owner, run): (i64, i64)) -> Finding {
        if self.name == MESSAGES {
            let first = run.saturating_mul(1 << RUN);
            let last = first.saturating_add((1 << RUN) - 1);
            Finding::Messages { channel: ChannelId(owner), first: first.max(1), last }
        } else {
            Finding::Table(self.name.clone())
        }
    }
}

/// Every table that holds what somebody said or chose.
fn tables(db: &Connection) -> rusqlite::Result<Vec<Table>> {
    let mut find = db.prepare(
        "SELECT s.name, c.name FROM main.sqlite_schema s JOIN pragma_table_info(s.name) c
         WHERE s.type = 'table' AND s.sql LIKE 'CREATE TABLE%' AND s.name NOT LIKE 'sqlite\\_%'
               ESCAPE '\\' AND s.name <> ?1
         ORDER BY s.name, c.cid",
    )?;
    let mut rows = find.query([SUMS])?;
    let mut tables: Vec<Table> = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, column) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        let is_moved = |(table, columns): &(&str, &[&str])| {
            *table == name && columns.contains(&column.as_str())
        };
        if MOVED.iter().any(is_moved) {
            continue;
        }
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => tables.push(Table { name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

fn add(db: &Connection, name: &str, owner: i64, run: i64, change: i64) -> rusqlite::Result<()> {
    let mut add = db.prepare_cached(
        "INSERT INTO sums (name, owner, run, sum) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name, owner, run) DO UPDATE SET sum = sum + excluded.sum",
    )?;
    add.execute((name, owner, run, change))?;
    Ok(())
}

fn has_sums(db: &Connection) -> rusqlite::Result<bool> {
    let there: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1)",
        [SUMS],
        |row| row.get(0),
    )?;
    // Those of the version before were made of other columns.
    Ok(there && made_for(db)? == Some(migrations::version(db)?))
}

/// The version of the database that the sums were made for.
fn made_for(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut find = db.prepare("SELECT sum FROM sums WHERE name = ?1")?;
    let mut rows = find.query([MADE_FOR])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

/// CRC-32 of a row: of every value its type, its length and its bytes.
fn checksum<'a>(values: impl Iterator<Item = ValueRef<'a>>) -> i64 {
    let mut row = Vec::with_capacity(512);
    let mut take = |kind: u8, bytes: &[u8]| {
        row.push(kind);
        row.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        row.extend_from_slice(bytes);
    };
    for value in values {
        match value {
            ValueRef::Null => take(0, &[]),
            ValueRef::Integer(number) => take(1, &number.to_le_bytes()),
            ValueRef::Real(number) => take(2, &number.to_le_bytes()),
            ValueRef::Text(text) => take(3, text),
            ValueRef::Blob(bytes) => take(4, bytes),
        }
    }
    let mut crc = Crc::new();
    crc.update(&row);
    i64::from(crc.sum())
}
