//! Finding messages by their words.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::UserId;
use crate::model::search::{Found, SearchQuery};

/// Searching.
#[async_trait]
pub trait Searching: Send + Sync {
    /// A page of the messages that fit, among those that `viewer` may read now. Tombstones and lines are never
    /// found. A guest finds nothing.
    async fn search(&self, viewer: UserId, query: SearchQuery) -> Result<Found>;
}
