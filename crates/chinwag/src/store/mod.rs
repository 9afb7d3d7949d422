//! The only place with SQL: everything that can happen to the data, as one trait.
//!
//! A method is the size of a use case: one command is one transaction, answered after it is on
//! disk (promise 1). The store makes no decision about who may do what; that is `chat/`'s. Every
//! command that changed something hands the [`Event`] of it to the [`OnCommit`] hook **in the order
//! of the commits and before the command is answered**, so that whoever waits for the answer cannot
//! lose the event by giving up, and the order of a channel's events is the order of its revisions.
//! Not found is `Option`, never an error.
//!
//! On a full disk commands that take something away (a message, a file, a session, a token, a
//! membership) or move a read mark work on, in room that is kept for them.

use std::sync::Arc;

use async_trait::async_trait;

use crate::model::channels::{Channel, ChannelView, MarkKind, ReadState};
use crate::model::events::Event;
use crate::model::ids::{
    ChannelId, DeviceId, MessageKey, Number, Revision, SecretHash, SessionId, TokenId, UploadId,
    UserId,
};
use crate::model::instance::Instance;
use crate::model::messages::{Changes, Digest, Message, MessagePage, PageAt};
use crate::model::names::{ChannelName, DisplayName};
use crate::model::sessions::{Device, Session, Token};
use crate::model::streams::{Heads, Overview, OwnChanges, PlaceChanges};
use crate::model::text::{MessageText, Topic};
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::model::users::{Account, Settings, User};

pub mod sqlite;

/// Called once for every change, in the order of the commits, before the command is answered.
/// It must not block.
pub type OnCommit = Arc<dyn Fn(Event) + Send + Sync>;

/// Why the store could not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A unique constraint stands against it.
    #[error("conflict on {0:?}")]
    Conflict(Constraint),
    /// Too many commands are waiting.
    #[error("the store is busy")]
    Busy,
    /// No room on the disk, or it may not be written to.
    #[error("the disk takes no more: {0}")]
    Full(String),
    /// The data is damaged.
    #[error("the data is damaged: {0}")]
    Corrupt(String),
    /// Anything else that the disk or the database says.
    #[error("storage failed: {0}")]
    Io(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

/// The constraints that a caller can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// Two display names with one key.
    UserName,
    /// Two display names that look alike.
    UserLook,
    /// Two channel names with one key.
    ChannelName,
    /// Two channel names that look alike.
    ChannelLook,
    /// More memberships than [`MAX_MEMBERSHIPS`](crate::model::channels::MAX_MEMBERSHIPS).
    Memberships,
}

/// The most devices that are listed for one person.
pub const MAX_DEVICES: usize = 200;
/// The most messages a fingerprint covers.
pub const MAX_DIGEST: usize = 1_000;

/// What a method of the store answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A browser that signs in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The session token's hash.
    pub token: SecretHash,
    /// The device key's hash; that browser may sign in under this name from now on. `None` on a
    /// computer of others: the browser is not kept.
    pub device: Option<SecretHash>,
    /// Now.
    pub at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// The `User-Agent`, cut to 300 characters.
    pub user_agent: String,
    /// Where from.
    pub address: String,
}

/// Why somebody may sign in under a name that is held. It is looked at again in the transaction
/// that signs them in: a device may be forgotten and a password changed in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The browser has the device key with this hash.
    Device(SecretHash),
    /// They know the password that has this hash.
    Password(String),
    /// The caller answers for it.
    Vouched,
}

/// A password to be set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Its hash, in PHC form.
    pub hash: String,
    /// The hash of the one that it replaces, which they know; nothing is set when it is another by
    /// now.
    pub replaces: Option<String>,
    /// The session that it is set in. All others end, and all other devices are forgotten.
    pub session: SessionId,
}

/// A message to be posted.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Where.
    pub channel: ChannelId,
    /// Who writes.
    pub author: UserId,
    /// The client's key.
    pub key: MessageKey,
    /// What.
    pub text: MessageText,
    /// The files, in order. Each must be the author's and not yet in a message.
    pub attachments: Vec<UploadId>,
    /// Now.
    pub at: Timestamp,
}

/// What became of a message to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is stored. A person who was not in the channel is now (the event of that comes first).
    Posted(Message),
    /// The key was used before for the same text and files: this is the first message, in its
    /// present form (a tombstone when it was deleted since, whatever the text).
    Replayed(Message),
    /// The key was used before for another text, other files or another channel.
    KeyReused,
    /// There is no such channel.
    NoChannel,
    /// There is no such file, or it is not hers, or it is in a message already.
    NoUpload(UploadId),
}

/// What became of a message to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// It is a tombstone now; these files belong to nothing any more.
    Deleted(Message, Vec<UploadId>),
    /// It was one before.
    AlreadyDeleted(Message),
    /// Somebody else wrote it.
    NotAuthor,
    /// There is no such message.
    NotFound,
}

