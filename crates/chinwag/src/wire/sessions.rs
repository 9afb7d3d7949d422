//! Signing in, sessions and bot tokens on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use crate::model;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The display name, 1–32 characters.
    pub name: String,
    /// Its password, when it has one and this browser is not known.
    pub password: Option<String>,
    /// Whether the computer is not theirs: the browser is not kept, and forgets them when it closes.
    #[serde(default)]
    pub shared: bool,
}

/// One signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Which.
    pub id: i64,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Such as `Firefox on Linux`.
    pub browser: String,
    /// Where it was last used from.
    pub address: String,
    /// When she signed in.
    pub created_at: String,
    /// When it was last used, to about a minute.
    pub seen_at: String,
}

/// All signed-in browsers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// Newest use first.
    pub sessions: Vec<Session>,
}

impl Session {
    /// The session as its owner sees it; `browser` is made of the `User-Agent` at the edge.
    #[must_use]
    pub fn new(session: &model::sessions::Session, current: bool, browser: String) -> Self {
        Self {
            id: session.id.0,
            current,
            browser,
            address: session.address.clone(),
            created_at: rfc3339(session.created_at),
            seen_at: rfc3339(session.seen_at),
        }
    }
}

/// Where a person is signed in, or gets back in without a password.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    /// Which.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Such as `Firefox on Linux`.
    pub browser: String,
    /// Where it was last used from; empty when that is not known.
    pub address: String,
    /// When they first signed in there.
    pub created_at: String,
    /// When it was last used, to about a minute.
    pub seen_at: String,
    /// Whether they are signed in there now.
    pub signed_in: bool,
    /// Whether it gets back in without a password after logging out, as long as the name has none.
    pub kept: bool,
}

/// All devices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Devices {
    /// Newest use first; at most 200.
    pub devices: Vec<Device>,
}

impl Device {
    /// The device as its owner sees it; `browser` is made of the `User-Agent` at the edge.
    #[must_use]
    pub fn new(device: &model::sessions::Device, current: bool, browser: String) -> Self {
        Self {
            id: device.id.to_string(),
            current,
            browser,
            address: device.address.clone(),
            created_at: rfc3339(device.created_at),
            seen_at: rfc3339(device.seen_at),
            signed_in: !device.sessions.is_empty(),
            kept: matches!(device.id, model::sessions::DeviceKey::Kept(_)),
        }
    }
}

/// A bot token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Which.
    pub id: i64,
    /// What its maker called it.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to about a minute.
    #[schema(required)]
    pub used_at: Option<String>,
}

impl From<&model::sessions::Token> for Token {
    fn from(token: &model::sessions::Token) -> Self {
        Self {
            id: token.id.0,
            name: token.name.clone(),
            created_at: rfc3339(token.created_at),
            used_at: token.used_at.map(rfc3339),
        }
    }
}

/// All bot tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// Oldest first.
    pub tokens: Vec<Token>,
}

/// A bot token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenDraft {
    /// What to call it, 1–64 characters.
    pub name: String,
}

/// A bot token with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewToken {
    /// Which.
    pub id: i64,
    /// What its maker called it.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used: never yet.
    #[schema(required)]
    pub used_at: Option<String>,
    /// The secret, for `Authorization: Bearer`.
    pub token: String,
}
