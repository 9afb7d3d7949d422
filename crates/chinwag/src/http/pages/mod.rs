//! The pages of the origin, at the addresses of the origin: plain HTML with plain forms.
//!
//! They work without script. Where script runs, the web app starts from the state that the same
//! page carries, and replaces it. A channel's page is drawn as the app draws it (`first.rs`), so
//! that its messages show before the app is there. `base.rs` is what all pages have in common,
//! `address.rs` knows their addresses.

pub(super) mod channel;
pub(super) mod channels;
mod composer;
pub(super) mod deleting;
pub(super) mod direct;
pub(super) mod door;
pub(super) mod fault;
pub(super) mod guests;
pub(super) mod home;
pub(super) mod members;
pub(super) mod people;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod sign_out;

pub(super) mod activity;
pub(super) mod address;
mod at;
mod base;
mod first;
pub(super) mod marked;
mod members_view;
mod names;
pub(super) mod posting;
mod quotes;
mod rows;
mod thread;
pub(super) mod threads;
mod views;
