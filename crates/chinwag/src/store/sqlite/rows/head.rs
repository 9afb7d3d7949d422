//! Where a channel stands.

use rusqlite::Row;

use crate::model::ids::{Number, Revision};

/// Where a channel ends and where it begins.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    /// The newest revision.
    pub(crate) revision: Revision,
    /// The newest number.
    pub(crate) last_number: Number,
    /// Rows up to this number are not kept any more.
    pub(crate) floor: Number,
    /// The newest row that is a tombstone or a line.
    pub(crate) last_quiet: Number,
    /// The newest message that mentions anybody.
    pub(crate) last_mention: Number,
}

/// The columns of a channel `c` that [`read_head`] reads.
pub(crate) const HEAD: &str = "c.revision, c.last_number, c.floor, c.last_quiet, c.last_mention";
/// How many columns that is.
pub(crate) const HEAD_WIDTH: usize = 5;

/// Reads [`HEAD`], the first of it in column `at`.
pub(crate) fn read_head(row: &Row<'_>, at: usize) -> rusqlite::Result<Head> {
    Ok(Head {
        revision: Revision(row.get(at)?),
        last_number: Number(row.get(at + 1)?),
        floor: Number(row.get(at + 2)?),
        last_quiet: Number(row.get(at + 3)?),
        last_mention: Number(row.get(at + 4)?),
    })
}
