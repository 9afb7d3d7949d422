//! Why a connection or a socket ended, and how much of it a host ends.
//!
//! Each reason has the WebSocket close code that tells it to the client, and a text for logs.

use std::fmt;

/// Why a socket was disconnected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left the namespace.
    ClientLeft,
    /// The client closed the transport.
    TransportClosed,
    /// The transport broke.
    TransportError,
    /// A ping was not answered in time.
    PingTimeout,
    /// The queue of the connection was full: it reads more slowly than it is written to.
    SlowReader,
    /// The client broke the protocol.
    ParseError,
    /// A message was larger than allowed.
    TooLarge,
    /// More packets per second, attachments, namespaces or rooms than allowed.
    LimitExceeded,
    /// The connection joined no namespace in time.
    ConnectTimeout,
    /// The host emitted more at once than the server could pass on. Clients reconnect and catch up.
    Overrun,
    /// The server stops. Clients reconnect.
    Shutdown,
    /// The handler panicked while it held a packet of this connection.
    HandlerPanicked,
    /// The host ended it, for a reason of its own.
    Host(&'static str),
}

impl DisconnectReason {
    /// The WebSocket close code for this reason.
    pub(crate) fn close_code(self) -> u16 {
        match self {
            Self::ClientLeft | Self::TransportClosed | Self::Host(_) => 1000,
            Self::Shutdown => 1001,
            Self::ParseError | Self::TransportError => 1002,
            Self::TooLarge => 1009,
            Self::HandlerPanicked => 1011,
            Self::Overrun => 1013,
            Self::PingTimeout | Self::SlowReader | Self::LimitExceeded | Self::ConnectTimeout => {
                1008
            }
        }
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientLeft => "client left the namespace",
            Self::TransportClosed => "transport closed",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::SlowReader => "reads too slowly",
            Self::ParseError => "protocol error",
            Self::TooLarge => "message too large",
            Self::LimitExceeded => "limit exceeded",
            Self::ConnectTimeout => "no namespace joined in time",
            Self::Overrun => "server overrun",
            Self::Shutdown => "server stops",
            Self::HandlerPanicked => "internal error",
            Self::Host(why) => why,
        })
    }
}

/// How much [`Emitter::disconnect`](crate::Emitter::disconnect) ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisconnectMode {
    /// The socket leaves its namespace; its connection and other namespaces go on.
    Namespace,
    /// The whole connection, after what is queued for it.
    Connection,
}
