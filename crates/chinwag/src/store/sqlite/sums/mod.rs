//! Checksums of all rows, kept as sums, so that a check finds a byte that flipped on the disk.
//!
//! SQLite keeps no checksums of its pages. Here every row has a checksum, and the table `sums` keeps
//! the sum of them for each table (for messages: for each 1,024 numbers of a channel). A change adds
//! the checksum of the new row and subtracts that of the old one. So a post costs a few checksums of
//! short rows and never looks at other rows; a transaction writes each sum that it changed once. A
//! check adds up all rows and compares.
//!
//! Temporary triggers of the writing connection see the changes. They are not in the file, so a
//! command need not think of them, and any tool can open the database. A row's checksum is a CRC-32:
//! it detects every change within 32 bits, and misses one of four thousand million others.
//!
//! Not covered: the columns that every post changes (a check compares most of them with other rows),
//! the indexes (SQLite's own check compares them with their tables), the schema, and free pages. If
//! another program wrote to the database, the next check reports it. Whoever does that on purpose
//! empties the table `sums`; the next start adds up all rows again.

mod compare;
mod keep;
mod rows;
mod table;

pub(super) use compare::{changed, changed_in};
pub(super) use keep::Sums;
