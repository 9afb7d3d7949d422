//! The tables whose rows are summed: their columns, the triggers that see their changes, and the sums
//! of the rows as they are now.

use std::collections::HashMap;

use flate2::Crc;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::rows::{Part, SUMS};
use crate::model::ids::ChannelId;
use crate::store::sqlite::findings::Finding;

/// The one table with more than one sum.
const MESSAGES: &str = "messages";
/// Columns that every post changes, by table. They are not summed: that would double the cost of a
/// post.
const UNSUMMED: [(&str, &[&str]); 4] = [
    ("channels", &["revision", "last_number", "last_in_run", "off_count", "member_count"]),
    ("members", &["read_number", "read_step", "own_revision", "own_above", "read_off"]),
    ("users", &["own_revision"]),
    ("place", &["revision", "last_turn"]),
];
/// The run of a message is its number shifted right by this: 1,024 numbers share a sum.
const RUN: u32 = 10;

/// A table whose rows are summed.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<String>,
    /// Those of its columns that hold texts or bytes.
    told: Vec<String>,
}

impl Table {
    /// The names of the columns of `of` (`""`, `"new."` or `"old."`), as SQL.
    fn list(&self, of: &str) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|column| format!("{of}\"{column}\"")).collect();
        columns.join(", ")
    }

    /// The [`Part`] that a row of `of` belongs to, as SQL.
    fn part(&self, of: &str) -> String {
        if self.name == MESSAGES {
            format!("{of}channel_id, {of}number >> {RUN}")
        } else {
            "0, 0".to_owned()
        }
    }

    /// The temporary triggers that call `went` for a text or bytes that were deleted or replaced, as SQL.
    fn triggers_of_deletions(&self) -> String {
        if self.told.is_empty() {
            return String::new();
        }
        let name = &self.name;
        let quoted: Vec<String> = self.told.iter().map(|column| format!("\"{column}\"")).collect();
        let other: Vec<String> =
            quoted.iter().map(|column| format!("old.{column} IS NOT new.{column}")).collect();
        format!(
            "CREATE TEMP TRIGGER \"went_{name}\" AFTER DELETE ON main.\"{name}\"
             BEGIN SELECT went(); END;
             CREATE TEMP TRIGGER \"replaced_{name}\" AFTER UPDATE OF {} ON main.\"{name}\"
             WHEN {} BEGIN SELECT went(); END;",
            quoted.join(", "),
            other.join(" OR "),
        )
    }

    /// The temporary triggers that call `row_sum` for every change of a row, as SQL, and `went`. `at` is the place
    /// of the table in the list of all.
    pub(super) fn triggers(&self, at: usize) -> String {
        let name = &self.name;
        let note = |sign: i64, of: &str| {
            format!("SELECT row_sum({sign}, {at}, {}, {});", self.part(of), self.list(of))
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
            self.triggers_of_deletions(),
        ]
        .concat()
    }

    /// The sums of the rows as they are now.
    pub(super) fn add_up(&self, db: &Connection) -> rusqlite::Result<HashMap<Part, i64>> {
        let (part, columns) = (self.part(""), self.list(""));
        let mut find = db.prepare(&format!("SELECT {part}, {columns} FROM \"{}\"", self.name))?;
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

    /// The finding that says that the sum of a part is wrong.
    pub(super) fn finding(&self, (owner, run): Part) -> Finding {
        if self.name == MESSAGES {
            let first = run.saturating_mul(1 << RUN);
            let last = first.saturating_add((1 << RUN) - 1);
            Finding::Messages { channel: ChannelId(owner), first: first.max(1), last }
        } else {
            Finding::Table(self.name.clone())
        }
    }
}

/// Every table of the database but `sums`, and but those in which an index of words is kept: SQLite's own check
/// compares these.
pub(super) fn tables(db: &Connection) -> rusqlite::Result<Vec<Table>> {
    let mut find = db.prepare(
        "SELECT s.name, c.name, c.type FROM main.sqlite_schema s JOIN pragma_table_info(s.name) c
         WHERE s.type = 'table' AND s.sql LIKE 'CREATE TABLE%' AND s.name NOT LIKE 'sqlite\\_%'
               ESCAPE '\\' AND s.name <> ?1 AND s.name NOT LIKE 'search\\_index\\_%' ESCAPE '\\'
         ORDER BY s.name, c.cid",
    )?;
    let mut rows = find.query([SUMS])?;
    let mut tables: Vec<Table> = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, column) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        let is_unsummed = |(table, columns): &(&str, &[&str])| {
            *table == name && columns.contains(&column.as_str())
        };
        if UNSUMMED.iter().any(is_unsummed) {
            continue;
        }
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table { name, columns: Vec::new(), told: Vec::new() });
        }
        if let Some(table) = tables.last_mut() {
            if matches!(row.get::<_, String>(2)?.as_str(), "TEXT" | "BLOB") {
                table.told.push(column.clone());
            }
            table.columns.push(column);
        }
    }
    Ok(tables)
}

/// CRC-32 of a row: of the type, the length and the bytes of every value.
pub(super) fn checksum<'a>(values: impl Iterator<Item = ValueRef<'a>>) -> i64 {
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
