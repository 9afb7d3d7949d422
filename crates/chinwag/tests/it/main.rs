//! The stories of the product, told from outside, in one test binary.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod app;
mod binary;
mod client;
mod process;
mod socket;

mod accounts;
mod addresses;
mod channels;
mod circles;
mod classic;
mod clocks;
mod cookies;
mod cross_site;
mod devices;
mod direct;
mod directory;
mod disk;
mod doors;
mod dying;
mod files;
mod first;
mod front;
mod hang_ups;
mod health;
mod hosting;
mod hosts;
mod in_charge;
mod limits;
mod listening;
mod maintenance;
mod markup;
mod messages;
mod meters;
mod open_files;
mod order;
mod pages;
mod people;
mod picture_files;
mod pictures;
mod polling;
mod preview;
mod promises;
mod renaming;
mod reports;
mod secrecy;
mod store_contract;
mod streams;
mod stuck;
mod stuck_http;
mod tidy;
mod tokens;
mod uploads;
mod ways_in;
