//! The server from outside: real connections, raw bytes, real clients.
//!
//! `host` is a server with a small handler; `client` speaks HTTP and WebSocket without any help of
//! the crate under test; `suite` is shared with the example `conformance`. The other modules are the
//! tests, by theme.

mod client;
mod clients;
mod connecting;
mod engine_protocol;
mod fuzz;
mod host;
mod limits;
mod malformed;
mod rooms;
mod shutdown;
mod slow;
mod socket_protocol;
#[path = "../../examples/conformance/suite.rs"]
mod suite;
mod upgrade;