/// Everything that can happen to the data.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    // ---- people ------------------------------------------------------------------------------

    /// Takes a free name and signs in, in one transaction. `Conflict(UserName)` when it is held,
    /// `Conflict(UserLook)` when it looks like one that is. Event: `PersonCreated`.
    async fn take_name(&self, name: DisplayName, session: NewSession)
    -> Result<(Account, Session)>;
    /// The person with that id.
    async fn account(&self, user: UserId) -> Result<Option<Account>>;
    /// The person who holds that name (by its key).
    async fn account_named(&self, name: &DisplayName) -> Result<Option<Account>>;
    /// People whose name holds `query` (folded like a name's key), by name; at most `limit`.
    async fn people(&self, query: &str, limit: usize) -> Result<Vec<User>>;
    /// Replaces her settings. Event: `AccountChanged`.
    async fn set_settings(&self, user: UserId, settings: Settings) -> Result<Option<Account>>;
    /// Replaces their password, ends their other sessions and forgets their other devices. `None`
    /// when there is no such person or the replaced password is another by now. Events:
    /// `AccountChanged`, and `SessionEnded` for each.
    async fn set_password(&self, user: UserId, password: NewPassword) -> Result<Option<Account>>;

    // ---- sessions and tokens -----------------------------------------------------------------

    /// Signs in somebody who proved who they are; `None` when the proof holds no longer. A browser
    /// that is not kept is forgotten if it was, unless it is the only way back.
    async fn sign_in(
        &self,
        user: UserId,
        session: NewSession,
        proof: Proof,
    ) -> Result<Option<Session>>;
    /// Whether a browser with that device key took that name or signed in under it.
    async fn device_holds(&self, device: SecretHash, user: UserId) -> Result<bool>;
    /// The session with that token that has not expired at `at`, and whose it is.
    async fn session(&self, token: SecretHash, at: Timestamp)
    -> Result<Option<(Session, Account)>>;
    /// Notes that a session is in use, and moves its end. A session whose device is not known takes
    /// `device`, if that is one of the person's. Not durable at once; no event.
    async fn touch_session(
        &self,
        id: SessionId,
        at: Timestamp,
        expires_at: Timestamp,
        address: String,
        device: Option<SecretHash>,
    ) -> Result<()>;
    /// Her sessions that have not expired, newest use first.
    async fn sessions_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>>;
    /// Ends one of their sessions; `false` when they have no such session. With `forget` its device
    /// is forgotten too, and every session on it ends; where the device is not known, all of theirs
    /// that no session is known to be on. Event for each: `SessionEnded`.
    async fn end_session(&self, user: UserId, id: SessionId, forget: bool) -> Result<bool>;
    /// Their devices, newest use first, with the sessions that have not expired; at most
    /// [`MAX_DEVICES`].
    async fn devices_of(&self, user: UserId, at: Timestamp) -> Result<Vec<Device>>;
    /// Forgets one of their devices and ends the sessions on it; `false` when they have no such
    /// device. Event for each session: `SessionEnded`.
    async fn forget_device(&self, user: UserId, id: DeviceId) -> Result<bool>;
    /// Removes sessions that expired before `at`; how many. Devices go with them that nobody needs:
    /// of people with a password those without a session that were not used since `idle`, of others
    /// those not used since `dead`. Event for each session: `SessionEnded`.
    async fn sweep_sessions(
        &self,
        at: Timestamp,
        idle: Timestamp,
        dead: Timestamp,
    ) -> Result<usize>;
    /// Makes a bot token.
    async fn create_token(
        &self,
        user: UserId,
        name: String,
        token: SecretHash,
        at: Timestamp,
    ) -> Result<Token>;
    /// The token with that hash, and whose it is.
    async fn token(&self, token: SecretHash) -> Result<Option<(Token, Account)>>;
    /// Notes that a token is in use.
    async fn touch_token(&self, id: TokenId, at: Timestamp) -> Result<()>;
    /// Her tokens, oldest first.
    async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>>;
    /// Revokes one of her tokens; `false` when she has no such token. Event: `TokenRevoked`.
    async fn revoke_token(&self, user: UserId, id: TokenId) -> Result<bool>;

    // ---- channels ----------------------------------------------------------------------------

    /// Makes a channel with its maker in it. `Conflict(ChannelName)` when the name is held,
    /// `Conflict(ChannelLook)` when it looks like one that is.
    /// Events: `ChannelCreated`, `MembershipChanged`.
    async fn create_channel(
        &self,
        name: ChannelName,
        topic: Topic,
        by: UserId,
        at: Timestamp,
    ) -> Result<ChannelView>;
    /// All channels as the person sees them, oldest first.
    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>>;
    /// What a person's app starts from, with the channels after `after`; the list ends at about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES). `None`: no such person.
    async fn overview(&self, user: UserId, after: ChannelId) -> Result<Option<Overview>>;
    /// What changed in the person's own stream after `since`, at most `limit` rows, which is kept
    /// within 1 and [`MAX_ROWS`](crate::model::streams::MAX_ROWS). `None`: no such person.
    async fn own_changes(
        &self,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<OwnChanges>>;
    /// What changed in the place's stream after `since`, bounded as `own_changes` is.
    async fn place_changes(&self, since: Revision, limit: usize) -> Result<PlaceChanges>;
    /// One channel as she sees it.
    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;
    /// The channel with that name (by its key), as she sees it.
    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>>;
    /// Replaces the topic: takes the channel's next revision. Event: `ChannelChanged` when it differs.
    async fn set_topic(&self, id: ChannelId, topic: Topic) -> Result<Option<Channel>>;
    /// Puts the person into the channel, with the read mark at the newest message.
    /// `Conflict(Memberships)` when they are in too many. Events: `MemberJoined`,
    /// `MembershipChanged`, when they were not in it.
    async fn join(&self, id: ChannelId, user: UserId, at: Timestamp)
    -> Result<Option<ChannelView>>;
    /// Remembers it as the channel visited last, whether or not the person is in it. Event:
    /// `AccountChanged` when it was another one.
    async fn visit(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;
    /// Takes her out of the channel, and forgets it as her last one. `None`: no such channel.
    /// Events: `MemberLeft`, `MembershipChanged`, `AccountChanged`, each when something changed.
    async fn leave(&self, id: ChannelId, user: UserId) -> Result<Option<()>>;
    /// Where all streams stand that the person hears, for `heads` and for subscribing.
    async fn heads(&self, user: UserId) -> Result<Heads>;
    /// Who is in a channel, by name, at most `limit`; and how many in all.
    async fn members(&self, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)>;
    /// Moves the person's read mark to `number`, which is kept within 0 and the newest; down only by
    /// [`MarkKind::Mark`]. Answers where it stands then; `None` when they are not in the channel.
    /// Event: `ReadMoved` when it moved.
    async fn mark_read(
        &self,
        id: ChannelId,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<ReadState>>;

    // ---- messages ----------------------------------------------------------------------------

    /// Posts a message: takes the channel's next number and revision. It moves the author's read mark
    /// when nothing unread by others lies between. Events: those of `join` for who was not in it,
    /// `MessagePosted`, `ReadMoved` when the mark moved.
    async fn post_message(&self, message: NewMessage) -> Result<PostOutcome>;
    /// Makes a tombstone of her message: takes the next revision, wipes the text, frees the files.
    /// Event: `MessageDeleted`.
    async fn delete_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        at: Timestamp,
    ) -> Result<DeleteOutcome>;
    /// A run of messages, at most `limit`, which is kept within 1 and
    /// [`MAX_PAGE`](crate::model::messages::MAX_PAGE), and about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES). `None`: no such channel.
    async fn messages(
        &self,
        channel: ChannelId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<MessagePage>>;
    /// What changed after `since`, with the channel as `user` sees it. At most `limit` messages,
    /// which is kept within 1 and [`MAX_CHANGES`](crate::model::messages::MAX_CHANGES), and about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES), but all of a revision and at
    /// least one. `None`: no such channel.
    async fn changes(
        &self,
        channel: ChannelId,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<Changes>>;
    /// A fingerprint of the newest `last` messages, at most [`MAX_DIGEST`]. `None`: no such channel.
    async fn digest(&self, channel: ChannelId, last: usize) -> Result<Option<Digest>>;

    // ---- files -------------------------------------------------------------------------------

    /// Notes a file that is on disk already, in no message yet.
    async fn add_upload(&self, upload: Upload) -> Result<()>;
    /// The file with that id.
    async fn upload(&self, id: UploadId) -> Result<Option<Upload>>;
    /// How many bytes of files somebody has, and how many all together. Two look-ups.
    async fn stored_bytes(&self, owner: UserId) -> Result<(i64, i64)>;
    /// Forgets a file of hers that is in no message; `false` when there is no such file.
    async fn delete_upload(&self, owner: UserId, id: UploadId) -> Result<bool>;
    /// Forgets files that are in no message and were sent before `before`; the caller deletes them.
    async fn sweep_uploads(&self, before: Timestamp) -> Result<Vec<UploadId>>;

    /// Those of the files that the store does not know, each once.
    async fn unknown_uploads(&self, among: Vec<UploadId>) -> Result<Vec<UploadId>>;

    // ---- the store itself --------------------------------------------------------------------

    /// Which installation this is. It does not change while the store is open.
    fn instance(&self) -> &Instance;

    /// Whether commands are taken: asks whoever runs them, and writes nothing. `Closed` when nobody
    /// does any more, `Busy` when there was no answer within seconds.
    async fn alive(&self) -> Result<()>;
    /// Waits until no more commands are taken, because the store was closed or cannot go on. Then
    /// the server has to end, and to be started again.
    async fn ended(&self);
    /// Answers what is queued, checkpoints and closes. Every later call answers `Closed`.
    async fn close(&self);
}
