//! Every JSON shape of the published interface: requests, answers and events.
//!
//! Each thing has one shape, and one conversion from the type of `model/`. There is no behaviour
//! here. The OpenAPI document and the web app's TypeScript types are generated from these shapes.

pub mod activity;
pub mod channels;
pub mod direct;
pub mod directory;
pub mod edits;
pub mod events;
pub mod exports;
pub mod forwards;
pub mod guests;
pub mod hosting;
pub mod invites;
pub mod keeping;
pub mod levels;
pub mod lines;
pub mod mentions;
pub mod messages;
pub(crate) mod object;
pub mod order;
pub mod people;
pub mod pins;
pub mod place;
pub mod presence;
pub mod problem;
pub mod profiles;
pub mod quotes;
pub mod reactions;
pub mod reports;
pub mod search;
pub mod sessions;
pub mod state;
pub mod streams;
pub mod thread_pages;
pub mod threads;
pub mod time;
pub mod transcripts;
pub mod uploads;
pub mod users;
pub mod wiping;
