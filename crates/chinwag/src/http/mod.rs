//! HTTP: the REST interface, the plain pages, files and the web app itself.
//!
//! `router.rs` is the list of routes; a handler has the name of its use case. `front.rs` is what
//! every request passes: who is asking, from where, and whether that page may ask; `connections.rs`
//! and `bodies.rs` bound what all of them take. A handler decodes,
//! calls one use case, and encodes; nothing about the product is decided here.

mod accounts;
mod admission;
mod app;
mod arriving;
mod assets;
mod bodies;
mod channels;
mod client_address;
mod connections;
mod cookies;
mod devices;
mod docs;
mod document;
mod end_of_body;
mod etag;
mod extract;
mod files;
mod flash;
mod front;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod header_text;
mod health;
mod hosts;
mod language;
mod listener;
mod messages;
mod origin;
mod pages;
mod problem;
mod ranges;
mod reports;
mod resumable;
mod route_class;
mod router;
mod serve;
mod sessions;
mod shell;
mod site;
mod socket_io;
mod squeeze;
mod state;
mod streams;
mod tokens;
mod tus;
mod user_agent;
mod visitor;
mod watched;
mod web_app;

pub use app::SocketDoor;
pub use connections::ConnectionLimits;
pub use cookies::CookieNames;
pub use health::SocketPulse;
pub use listener::{Listener, SocketFile};
pub use router::{Doors, doors, open, openapi};
pub use serve::serve;
pub use site::Site;
pub use watched::into_tcp;
