//! Quotes on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;

/// What a message says of the message that it quotes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Quote {
    /// The number of the original, in the same channel.
    pub number: i64,
    /// The original as it is now; left out when it is not kept any more, because the channel was cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original: Option<Original>,
}

/// The message that another one quotes, as far as a quote shows it. A change of it is told by its own event
/// alone: whoever holds quotes of it changes them too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Original {
    /// How often it was edited; 0 when deleted. Of two forms, one that is deleted or was edited more often is
    /// the later one.
    pub edits: i64,
    /// Who wrote it.
    pub author: User,
    /// The first 200 characters (Unicode scalar values) of its text; empty when deleted.
    pub beginning: String,
    /// The name of its first file, when it has files and no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file: Option<String>,
    /// When the server stored it.
    pub created_at: String,
    /// When it was deleted; left out when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deleted_at: Option<String>,
    /// Whether a host or moderator deleted it, and not its author; left out when not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub removed: bool,
}

impl From<&model::quotes::Quote> for Quote {
    fn from(quote: &model::quotes::Quote) -> Self {
        Self { number: quote.number.0, original: quote.original.as_ref().map(Original::from) }
    }
}

impl From<&model::quotes::Original> for Original {
    fn from(original: &model::quotes::Original) -> Self {
        Self {
            edits: original.edits,
            author: (&original.author).into(),
            beginning: original.beginning.clone(),
            file: original.file.clone(),
            created_at: rfc3339(original.created_at),
            deleted_at: original.deleted_at.map(rfc3339),
            removed: original.removed,
        }
    }
}
