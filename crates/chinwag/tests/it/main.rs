//! The stories of the product, told through its outer border: one test binary.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod app;
mod binary;
mod client;
mod socket;

mod accounts;
mod care;
mod channels;
mod classic;
mod cookies;
mod cross_site;
mod devices;
mod disk;
mod doors;
mod files;
mod first;
mod front;
mod hosts;
mod limits;
mod messages;
mod open_files;
mod pages;
mod promises;
mod reports;
mod resumable;
mod store_contract;
mod stuck;
mod tidy;
mod tokens;
