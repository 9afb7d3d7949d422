//! Signing in, sessions and bot tokens on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use crate::model;
use crate::model::ids::ChannelId;
use crate::model::reach::Reach;

/// Somebody who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The display name, 1–32 characters.
    pub name: String,
    /// Its password, when it has one and this browser is not known.
    pub password: Option<String>,
    /// Whether the computer is not the person's own: the session then ends with the browser, and
    /// the browser does not keep the name.
    #[serde(default)]
    pub shared: bool,
    /// The code of an invite: what stands behind `/join/` in its address.
    pub invite: Option<String>,
    /// What somebody says who has to wait at the door; at most 200 characters are kept.
    #[serde(default)]
    pub says: String,
}

/// One signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// Whether it is the one that sent this request.
    pub current: bool,
    /// The browser, such as `Firefox on Linux`.
    pub browser: String,
    /// The address that it was last used from.
    pub address: String,
    /// When the person signed in.
    pub created_at: String,
    /// When it was last used, to about a minute.
    pub seen_at: String,
}

/// All signed-in browsers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// Most recently used first.
    pub sessions: Vec<Session>,
}

impl Session {
    /// The session as its owner sees it; `browser` describes its `User-Agent`.
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

/// A browser in which a person is signed in, or can sign in without a password.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// Whether it is the one that sent this request.
    pub current: bool,
    /// The browser, such as `Firefox on Linux`.
    pub browser: String,
    /// The address that it was last used from; empty when that is not known.
    pub address: String,
    /// When the person first signed in there.
    pub created_at: String,
    /// When it was last used, to about a minute.
    pub seen_at: String,
    /// Whether the person is signed in there now.
    pub signed_in: bool,
    /// Whether the person can sign in there by the name alone after logging out, as long as the
    /// name has no password.
    pub kept: bool,
}

/// All devices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Devices {
    /// Most recently used first; at most 200.
    pub devices: Vec<Device>,
}

impl Device {
    /// The device as its owner sees it; `browser` describes its `User-Agent`.
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
    /// Its id.
    pub id: i64,
    /// The name that its maker gave it.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to about a minute.
    #[schema(required)]
    pub used_at: Option<String>,
    /// The ids of the only channels that it knows of; `null` when it has no such limit.
    #[schema(required)]
    pub channels: Option<Vec<i64>>,
    /// Whether it only reads.
    pub reads_only: bool,
}

impl From<&model::sessions::Token> for Token {
    fn from(token: &model::sessions::Token) -> Self {
        Self {
            id: token.id.0,
            name: token.name.clone(),
            created_at: rfc3339(token.created_at),
            used_at: token.used_at.map(rfc3339),
            channels: token.reach.channels.as_ref().map(|ids| ids.iter().map(|id| id.0).collect()),
            reads_only: token.reach.reads_only,
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
    /// Its name, 1–64 characters.
    pub name: String,
    /// The ids of the only channels that it may know of, 1–20; all that its maker sees when it is left
    /// out. A token with this limit knows no directory and no people but those in its channels.
    #[serde(default)]
    pub channels: Option<Vec<i64>>,
    /// Whether it only reads.
    #[serde(default)]
    pub reads_only: bool,
}

impl TokenDraft {
    /// How far the token is to reach.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let ids = |ids: &Vec<i64>| ids.iter().copied().map(ChannelId).collect();
        Reach { channels: self.channels.as_ref().map(ids), reads_only: self.reads_only }
    }
}

/// A bot token with its secret, which is shown only in this answer.
#[derive(Serialize, ToSchema)]
pub struct NewToken {
    /// Its id.
    pub id: i64,
    /// The name that its maker gave it.
    pub name: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used: always `null`.
    #[schema(required)]
    pub used_at: Option<String>,
    /// The ids of the only channels that it knows of; `null` when it has no such limit.
    #[schema(required)]
    pub channels: Option<Vec<i64>>,
    /// Whether it only reads.
    pub reads_only: bool,
    /// The secret, for `Authorization: Bearer`.
    pub token: String,
}
