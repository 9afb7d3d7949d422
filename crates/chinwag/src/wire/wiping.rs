//! Removing what a person wrote, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::people;

/// How much somebody wrote that stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Written {
    /// Messages.
    pub messages: i64,
    /// The files in them.
    pub files: i64,
}

impl From<people::Written> for Written {
    fn from(written: people::Written) -> Self {
        Self { messages: written.messages, files: written.files }
    }
}

/// Whose data is removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataRemoval {
    /// The name that the person has now, so that nobody removes another's data by mistake.
    pub name: String,
}
