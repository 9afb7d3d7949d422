//! Socket.IO: who may connect, what each namespace accepts, and what it hears.
//!
//! `connect.rs` decides who is admitted, `connection.rs` is what is known of each connection,
//! `classic.rs` handles the origin's events, `preview.rs` lets a connection hear a channel that its
//! person looks at, `presence.rs` takes what it says of its person, and `encode.rs` turns events into frames. Apart from answers to a client's own
//! event, everything that is sent to sockets comes from `live/`.

mod classic;
mod connect;
mod connection;
mod door;
mod encode;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod gate;
mod presence;
mod preview;

pub use encode::Encoder;
pub use gate::Gate;
pub use presence::tell_presences;
