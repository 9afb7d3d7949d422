//! Signed-in browsers and bot tokens.

use std::fmt;

use super::ids::{DeviceId, SessionId, TokenId, UserId};
use super::reach::Reach;
use super::time::Timestamp;

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The person who is signed in.
    pub user: UserId,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// The `User-Agent`, cut to 300 characters.
    pub user_agent: String,
    /// The address it was last used from.
    pub address: String,
    /// The device that it is on, when the browser is remembered and known.
    pub device: Option<DeviceId>,
    /// Whether the computer belongs to somebody else: the browser is not remembered, and forgets
    /// the session when it closes.
    pub shared: bool,
}

/// Where a person is signed in, or can come back to without a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// What it is known by.
    pub id: DeviceKey,
    /// When they first signed in there.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub seen_at: Timestamp,
    /// The `User-Agent`, cut to 300 characters; empty when it is not known.
    pub user_agent: String,
    /// The address it was last used from; empty when it is not known.
    pub address: String,
    /// The sessions there that have not ended.
    pub sessions: Vec<SessionId>,
}

/// What a device is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKey {
    /// A browser that may come back under the name without its password.
    Kept(DeviceId),
    /// A session whose browser may not: on a computer of somebody else, or from before devices were
    /// known.
    Session(SessionId),
}

impl DeviceKey {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.split_at_checked(1)?;
        let number: i64 = number.parse().ok()?;
        match kind {
            "d" => Some(Self::Kept(DeviceId(number))),
            "s" => Some(Self::Session(SessionId(number))),
            _ => None,
        }
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept(id) => write!(f, "d{id}"),
            Self::Session(id) => write!(f, "s{id}"),
        }
    }
}

/// A secret that lets a program act as its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token's id.
    pub id: TokenId,
    /// The person who made it.
    pub user: UserId,
    /// The name that its maker gave it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub used_at: Option<Timestamp>,
    /// How far it reaches.
    pub reach: Reach,
}
