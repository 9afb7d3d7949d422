//! Direct conversations on the wire; what is known of one is a channel.

use serde::Deserialize;
use utoipa::ToSchema;

/// With whom to open a direct conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectDraft {
    /// The ids of the others, at most seven; with none, notes to oneself.
    pub people: Vec<i64>,
}
