//! Mentions: whom texts call.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::UserId;
use crate::model::mentions::Mention;

/// Names in texts.
#[async_trait]
pub trait Mentions: Send + Sync {
    /// Whom a text by `author` calls, in the order of their places: of the people whom the author may know
    /// of, the one with the longest name that fits.
    async fn called(&self, author: UserId, text: &str) -> Result<Vec<Mention>>;
}
