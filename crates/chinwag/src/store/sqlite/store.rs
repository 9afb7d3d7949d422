//! The methods of the store as a whole.

use async_trait::async_trait;

use super::SqliteStore;
use crate::model::instance::Instance;
use crate::store::{Result, Store};

#[async_trait]
impl Store for SqliteStore {
    fn instance(&self) -> &Instance {
        &self.instance
    }

    async fn alive(&self) -> Result<()> {
        self.writer.alive().await
    }

    async fn ended(&self) {
        self.writer.ended().await;
    }

    async fn forget_deleted(&self) -> Result<bool> {
        self.forget().await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.forgetting.close();
        self.writer.close().await;
    }
}
