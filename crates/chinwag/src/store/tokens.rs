//! Bot tokens.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{SecretHash, TokenId, UserId};
use crate::model::reach::Reach;
use crate::model::sessions::Token;
use crate::model::time::Timestamp;
use crate::model::users::Account;

/// Tokens, with which programs act as the person who made them.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Stores a new token under the hash of its secret.
    ///
    /// # Errors
    /// `Denied(NotFound)` when the person does not see one of the channels that it is limited to.
    async fn create_token(
        &self,
        user: UserId,
        name: String,
        reach: Reach,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token>;

    /// The token with that hash, and the account that it is of.
    async fn token(&self, token: SecretHash) -> Result<Option<(Token, Account)>>;

    /// Notes that a token is in use. No event.
    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<()>;

    /// A person's tokens, oldest first.
    async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>>;

    /// Revokes one of a person's tokens; `false` when they have no such token. Event: `TokenRevoked`.
    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool>;
}
