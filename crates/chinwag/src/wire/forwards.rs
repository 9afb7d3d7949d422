//! Forwarded messages on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;
use crate::model::ids::{ChannelId, Number};

/// What a message carries of another one, as it was when it was forwarded. Its files are those of the message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Forwarded {
    /// Who wrote it.
    pub author: User,
    /// What they wrote; empty when it had only files.
    pub text: String,
    /// When the server stored the original.
    pub at: String,
}

impl From<&model::forwards::Forwarded> for Forwarded {
    fn from(forwarded: &model::forwards::Forwarded) -> Self {
        Self {
            author: (&forwarded.author).into(),
            text: forwarded.text.clone(),
            at: rfc3339(forwarded.at),
        }
    }
}

/// Which message is forwarded: one that whoever posts may read.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardSource {
    /// The id of its channel.
    pub channel: i64,
    /// Its number there.
    pub number: i64,
}

impl From<ForwardSource> for model::forwards::Source {
    fn from(source: ForwardSource) -> Self {
        Self { channel: ChannelId(source.channel), number: Number(source.number) }
    }
}
