//! Who is connected, what each connection hears, and the one way out.
//!
//! Every stored change is published here, and so is who is here and who is typing; no handler sends
//! anything to sockets. This room is told
//! the audience and never asks the store; it holds encoded frames and never looks into them. The
//! end of a membership or of a session is in force before any later event is delivered, because it
//! goes through the same ordered inbox as the frames.

mod encode;
mod heads;
mod presence;
mod publish;
mod rooms;

pub use encode::{Encode, Frames};
pub use heads::HEADS_AFTER;
pub use presence::{LOOK_EVERY, Open, Presences, Seat};
pub use publish::Live;
pub use rooms::{
    APP, CLASSIC, CLASSIC_ALL, DOOR, MEMBERS, ORDER, channel_room, kept_out_room, narrow_room,
    narrow_room_in, preview_room, session_room, token_room, user_room, waiting_room,
};
