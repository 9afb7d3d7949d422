//! Who is connected, what each one hears, and the one way out.
//!
//! Whoever stored a change publishes it here; no handler emits to sockets. This room is told the
//! audience and never asks the store; it holds encoded frames and never looks into them. Changes of
//! a membership or the end of a session are applied before anything later is delivered, because
//! they go through the same ordered inbox as the frames.

mod heads;
mod hub;

pub use heads::HEADS_AFTER;
pub use hub::{
    APP, CLASSIC, CLASSIC_ALL, Encode, Frames, Live, channel_room, session_room, token_room,
    user_room,
};
