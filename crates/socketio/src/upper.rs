//! What stands above a shard: the [`Upper`] of a connection takes what its client says.

use std::sync::Arc;

use crate::DisconnectReason;
use crate::id::{Address, SocketId};

/// What a client said: one Engine.IO message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Incoming<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
}

/// Whether the shard may go on reading from a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Go,
    /// The message was taken, but no other is until `Command::Resume`.
    Full,
}

/// Takes what a connection says. Its methods are called on the shard's thread and must be quick.
pub(crate) trait Upper: Send + Sync {
    /// The shard has taken the connection in, under this address.
    fn opened(&self, at: Address);
    /// The client sent a message. An error closes the connection.
    fn message(self: Arc<Self>, message: Incoming<'_>) -> Result<Flow, DisconnectReason>;
    /// The shard ended one socket of the connection.
    fn kicked(self: Arc<Self>, id: SocketId, reason: DisconnectReason);
    /// The connection does not use polling any more.
    fn upgraded(&self);
    /// The connection is over; no message follows.
    fn closed(self: Arc<Self>, reason: DisconnectReason);
    /// The shard has let go of the connection.
    fn gone(&self);
}
