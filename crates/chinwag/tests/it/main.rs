//! The stories of the product, told through its outer border: one test binary.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod app;
mod client;
mod socket;

mod accounts;
mod channels;
mod classic;
mod doors;
mod files;
mod front;
mod messages;
mod pages;
mod promises;
mod reports;
mod resumable;
mod store_contract;
mod tidy;
mod tokens;
