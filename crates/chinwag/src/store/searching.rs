//! Finding messages by their words.

use std::time::Duration;

use async_trait::async_trait;

use super::Result;
use crate::model::ids::UserId;
use crate::model::search::{Found, SearchQuery, Unfinished};

/// Who is told how long a search took.
pub type Took = Box<dyn FnOnce(Duration) + Send>;

/// Searching, and keeping an index for it.
#[async_trait]
pub trait Searching: Send + Sync {
    /// A page of the messages that fit, among those that `viewer` may read now. A message is found from its commit on,
    /// and its edit or deletion counts from its own commit on, whether or not it is indexed. Tombstones and lines are
    /// never found. A guest finds nothing. `took` is told how long it took from its turn on, also where nobody waits for
    /// it any more.
    async fn search(&self, viewer: UserId, query: SearchQuery, took: Took) -> Result<Found>;

    /// Waits until there are messages that are not indexed.
    async fn unindexed(&self);

    /// Indexes some messages that are not, newer ones first. Returns how many it looked at; 0 when all are.
    async fn index_some(&self) -> Result<usize>;

    /// How far the index of an existing folder is; `None` when it has all that was there.
    async fn indexed(&self) -> Result<Option<Unfinished>>;
}
