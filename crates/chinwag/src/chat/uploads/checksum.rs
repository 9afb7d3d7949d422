//! The checksum that a client announces for the bytes of one request.

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// What the bytes of one request are said to add up to, and what they add up to so far.
pub enum Checksum {
    /// SHA-1, which every client of the protocol has.
    Sha1 {
        /// The announced value, 20 bytes.
        expected: Vec<u8>,
        /// Over the bytes so far.
        found: Box<Sha1>,
    },
    /// SHA-256.
    Sha256 {
        /// The announced value, 32 bytes.
        expected: Vec<u8>,
        /// Over the bytes so far.
        found: Box<Sha256>,
    },
}

impl Checksum {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1 { found, .. } => found.update(bytes),
            Self::Sha256 { found, .. } => found.update(bytes),
        }
    }

    /// Whether the bytes add up to what was announced.
    pub(super) fn fits(self) -> bool {
        match self {
            Self::Sha1 { expected, found } => found.finalize().as_slice() == expected,
            Self::Sha256 { expected, found } => found.finalize().as_slice() == expected,
        }
    }
}
