//! Reports of clients on the wire.

use serde::Deserialize;
use utoipa::ToSchema;

/// The longest fingerprint, in bytes: a SHA-512 in hexadecimal; today's are SHA-256.
pub const MAX_FINGERPRINT: usize = 128;

/// What a client found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// Its copy of a channel differed from the server's; it has loaded the channel again.
    DigestMismatch {
        /// The id of the channel.
        channel: i64,
        /// The revision of both copies.
        revision: i64,
        /// The server's fingerprint; at most 128 bytes.
        expected: String,
        /// The client's own; at most 128 bytes.
        found: String,
    },
}
