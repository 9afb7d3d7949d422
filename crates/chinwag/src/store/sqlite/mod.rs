//! The store in one SQLite database.
//!
//! One server uses a data folder at a time. One thread writes (`writer`, with group commit), and a
//! few connections read (`readers`).
//!
//! There is a file for each noun. It implements the noun's trait of [`store`](super): a command is a
//! closure over a `Tx` that is sent to the writer, a read is one over a connection. `rows` reads and
//! writes the rows of each table for them. The types of the database stay in this folder.

mod activity;
mod backup;
mod callable;
mod calling;
mod changes;
mod channels;
mod check;
mod clearing;
mod connection;
mod deleting;
mod devices;
mod direct;
mod directory;
mod editing;
mod errors;
mod exports;
mod facts;
mod findings;
mod folder;
mod forgetting;
mod forwarding;
mod freeing;
mod guests;
mod hosting;
mod instance;
mod invites;
mod keeping;
mod lines;
mod logbook;
mod members;
mod messages;
mod migrations;
mod onlooker;
mod open_error;
mod opening;
mod order;
mod people;
mod places;
#[cfg(test)]
mod post_cost_tests;
mod posting;
#[cfg(test)]
mod prepared;
mod probe;
mod reacting;
mod readers;
mod reading;
mod remnants;
mod renewal;
mod rows;
mod schema;
mod searching;
mod sessions;
mod sign_in_links;
#[cfg(test)]
mod steps_tests;
mod store;
mod streams;
mod sums;
mod threading;
mod tokens;
mod tombstones;
mod transcripts;
mod uploads;
mod users;
mod waiting;
mod wal;
mod wiping;
mod writer;

pub use findings::{Finding, Report};
pub use folder::{DATABASE, FILES, begin_restoring, finish_restoring, is_restoring};
pub use logbook::WholeEntry;
pub use migrations::VERSION;
pub use onlooker::Onlooker;
pub use open_error::OpenError;
pub use opening::{SqliteConfig, SqliteStore};
pub use renewal::{Renewed, renew};
pub use searching::reindex;
