//! Which HTTP connections there are, what their answers hold in memory, and which of them end when
//! there is no room for another.
//!
//! Slots are counted in all and per address. When they are taken, the connections give way that
//! have waited longest for a request, for the rest of one, or for a client that reads; one whose
//! request is being answered never does. So clients that connect and do nothing, or ask and never
//! read, take nothing away from others, however many they are. A connection whose client takes
//! nothing for too long is closed in any case.

mod activity;
mod connection;
mod slots;
mod table;
#[cfg(test)]
mod tests;

pub(super) use connection::Connection;
pub use slots::ConnectionLimits;
pub(super) use slots::{Connections, NoSlot};
