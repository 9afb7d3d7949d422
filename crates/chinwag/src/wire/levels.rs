//! How much of a channel somebody wants to be told of, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model;

/// How much of a channel its member wants to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Everything that is written there.
    All,
    /// What calls them.
    Mentions,
    /// Nothing. What is unread does not show in the list; mentions still count there.
    Nothing,
}

impl From<model::levels::Level> for Level {
    fn from(level: model::levels::Level) -> Self {
        match level {
            model::levels::Level::All => Self::All,
            model::levels::Level::Mentions => Self::Mentions,
            model::levels::Level::Nothing => Self::Nothing,
        }
    }
}

impl From<Level> for model::levels::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::All => Self::All,
            Level::Mentions => Self::Mentions,
            Level::Nothing => Self::Nothing,
        }
    }
}

/// A choice of what to be told of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelChoice {
    /// The level.
    pub level: Level,
}
