//! The rows of each table: a file for each noun reads and writes them, for the files of the nouns.
//!
//! These functions work inside a transaction. Few of them note events; which, their docs say.

pub(super) mod activity;
pub(super) mod aside;
pub(super) mod channels;
pub(super) mod devices;
pub(crate) mod direct;
pub(super) mod follows;
pub(super) mod forwards;
pub(super) mod head;
pub(super) mod invites;
pub(super) mod joined;
pub(super) mod lines;
pub(super) mod log;
pub(super) mod look_alikes;
pub(super) mod members;
pub(super) mod mentions;
pub(super) mod messages;
pub(super) mod old_channel_names;
pub(super) mod old_names;
pub(super) mod people;
pub(super) mod pictures;
pub(super) mod pins;
pub(super) mod place;
pub(super) mod quotes;
pub(super) mod reactions;
pub(super) mod reports;
pub(super) mod revisions;
pub(super) mod run;
pub(super) mod saved;
pub(super) mod sessions;
pub(super) mod spent_keys;
pub(super) mod standing;
pub(super) mod threads;
pub(super) mod tokens;
pub(super) mod uploads;
pub(super) mod users;
pub(super) mod versions;
pub(super) mod waiting;

/// A number of rows as SQL takes it.
pub(super) fn sql_count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
