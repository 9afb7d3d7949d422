//! Reactions on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::users::User;
use crate::model;

/// An emoji that people put to a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many people.
    pub count: i64,
    /// Whether the reader is one of them.
    pub mine: bool,
}

impl From<&model::reactions::Reaction> for Reaction {
    fn from(reaction: &model::reactions::Reaction) -> Self {
        let model::reactions::Reaction { emoji, count, mine } = reaction;
        Self { emoji: emoji.clone(), count: *count, mine: *mine }
    }
}

/// Those who put an emoji to a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reactors {
    /// In the order in which they came; the first 100.
    pub people: Vec<User>,
    /// How many there are.
    pub total: i64,
}

impl From<&model::reactions::Reactors> for Reactors {
    fn from(reactors: &model::reactions::Reactors) -> Self {
        let people = reactors.people.iter().map(User::from).collect();
        Self { people, total: reactors.total }
    }
}
