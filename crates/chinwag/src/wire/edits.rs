//! Changing messages, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::rfc3339;
use crate::model;

/// How a message is to be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessagePatch {
    /// The new text: 1–10,000 characters; may be empty when files stay.
    pub text: String,
    /// The ids of those of its files that stay; all of them when this is left out.
    pub attachments: Option<Vec<String>>,
    /// How often the message was edited as far as the client knows. If it was edited since, it stays as it
    /// is (`edited_meanwhile`). When this is left out, the edit counts whatever the message is now.
    pub edits: Option<i64>,
}

/// A form that a message had.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// Since when it had this form.
    pub at: String,
    /// Its text.
    pub text: String,
}

/// The earlier forms of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    /// The newest first; the newest 20.
    pub versions: Vec<Version>,
}

impl From<Vec<model::edits::Version>> for Versions {
    fn from(versions: Vec<model::edits::Version>) -> Self {
        let versions = versions
            .into_iter()
            .map(|model::edits::Version { at, text }| Version { at: rfc3339(at), text });
        Self { versions: versions.collect() }
    }
}
