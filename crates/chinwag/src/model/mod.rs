//! What messages, channels, names and events are, and the rules that need nothing but values.
//!
//! The lowest room: it imports no other room, and has no clock, no SQL, no JSON and no `async`. A
//! checked type has a private field and only `parse` makes it, so that a function that takes one
//! need not check again.

pub mod actions;
pub mod activity;
pub mod addresses;
pub mod calls;
pub mod channels;
pub mod characters;
pub mod direct;
pub mod directory;
pub mod edits;
pub mod events;
pub mod folding;
pub mod forwards;
pub mod hex;
pub mod ids;
pub mod instance;
pub mod invites;
pub mod keeping;
pub mod levels;
pub mod lines;
pub mod log;
pub mod look_alikes;
pub mod markup;
pub mod mentions;
pub mod messages;
pub mod names;
pub mod order;
pub mod people;
pub mod permissions;
pub mod permissions_document;
pub mod place;
pub mod presence;
pub mod profiles;
pub mod quotes;
pub mod reach;
pub mod reactions;
pub mod readings;
pub mod refusal;
pub mod roles;
pub mod saved_page;
pub mod search;
pub mod sessions;
pub mod steps;
pub mod streams;
pub mod text;
pub mod thread_pages;
pub mod threads;
pub mod time;
pub mod uploads;
pub mod users;
