//! For tests of what a command or a read costs: the statements that it prepares.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// What was prepared: the tables, and how many statements beside updates (SQLite tells of these by column).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Prepared {
    pub(super) tables: BTreeSet<String>,
    pub(super) statements: usize,
}

/// Does some work with every statement prepared anew. Returns what came of it, and what was prepared.
pub(super) fn prepared<T>(
    db: &mut Connection,
    work: impl FnOnce(&Connection) -> T,
) -> (T, Prepared) {
    let prepared = Arc::new(Mutex::new(Prepared::default()));
    let seen = Arc::clone(&prepared);
    let look = move |context: AuthContext<'_>| {
        let mut seen = seen.lock().unwrap();
        match context.action {
            AuthAction::Read { table_name, .. } => {
                seen.tables.insert(table_name.to_owned());
            }
            AuthAction::Select => seen.statements += 1,
            AuthAction::Insert { table_name } | AuthAction::Delete { table_name } => {
                seen.statements += 1;
                seen.tables.insert(table_name.to_owned());
            }
            AuthAction::Update { table_name, .. } => {
                seen.tables.insert(table_name.to_owned());
            }
            _ => {}
        }
        Authorization::Allow
    };
    db.flush_prepared_statement_cache();
    db.authorizer(Some(look)).unwrap();
    let done = work(db);
    db.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).unwrap();
    (done, Arc::try_unwrap(prepared).unwrap().into_inner().unwrap())
}
