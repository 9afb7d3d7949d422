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
    /// The newest message of the run that mentions anybody.
    pub(crate) last_mention: Number,
    /// The newest row of the run.
    pub(crate) last_in_run: Number,
    /// How many rows are off the run, up to the newest number.
    pub(crate) off_count: i64,
    /// The same up to the floor.
    pub(crate) floor_off: i64,
}

/// The columns of a channel `c` that [`read_head`] reads.
pub(crate) const HEAD: &str = "c.revision, c.last_number, c.floor, c.last_quiet, c.last_mention,
                               c.last_in_run, c.off_count, c.floor_off";
/// How many columns that is.
pub(crate) const HEAD_WIDTH: usize = 8;

/// Reads [`HEAD`], the first of it in column `at`.
pub(crate) fn read_head(row: &Row<'_>, at: usize) -> rusqlite::Result<Head> {
    Ok(Head {
        revision: Revision(row.get(at)?),
        last_number: Number(row.get(at + 1)?),
        floor: Number(row.get(at + 2)?),
        last_quiet: Number(row.get(at + 3)?),
        last_mention: Number(row.get(at + 4)?),
        last_in_run: Number(row.get(at + 5)?),
        off_count: row.get(at + 6)?,
        floor_off: row.get(at + 7)?,
    })
}
