//! What goes over a socket, seen from the client: WebSocket frames, and the few Socket.IO packets
//! that the generator must tell apart.
//!
//! Parsing stops as early as it can. A delivered message is never decoded as JSON. Its channel,
//! revision and sequence are found by searching for the names before them, because the generator must
//! cost far less than the server that it measures.

pub(crate) mod frame;
pub(crate) mod packet;
