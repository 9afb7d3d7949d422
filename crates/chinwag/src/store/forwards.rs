//! What is to be known of a message before it is forwarded.

use async_trait::async_trait;

use super::Result;
use crate::model::forwards::{Forwardable, Source};
use crate::model::ids::UserId;

/// Messages that are forwarded.
#[async_trait]
pub trait Forwards: Send + Sync {
    /// A message that `viewer` may read and forward. `None`: there is none for them, or it is deleted. Posting looks
    /// again.
    async fn forwardable(&self, source: Source, viewer: UserId) -> Result<Option<Forwardable>>;
}
