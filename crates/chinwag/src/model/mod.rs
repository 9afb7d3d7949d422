//! What a message, a channel, a name and an event are, and the rules that need nothing but values.
//!
//! The bottom room of the house: it imports nothing of ours, and knows no clock, no SQL, no JSON
//! and no `async`. Every checked type has a private field and `parse` as its only way in, so that
//! a function which takes one need not check again.

pub mod addresses;
pub mod channels;
mod characters;
pub mod events;
pub mod hex;
pub mod ids;
pub mod instance;
pub mod look_alikes;
pub mod markup;
pub mod messages;
pub mod names;
pub mod refusal;
pub mod sessions;
pub mod streams;
pub mod text;
pub mod time;
pub mod uploads;
pub mod users;
