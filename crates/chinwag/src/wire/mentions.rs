//! Mentions on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::mentions::{self, Called};

/// A mention in the text of a message. It counts in UTF-16 code units, as JavaScript does.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Mention {
    /// Where the `@` stands.
    pub start: usize,
    /// How long the `@` with the name is, as it was typed.
    pub length: usize,
    /// The id of the person; left out where everybody in the channel is meant. The name may have changed
    /// since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user: Option<i64>,
}

impl From<&mentions::Mention> for Mention {
    fn from(mention: &mentions::Mention) -> Self {
        let user = match mention.called {
            Called::Person(user) => Some(user.0),
            Called::Everybody => None,
        };
        Self { start: mention.start, length: mention.length, user }
    }
}
