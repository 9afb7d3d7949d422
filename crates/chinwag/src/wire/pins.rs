//! Pins on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::rfc3339;
use super::users::User;
use crate::model;

/// Who pinned a message, and when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pin {
    /// Who.
    pub by: User,
    /// When.
    pub at: String,
}

impl From<&model::keeping::Pin> for Pin {
    fn from(pin: &model::keeping::Pin) -> Self {
        Self { by: (&pin.by).into(), at: rfc3339(pin.at) }
    }
}
