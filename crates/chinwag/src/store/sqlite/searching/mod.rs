//! Finding messages by their words.

mod reading;
mod resolving;
mod wanted;

use async_trait::async_trait;

use super::SqliteStore;
use crate::model::ids::UserId;
use crate::model::search::{Found, SearchQuery};
use crate::store::{Result, Searching};

#[async_trait]
impl Searching for SqliteStore {
    async fn search(&self, viewer: UserId, query: SearchQuery) -> Result<Found> {
        self.readers.read(move |db| reading::search(db, viewer, &query)).await
    }
}
