//! The SQLite store.
//!
//! One data folder: `chinwag.db`, `files/` and `LOCK`.
#![expect(unused_variables, reason = "the commands are being filled in")]

use std::path::PathBuf;

use async_trait::async_trait;

use super::{DeleteOutcome, Error, NewMessage, NewSession, OnCommit, PostOutcome, Result, Store};
use crate::model::channels::{Channel, ChannelView};
use crate::model::ids::{
    ChannelId, Number, Revision, SecretHash, SessionId, TokenId, UploadId, UserId,
};
use crate::model::messages::{Changes, Digest, MessagePage, PageAt};
use crate::model::names::{ChannelName, DisplayName};
use crate::model::sessions::{Session, Token};
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::model::users::{Account, Settings, User};

/// Where the data is and how it is read.
#[derive(Debug, Clone)]
pub struct SqliteConfig {
    /// The data folder. It is made when it is missing.
    pub data: PathBuf,
    /// How many readers work at a time; at least 1.
    pub readers: usize,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self { data: PathBuf::from("data"), readers: 4 }
    }
}

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server works on that folder.
    #[error("another server is using the data folder {}", .0.display())]
    Locked(PathBuf),
}

/// Everything in one SQLite database.
pub struct SqliteStore {}

impl SqliteStore {
    /// Opens the data folder, locks it, and brings the database to the present version.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use, or holds what this version cannot read.
    pub fn open(config: SqliteConfig, on_commit: OnCommit) -> std::result::Result<Self, OpenError> {
        Ok(Self {})
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn take_name(
        &self,
        name: DisplayName,
        session: NewSession,
    ) -> Result<(Account, Session)> {
        Err(Error::Closed)
    }
    async fn account(&self, user: UserId) -> Result<Option<Account>> {
        Err(Error::Closed)
    }
    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>> {
        Err(Error::Closed)
    }
    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>> {
        Err(Error::Closed)
    }
    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>> {
        Err(Error::Closed)
    }
    async fn set_password(&self, user: UserId, hash: String) -> Result<Option<Account>> {
        Err(Error::Closed)
    }
    async fn sign_in(&self, user: UserId, session: NewSession) -> Result<Session> {
        Err(Error::Closed)
    }
    async fn device_holds(&self, device: SecretHash, user: UserId) -> Result<bool> {
        Err(Error::Closed)
    }
    async fn session(
        &self,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(Session, Account)>> {
        Err(Error::Closed)
    }
    async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        expires_at: Timestamp,
        address: String,
    ) -> Result<()> {
        Err(Error::Closed)
    }
    async fn sessions_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>> {
        Err(Error::Closed)
    }
    async fn end_session(&self, user: UserId, id: SessionId) -> Result<bool> {
        Err(Error::Closed)
    }
    async fn sweep_sessions(&self, at: Timestamp) -> Result<usize> {
        Err(Error::Closed)
    }
    async fn create_token(
        &self,
        user: UserId,
        name: String,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token> {
        Err(Error::Closed)
    }
    async fn token(&self, token: SecretHash) -> Result<Option<(Token, Account)>> {
        Err(Error::Closed)
    }
    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<()> {
        Err(Error::Closed)
    }
    async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>> {
        Err(Error::Closed)
    }
    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool> {
        Err(Error::Closed)
    }
    async fn create_channel(
        &self,
        name: ChannelName,
        topic: Topic,
        by: UserId,
        at: Timestamp,
    ) -> Result<ChannelView> {
        Err(Error::Closed)
    }
    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>> {
        Err(Error::Closed)
    }
    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        Err(Error::Closed)
    }
    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>> {
        Err(Error::Closed)
    }
    async fn set_topic(&self, id: ChannelId, topic: Topic) -> Result<Option<Channel>> {
        Err(Error::Closed)
    }
    async fn join(
        &self,
        id: ChannelId,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<ChannelView>> {
        Err(Error::Closed)
    }
    async fn visit(
        &self,
        id: ChannelId,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<ChannelView>> {
        Err(Error::Closed)
    }
    async fn leave(&self, id: ChannelId, user: UserId) -> Result<Option<()>> {
        Err(Error::Closed)
    }
    async fn heads(&self, user: UserId) -> Result<Vec<(ChannelId, Revision)>> {
        Err(Error::Closed)
    }
    async fn members(&self, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)> {
        Err(Error::Closed)
    }
    async fn mark_read(
        &self,
        id: ChannelId,
        user: UserId,
        number: Number,
    ) -> Result<Option<Number>> {
        Err(Error::Closed)
    }
    async fn post_message(&self, message: NewMessage) -> Result<PostOutcome> {
        Err(Error::Closed)
    }
    async fn delete_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        at: Timestamp,
    ) -> Result<DeleteOutcome> {
        Err(Error::Closed)
    }
    async fn messages(
        &self,
        channel: ChannelId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<MessagePage>> {
        Err(Error::Closed)
    }
    async fn changes(
        &self,
        channel: ChannelId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<Changes>> {
        Err(Error::Closed)
    }
    async fn digest(&self, channel: ChannelId, last: usize) -> Result<Option<Digest>> {
        Err(Error::Closed)
    }
    async fn add_upload(&self, upload: Upload) -> Result<()> {
        Err(Error::Closed)
    }
    async fn upload(&self, id: UploadId) -> Result<Option<Upload>> {
        Err(Error::Closed)
    }
    async fn delete_upload(&self, owner: UserId, id: UploadId) -> Result<bool> {
        Err(Error::Closed)
    }
    async fn sweep_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>> {
        Err(Error::Closed)
    }
    async fn close(&self) {}
}
