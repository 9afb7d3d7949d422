//! HTTP: the REST interface, the plain pages, files and the web app itself.
//!
//! `router.rs` is the list of routes; a handler has the name of its use case. `front.rs` is what
//! every request passes: who is asking, from where, and whether that page may ask; `connections.rs`
//! and `bodies.rs` bound what all of them take. A handler decodes,
//! calls one use case, and encodes; nothing about the product is decided here.

mod accounts;
mod admission;
mod assets;
mod bodies;
mod channels;
mod connections;
mod cookies;
mod devices;
mod docs;
mod document;
mod extract;
mod files;
mod flash;
mod front;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod health;
mod hosts;
mod listener;
mod messages;
mod origin;
mod pages;
mod problem;
mod ranges;
mod reports;
mod router;
mod serve;
mod sessions;
mod shell;
mod squeeze;
mod state;
mod streams;
mod tokens;
mod uploads;
mod user_agent;
mod watched;

pub use connections::ConnectionLimits;
pub use cookies::CookieNames;
pub use front::SocketDoor;
pub use health::SocketPulse;
pub use listener::{Listener, SocketFile};
pub use router::{App, Doors, Site, doors, open, openapi};
pub use serve::serve;
pub use watched::into_tcp;
