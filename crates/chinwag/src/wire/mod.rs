//! Every JSON shape that crosses the border: requests, answers, events. The published contract.
//!
//! One shape for each thing, one conversion each from the types of `model/`. Nothing here behaves;
//! the OpenAPI document and the web app's TypeScript types are generated from these.

pub mod channels;
pub mod events;
pub mod messages;
pub mod problem;
pub mod reports;
pub mod sessions;
pub mod state;
pub mod streams;
pub mod time;
pub mod uploads;
pub mod users;
