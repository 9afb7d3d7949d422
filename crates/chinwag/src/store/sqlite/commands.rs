//! The trait, method by method: commands go to the writer, the rest to a reader.

use async_trait::async_trait;

use super::{
    SqliteStore, changes, channels, devices, members, messages, posting, reading, sessions,
    streams, tokens, uploads, users,
};
use crate::model::channels::{Channel, ChannelView, MarkKind, ReadState};
use crate::model::folding::fold;
use crate::model::ids::{
    ChannelId, DeviceId, Number, Revision, SecretHash, SessionId, TokenId, UploadId, UserId,
};
use crate::model::instance::Instance;
use crate::model::messages::{Changes, Digest, MessagePage, PageAt};
use crate::model::names::{ChannelName, DisplayName};
use crate::model::sessions::{Device, Session, Token};
use crate::model::streams::{Heads, Overview, OwnChanges, PlaceChanges};
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::model::users::{Account, Settings, User};
use crate::store::{
    DeleteOutcome, NewMessage, NewPassword, NewSession, PostOutcome, Proof, Result, Store,
};

#[async_trait]
impl Store for SqliteStore {
    async fn take_name(
        &self,
        name: DisplayName,
        session: NewSession,
    ) -> Result<(Account, Session)> {
        self.writer.run(move |tx| users::take_name(tx, &name, &session)).await
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>> {
        self.readers.read(move |db| users::account(db, user)).await
    }

    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| users::account_with_key(db, &key)).await
    }

    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>> {
        let folded = fold(query);
        self.readers.read(move |db| users::people(db, &folded, limit)).await
    }

    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>> {
        self.writer.run(move |tx| users::set_settings(tx, user, settings)).await
    }

    async fn set_password(&self, user: UserId, password: NewPassword) -> Result<Option<Account>> {
        self.writer.run(move |tx| users::set_password(tx, user, &password)).await
    }

    async fn sign_in(
        &self,
        user: UserId,
        session: NewSession,
        proof: Proof,
    ) -> Result<Option<Session>> {
        self.writer.run(move |tx| sessions::sign_in_again(tx, user, &session, &proof)).await
    }

    async fn device_holds(&self, device: SecretHash, user: UserId) -> Result<bool> {
        self.readers.read(move |db| devices::holds(db, device, user)).await
    }

    async fn session(
        &self,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Option<(Session, Account)>> {
        self.readers.look_up(|db| sessions::session(db, token, at)).await
    }

    async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        expires_at: Timestamp,
        address: String,
        device: Option<SecretHash>,
    ) -> Result<()> {
        self.writer.run(move |tx| sessions::touch(tx, id, at, expires_at, &address, device)).await
    }

    async fn sessions_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>> {
        self.readers.read(move |db| sessions::sessions_of(db, user, at)).await
    }

    async fn end_session(&self, user: UserId, id: SessionId, forget: bool) -> Result<bool> {
        self.writer.run_freeing(move |tx| sessions::end(tx, user, id, forget)).await
    }

    async fn devices_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Device>> {
        self.readers.read(move |db| devices::devices_of(db, user, at)).await
    }

    async fn forget_device(&self, user: UserId, id: DeviceId) -> Result<bool> {
        self.writer.run_freeing(move |tx| devices::forget(tx, user, id)).await
    }

    async fn sweep_sessions(
        &self,
        at: Timestamp,
        idle: Timestamp,
        dead: Timestamp,
    ) -> Result<usize> {
        self.writer
            .run_freeing(move |tx| {
                let ended = sessions::sweep(tx, at)?;
                devices::sweep(tx, idle, dead)?;
                Ok(ended)
            })
            .await
    }

    async fn create_token(
        &self,
        user: UserId,
        name: String,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token> {
        self.writer.run(move |tx| tokens::create(tx, user, &name, token, at)).await
    }

    async fn token(&self, token: SecretHash) -> Result<Option<(Token, Account)>> {
        self.readers.look_up(|db| tokens::token(db, token)).await
    }

    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<()> {
        self.writer.run(move |tx| tokens::touch(tx, id, at)).await
    }

    async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>> {
        self.readers.read(move |db| tokens::tokens_of(db, user)).await
    }

    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool> {
        self.writer.run_freeing(move |tx| tokens::revoke(tx, user, id)).await
    }

    async fn create_channel(
        &self,
        name: ChannelName,
        topic: Topic,
        by: UserId,
        at: Timestamp,
    ) -> Result<ChannelView> {
        self.writer.run(move |tx| channels::create(tx, &name, &topic, by, at)).await
    }

    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>> {
        self.readers.read(move |db| channels::all(db, user)).await
    }

    async fn overview(&self, user: UserId, after: ChannelId) -> Result<Option<Overview>> {
        self.readers.read(move |db| streams::overview(db, user, after)).await
    }

    async fn own_changes(
        &self,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<OwnChanges>> {
        self.readers.read(move |db| streams::own_changes(db, user, since, limit)).await
    }

    async fn place_changes(&self, since: Revision, limit: usize) -> Result<PlaceChanges> {
        self.readers.read(move |db| streams::place_changes(db, since, limit)).await
    }

    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        self.readers.read(move |db| channels::view(db, id, user)).await
    }

    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>> {
        let key = name.key().to_owned();
        self.readers.read(move |db| channels::with_key(db, &key, user)).await
    }

    async fn set_topic(&self, id: ChannelId, topic: Topic) -> Result<Option<Channel>> {
        self.writer.run(move |tx| channels::set_topic(tx, id, &topic)).await
    }

    async fn join(
        &self,
        id: ChannelId,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<ChannelView>> {
        self.writer.run(move |tx| members::join(tx, id, user, at)).await
    }

    async fn visit(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
        self.writer.run(move |tx| members::visit(tx, id, user)).await
    }

    async fn leave(&self, id: ChannelId, user: UserId) -> Result<Option<()>> {
        self.writer.run_freeing(move |tx| members::leave(tx, id, user)).await
    }

    async fn heads(&self, user: UserId) -> Result<Heads> {
        // It grows with the memberships: not on the calling thread.
        self.readers.read(move |db| streams::heads(db, user)).await
    }

    async fn members(&self, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)> {
        self.readers.read(move |db| members::members(db, id, limit)).await
    }

    async fn mark_read(
        &self,
        id: ChannelId,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<ReadState>> {
        self.writer.run_freeing(move |tx| reading::mark_read(tx, id, user, number, kind)).await
    }

    async fn post_message(&self, message: NewMessage) -> Result<PostOutcome> {
        self.writer.run(move |tx| posting::post(tx, &message)).await
    }

    async fn delete_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        at: Timestamp,
    ) -> Result<DeleteOutcome> {
        self.writer.run_freeing(move |tx| posting::delete(tx, channel, number, by, at)).await
    }

    async fn messages(
        &self,
        channel: ChannelId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<MessagePage>> {
        self.readers.read(move |db| messages::page(db, channel, at, limit)).await
    }

    async fn changes(
        &self,
        channel: ChannelId,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<Changes>> {
        self.readers.read(move |db| changes::changes(db, channel, user, since, limit)).await
    }

    async fn digest(&self, channel: ChannelId, last: usize) -> Result<Option<Digest>> {
        self.readers.read(move |db| messages::digest(db, channel, last)).await
    }

    async fn add_upload(&self, upload: Upload) -> Result<()> {
        self.writer.run(move |tx| uploads::add(tx, &upload)).await
    }

    async fn upload(&self, id: UploadId) -> Result<Option<Upload>> {
        self.readers.read(move |db| uploads::upload(db, id)).await
    }

    async fn stored_bytes(&self, owner: UserId) -> Result<(i64, i64)> {
        self.readers.look_up(|db| uploads::stored_bytes(db, owner)).await
    }

    async fn delete_upload(&self, owner: UserId, id: UploadId) -> Result<bool> {
        self.writer.run_freeing(move |tx| uploads::delete(tx, owner, id)).await
    }

    async fn sweep_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>> {
        self.writer.run_freeing(move |tx| uploads::sweep(tx, before)).await
    }

    async fn unknown_uploads(&self, among: Vec<UploadId>) -> Result<Vec<UploadId>> {
        self.readers.read(move |db| uploads::unknown(db, &among)).await
    }

    fn instance(&self) -> &Instance {
        &self.instance
    }

    async fn alive(&self) -> Result<()> {
        self.writer.alive().await
    }

    async fn ended(&self) {
        self.writer.ended().await;
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
