//! The formats: WebSocket frames, Engine.IO packets and payloads, Socket.IO packets.
//!
//! Pure functions from bytes to values and back, without connections or clocks; limits are
//! arguments. Whatever the bytes are, the answer is a value or a typed error.

pub(crate) mod handshake;
pub(crate) mod packet;
pub(crate) mod payload;
pub(crate) mod websocket;
