//! Socket.IO: who may connect, what each namespace says and hears.
//!
//! `connect.rs` decides who comes in, `classic.rs` is the origin's events, `preview.rs` what is heard
//! while it is looked at, `encode.rs` turns events into frames. Nothing is emitted from here that did not come from `live/`, but for answers to the
//! one who asked.

mod classic;
mod connect;
mod encode;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod preview;

pub use connect::Gate;
pub use encode::Encoder;
