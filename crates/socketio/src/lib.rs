//! Engine.IO v4 and Socket.IO v5, server side, over a write-through hub.
//!
//! Reading order: [`Config`] and [`Handler`] are what a host writes; [`Server`] is what it starts
//! and hands HTTP requests to; [`Emitter`], [`Target`] and [`Frame`] are how it speaks to many.
//! Inside, `front` answers HTTP, `shard` owns the connections (one thread each, with its own poll
//! loop), `link` runs the host's code for each connection in order, and `wire` holds the formats.
//!
//! Nothing here knows what the events mean, who may send them or where they are kept.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod body;
mod command;
mod config;
mod emitter;
pub mod engine;
mod event;
mod frame;
mod front;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod handler;
mod hub;
mod id;
mod inbox;
mod link;
mod mailbox;
mod places;
mod reason;
mod refusal;
mod server;
mod sessions;
mod shard;
mod socketio;
mod stats;
mod stream;
mod target;
mod tasks;
mod upgraded;
mod upper;
mod wire;

pub use body::RequestBody;
pub use config::Config;
pub use emitter::Emitter;
pub use event::{Ack, Event};
pub use frame::Frame;
pub use handler::{Handler, Socket};
pub use id::SocketId;
pub use reason::{DisconnectMode, DisconnectReason};
pub use refusal::{ConnectError, Refusal};
pub use server::Server;
pub use socketio::acks::AckError;
pub use stats::Stats;
pub use target::Target;
pub use upgraded::{IntoTcp, tcp_stream};
