//! What goes over a socket, seen from the client: WebSocket frames and the few Socket.IO
//! packets that the generator must tell apart.
//!
//! Parsing stops as early as it can. A delivered message is never decoded as JSON: its
//! channel, revision and sequence are found by searching for their marks, because the
//! generator must cost far less than the server it measures.

pub(crate) mod frame;
pub(crate) mod packet;
