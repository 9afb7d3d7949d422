//! Reports of clients on the wire.

use serde::Deserialize;
use utoipa::ToSchema;

/// The longest fingerprint, in bytes: a SHA-512 in hexadecimal; today's are SHA-256.
pub const MAX_FINGERPRINT: usize = 128;

/// What a client found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// Its copy of a channel was not what the server has; it has loaded the channel anew.
    DigestMismatch {
        /// Which channel.
        channel: i64,
        /// At which revision.
        revision: i64,
        /// The server's fingerprint; at most 128 bytes.
        expected: String,
        /// The client's own; at most 128 bytes.
        found: String,
    },
}
