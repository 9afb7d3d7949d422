//! What those who run a channel do: they change what it is, and decide who is in it and who writes.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::{Channel, ChannelKind, Posting};
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::log::Doer;
use crate::model::names::ChannelName;
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::model::users::User;

/// What changes of a channel's own facts; `None` leaves a fact as it is.
#[derive(Debug, Clone, Default)]
pub struct ChannelPatch {
    /// The name.
    pub name: Option<ChannelName>,
    /// What it is for.
    pub topic: Option<Topic>,
    /// Public or private.
    pub kind: Option<ChannelKind>,
    /// Who writes in it.
    pub posting: Option<Posting>,
    /// Whether only hosts may do anything in it for now.
    pub locked: Option<bool>,
    /// Whether nothing new comes into it.
    pub archived: Option<bool>,
    /// Whether everybody but the hosts is muted.
    pub all_muted: Option<bool>,
    /// How many seconds everybody but the hosts waits between two messages.
    pub slow_s: Option<u32>,
    /// Whether newcomers are put into it.
    pub newcomers: Option<bool>,
    /// Whether only those who run it pin messages.
    pub hosts_pin: Option<bool>,
    /// Whether a group's conversation loses its name, and is called by its people again.
    pub nameless: bool,
}

/// Commands of those who run a channel. All but a topic and added people are written into the log.
#[async_trait]
pub trait Hosting: Send + Sync {
    /// Changes a channel's own facts, all or none. If one differs, the change takes the channel's next
    /// revision; the answer is the channel as of that revision, before the lines that say so. A public
    /// channel's old name leads to it until somebody takes the name; going private
    /// ends that. Events, if a fact differs: `ChannelChanged`; `ChannelDelisted` of a channel that became
    /// private; `LineWritten` for each fact that has a line.
    ///
    /// # Errors
    /// `Denied`; of a public channel `Conflict(ChannelName)` and `Conflict(ChannelLook)`;
    /// `Conflict(Newcomers)`.
    async fn change_channel(&self, id: ChannelId, by: Doer, patch: ChannelPatch)
    -> Result<Channel>;

    /// Names a member a host, or ends that. Events, if it differs: `MembershipChanged`,
    /// `MemberChanged`.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson`, `Conflict(LastHost)`.
    async fn set_host(&self, id: ChannelId, by: Doer, whom: UserId, host: bool) -> Result<()>;

    /// Puts people into a channel; those who are in it stay. Events for each: `MemberJoined`,
    /// `MembershipChanged`.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson`, `Conflict(KeptOut)`, `Conflict(Memberships)`.
    async fn add_people(&self, id: ChannelId, by: Doer, people: Vec<UserId>) -> Result<()>;

    /// Takes a person out of a channel, and with `keep_out` keeps them out, whether or not they were in
    /// it. Events: those of [`Members::leave`](super::Members::leave), and before them `KeptOut`.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson`.
    async fn take_out(&self, id: ChannelId, by: Doer, whom: UserId, keep_out: bool) -> Result<()>;

    /// Lets a person come back. Events, if they were kept out: `KeptOut`; `MembershipChanged` if they
    /// may know of the channel.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson`.
    async fn let_back_in(&self, id: ChannelId, by: Doer, whom: UserId) -> Result<()>;

    /// Mutes a member in a channel until then, or ends that. Event: `MembershipChanged`.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson`.
    async fn mute_member(
        &self,
        id: ChannelId,
        by: Doer,
        whom: UserId,
        until: Option<Timestamp>,
    ) -> Result<()>;

    /// The people who are kept out of a channel, by name, at most `limit`.
    ///
    /// # Errors
    /// `Denied`.
    async fn kept_out(&self, id: ChannelId, viewer: UserId, limit: usize) -> Result<Vec<User>>;

    /// Clears a channel up to the message `through`: from then on nobody reads what is there, and its keys
    /// stay used. The rows are removed by
    /// [`sweep_deleted_channels`](Hosting::sweep_deleted_channels). The answer is the channel as of the
    /// revision of this change, before the line that says so. Nothing happens when it was cleared so far
    /// before. Events otherwise: `ChannelChanged`, `LineWritten`.
    ///
    /// # Errors
    /// `Denied`.
    async fn clear_channel(&self, id: ChannelId, by: Doer, through: Number) -> Result<Channel>;

    /// Deletes a channel: from then on nobody is in it or may know of it. Its rows are removed by
    /// [`sweep_deleted_channels`](Hosting::sweep_deleted_channels). Events: `ChannelDelisted` of a public
    /// channel, `MembershipLost` for each member.
    ///
    /// # Errors
    /// `Denied`.
    async fn delete_channel(&self, id: ChannelId, by: Doer) -> Result<()>;

    /// Removes some rows of a channel that was deleted or cleared: at most [`SWEPT_AT_ONCE`] messages with the
    /// rows of their files, whose ids it returns. `None`: no such channel has rows.
    async fn sweep_deleted_channels(&self) -> Result<Option<Vec<UploadId>>>;
}

/// How many messages of a channel that was deleted or cleared are removed in one transaction, at most.
pub const SWEPT_AT_ONCE: usize = 500;
