//! Chinwag: a self-hosted chat room. This file lists the rooms; `run/` puts them together.
#![warn(missing_docs)]
#![cfg_attr(
    not(feature = "fuzzing"),
    warn(clippy::expect_used, clippy::panic, clippy::unreachable)
)]

pub mod chat;
pub mod clock;
pub mod config;
pub mod disk;
pub mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod http;
pub mod listen;
pub mod live;
pub mod logs;
pub mod maintenance;
pub mod model;
pub mod open_files;
pub mod secrets;
pub mod socket;
pub mod store;
pub mod wire;
pub mod words;

mod run;

pub use run::{FirstPath, StartError, operator, run, run_by};
