//! Identifiers. Each is a type of its own, so that a channel's id is never taken for a person's.

use std::fmt;

use super::hex::hex;

macro_rules! integer_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

integer_id! {
    /// A person.
    UserId
}
integer_id! {
    /// A channel.
    ChannelId
}
integer_id! {
    /// One signed-in browser.
    SessionId
}
integer_id! {
    /// A browser that may come back under a name without its password.
    DeviceId
}
integer_id! {
    /// One bot token.
    TokenId
}
integer_id! {
    /// A message's position in its channel: 1, 2, 3 … in order of posting, without gaps.
    Number
}
integer_id! {
    /// A stream's count of its changes (see `streams`). Every change takes the next one, without
    /// gaps.
    Revision
}

impl Revision {
    /// The revision before this one: what a client has that misses only this change.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }
}

/// The key that a client made for one send (a UUID, RFC 9562). Unique per author, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKey(pub [u8; 16]);

impl MessageKey {
    /// Reads the hyphenated or plain form of a UUID of any version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        uuid::Uuid::try_parse(text).ok().map(|uuid| Self(uuid.into_bytes()))
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
    }
}

/// An uploaded file: 128 random bits, so that nobody can guess it, written as 32 hexadecimal
/// digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadId(pub [u8; 16]);

impl UploadId {
    /// Reads the 32 hexadecimal digits that `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|bits| Self(bits.to_be_bytes()))
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// A person's picture: 128 random bits, written as 32 hexadecimal digits. Another picture has another id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PictureId(pub [u8; 16]);

impl PictureId {
    /// Reads the 32 hexadecimal digits that `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        UploadId::parse(text).map(|id| Self(id.0))
    }
}

impl fmt::Display for PictureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// SHA-256 of a secret (session token, bot token, device key). Only this is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}
