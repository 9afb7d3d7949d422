//! Comparing the schema of a database with the one that its version has.
//!
//! Whoever made a database may have put triggers or views into it, which run when its tables are used. So
//! its schema is compared before anything else is read.

use std::collections::BTreeSet;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// A row of the schema: type, name, table and SQL; `None` where there is none, or no text.
type Object = [Option<String>; 4];

/// The most characters of a name that are told.
const MOST: usize = 64;

/// The tables that `ANALYZE` makes. They may be there or not.
const STATISTICS: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
];

/// The first object in which a database differs, such as `trigger x` or `index y is missing`; `None` if
/// both have the same schema.
pub(super) fn difference(
    db: &Connection,
    expected: &Connection,
) -> rusqlite::Result<Option<String>> {
    let mut expected: BTreeSet<Object> = objects(expected)?.into_iter().collect();
    for object in objects(db)? {
        if !expected.remove(&object) && !is_of_statistics(&object) {
            return Ok(Some(named(&object)));
        }
    }
    Ok(expected.first().map(|object| format!("{} is missing", named(object))))
}

fn objects(db: &Connection) -> rusqlite::Result<Vec<Object>> {
    // A database may have a view `sqlite_schema`, but none that is named `sqlite_master`: that is the
    // name of the table for SQLite itself.
    let mut find = db.prepare("SELECT type, name, tbl_name, sql FROM main.sqlite_master")?;
    let found = find.query_map([], |row| {
        Ok([
            text(row.get_ref(0)?),
            text(row.get_ref(1)?),
            text(row.get_ref(2)?),
            text(row.get_ref(3)?),
        ])
    })?;
    found.collect()
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

fn is_of_statistics([kind, name, table, sql]: &Object) -> bool {
    kind.as_deref() == Some("table")
        && name == table
        && STATISTICS
            .iter()
            .any(|(known, made)| name.as_deref() == Some(*known) && sql.as_deref() == Some(*made))
}

fn named([kind, name, ..]: &Object) -> String {
    let [kind, name] = [kind, name]
        .map(|text| text.as_deref().unwrap_or("?").chars().take(MOST).collect::<String>());
    format!("{kind} {name}")
}
