//! The stories of the product, told through its outer border: one test binary.

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
mod store_contract;
mod tidy;
mod tokens;
