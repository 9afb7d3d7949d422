//! HTTP: the REST interface, the plain pages, files and the web app itself.
//!
//! `router.rs` is the list of routes; a handler is named like its use case. It decodes the request,
//! calls one use case, and encodes the answer; nothing about the product is decided here. Every
//! request passes `front.rs`, which finds out who asks, from where, and whether that page may ask.
//! `connections/` and `bodies.rs` bound what all requests take together. `app.rs` is what the
//! handlers share.

mod accounts;
mod activity;
mod admission;
mod app;
mod archiving;
mod assets;
mod bodies;
mod callable;
mod channels;
mod client_address;
mod compression;
mod connections;
mod cookies;
mod devices;
mod direct;
mod directory;
mod docs;
mod document;
mod downloads;
mod edits;
mod end_of_body;
mod etag;
mod exports;
mod extract;
mod files;
mod flash;
mod front;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guests;
mod header_text;
mod health;
mod hosting;
mod hosts;
mod invites;
mod keeping;
mod language;
mod late;
mod listener;
mod messages;
mod order;
mod origin;
mod outgoing;
mod pages;
mod people;
mod place;
mod problem;
mod qr;
mod ranges;
mod reach;
mod reactions;
mod reports;
mod route_class;
mod router;
mod safe_names;
mod search;
mod sender;
mod serve;
mod sessions;
mod shell;
mod site;
mod socket_io;
mod state;
mod streams;
mod threads;
mod tokens;
mod transcripts;
mod uploads;
mod user_agent;
mod visitor;
mod watched;
mod web_app;
mod wiping;

pub use app::SocketDoor;
pub use connections::ConnectionLimits;
pub use cookies::CookieNames;
pub use exports::body as export_body;
pub use health::SocketPulse;
pub use listener::{Listener, SocketFile};
pub use router::{Doors, doors, open, openapi};
pub use serve::serve;
pub use site::Site;
pub use watched::into_tcp;
