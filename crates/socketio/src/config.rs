//! Every bound and interval of the server, with its default.
//!
//! A host changes what it needs: `Config { ping_interval: …, ..Config::default() }`. No other file of
//! the crate holds a number that an operator might want to change.

use std::time::Duration;

use crate::upgraded::{IntoTcp, tcp_stream};

/// The settings of a [`Server`](crate::Server). [`Config::default`] documents the defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Time from a pong to the next ping. Default 25 s, as the reference server.
    pub ping_interval: Duration,
    /// Time within which a ping must be answered. Default 20 s.
    pub ping_timeout: Duration,
    /// Time within which a connection must be in a namespace, or is closed. Default 45 s.
    pub connect_timeout: Duration,
    /// Time from the start of an upgrade to its end. Default 10 s.
    pub upgrade_timeout: Duration,
    /// Time the host may take to answer [`Handler::handshake`](crate::Handler::handshake), and the
    /// transport to be handed over after it. Default 10 s.
    pub handshake_timeout: Duration,
    /// Time a closed connection may take to accept what is still queued for it. Default 2 s.
    pub linger: Duration,
    /// Bytes of one message, of one polling body, and of the attachments of one packet together.
    /// Told to the client as `maxPayload`. Default 1,000,000.
    pub max_payload_bytes: usize,
    /// The same for a connection that is in no namespace yet. It has no reason to send much.
    /// Default 8 KiB.
    pub max_unjoined_payload_bytes: usize,
    /// Bytes of an event's name and of a namespace. Default 256.
    pub event_name_bytes: usize,
    /// Attachments of one binary packet. Default 64.
    pub max_attachments: usize,
    /// Bytes that may wait for one connection. A frame that does not fit closes it. Default 256 KiB.
    pub queue_bytes: usize,
    /// Bytes the kernel may hold for one connection (`SO_SNDBUF`). Default 64 KiB.
    pub send_buffer_bytes: usize,
    /// Bytes of unfinished messages that the connections of one shard may hold together; the
    /// connection that asks for one more is closed. Default 64 MiB.
    pub partial_bytes: usize,
    /// Commands that may wait for one shard. When one more comes, the shard closes all its
    /// connections; their clients reconnect and catch up. Default 262,144.
    pub inbox_commands: usize,
    /// Bytes of frames that may wait in those commands, with the same consequence. Default 64 MiB.
    pub inbox_bytes: usize,
    /// Threads that own connections. Default 1, at most 255.
    pub shards: usize,
    /// Connections in all. Default 100,000.
    pub max_connections: usize,
    /// Connections from one address; 0 is no limit (behind a proxy that hides the address).
    /// Default 0.
    pub max_connections_per_address: usize,
    /// Connections that use long-polling at one time. Default 10,000.
    pub max_polling_sessions: usize,
    /// Packets a connection may send per second in the long run; 0 is no limit. Default 0.
    pub packets_per_second: u32,
    /// Packets a connection may send at once before that rate counts. Default 100.
    pub packets_burst: u32,
    /// Bytes of packets a connection may send per second in the long run, over either transport; 0 is
    /// no limit. Default 0.
    pub bytes_per_second: u32,
    /// Bytes of packets a connection may send at once before that rate counts. It is at least
    /// `max_payload_bytes`, so that every message that is allowed can be sent. Default 1 MiB.
    pub bytes_burst: u32,
    /// Packets of one connection that may wait for the handler; when it is full, the connection is
    /// not read until half of it is done. Default 32.
    pub mailbox: usize,
    /// The longest pause between two passes over the connections under load. Default 18 ms;
    /// zero never pauses.
    pub max_gap: Duration,
    /// Namespaces one connection may be in. Default 8.
    pub max_namespaces_per_connection: usize,
    /// Rooms one socket may be in; one more closes its connection. Default 4,096.
    pub max_rooms_per_socket: usize,
    /// Acknowledgements of one connection the server may wait for. Default 256.
    pub max_pending_acks: usize,
    /// Takes the TCP stream out of an upgraded connection, with the bytes that were read already.
    /// A host that wraps its streams in a type of its own before it serves them sets this.
    /// Default [`tcp_stream`].
    pub into_tcp: IntoTcp,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(45),
            upgrade_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            linger: Duration::from_secs(2),
            max_payload_bytes: 1_000_000,
            max_unjoined_payload_bytes: 8 * 1024,
            event_name_bytes: 256,
            max_attachments: 64,
            queue_bytes: 256 * 1024,
            send_buffer_bytes: 64 * 1024,
            partial_bytes: 64 * 1024 * 1024,
            inbox_commands: 1 << 18,
            inbox_bytes: 64 * 1024 * 1024,
            shards: 1,
            max_connections: 100_000,
            max_connections_per_address: 0,
            max_polling_sessions: 10_000,
            packets_per_second: 0,
            packets_burst: 100,
            bytes_per_second: 0,
            bytes_burst: 1 << 20,
            mailbox: 32,
            max_gap: Duration::from_millis(18),
            max_namespaces_per_connection: 8,
            max_rooms_per_socket: 4_096,
            max_pending_acks: 256,
            into_tcp: tcp_stream,
        }
    }
}
