//! Signed-in browsers and bot tokens.

use super::ids::{SessionId, TokenId, UserId};
use super::time::Timestamp;

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// When she signed in.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub seen_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// The `User-Agent`, cut to 300 characters.
    pub user_agent: String,
    /// The address it was last used from.
    pub address: String,
}

/// A secret that lets a program act as its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub user: UserId,
    /// What its maker called it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub used_at: Option<Timestamp>,
}
