//! Messages on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::Channel;
use super::forwards::{ForwardSource, Forwarded};
use super::lines::Line;
use super::mentions::Mention;
use super::pins::Pin;
use super::quotes::Quote;
use super::reactions::Reaction;
use super::threads::Thread;
use super::time::rfc3339;
use super::uploads::Attachment;
use super::users::User;
use crate::model;

/// A message, or the tombstone of one, or a line that says what happened in the channel. A line has `line`;
/// it is a tombstone otherwise, so that whoever does not know lines passes over it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Message {
    /// The id of its channel.
    pub channel: i64,
    /// Its number in the channel: 1, 2, 3 … without gaps. Replies that are in threads alone have numbers
    /// too, so the numbers of the channel's run have gaps.
    pub number: i64,
    /// The channel's revision with which this message changed last.
    pub revision: i64,
    /// The key that its author's client made (a UUID).
    pub key: String,
    /// Who wrote it.
    pub author: User,
    /// What the author wrote; empty when deleted, or when it carries only files.
    pub text: String,
    /// When the server stored it.
    pub created_at: String,
    /// When it was deleted.
    #[schema(required)]
    pub deleted_at: Option<String>,
    /// Whether a host or moderator deleted it, and not its author.
    pub removed: bool,
    /// Its files; empty when deleted.
    pub attachments: Vec<Attachment>,
    /// What it says, if it is a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<Line>,
    /// How often its author changed it; left out when never.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    pub edits: i64,
    /// When its author changed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub edited_at: Option<String>,
    /// Whom its text mentions, in the order of their places; left out when nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub mentions: Vec<Mention>,
    /// Which message of the channel it quotes; left out when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quote: Option<Quote>,
    /// What it carries of another message; left out when nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub forwarded: Option<Forwarded>,
    /// Who pinned it; left out when it is not pinned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pin: Option<Pin>,
    /// Whether the reader saved it; left out when not, and in events, which do not change it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub saved: bool,
    /// The emoji that people put to it; left out when there are none, and in events, which do not change
    /// them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub reactions: Vec<Reaction>,
    /// The number of the message that begins its thread, if it is a reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub root: Option<i64>,
    /// Whether this reply was sent to the channel too; left out when it is in its thread alone, and with
    /// what is no reply.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub also: bool,
    /// The number of the message before it in the channel's run, when it is not the number before: replies
    /// that are in threads alone stand between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub previous: Option<i64>,
    /// The thread that it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub thread: Option<Thread>,
}

/// Whether a count needs no place on the wire.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_zero(count: &i64) -> bool {
    *count == 0
}

impl From<&model::messages::Message> for Message {
    fn from(message: &model::messages::Message) -> Self {
        Self {
            channel: message.channel.0,
            number: message.number.0,
            revision: message.revision.0,
            key: message.key.to_string(),
            author: (&message.author).into(),
            text: message.text.clone(),
            created_at: rfc3339(message.created_at),
            deleted_at: message.deleted_at.map(rfc3339),
            removed: message.removed,
            attachments: message.attachments.iter().map(Attachment::from).collect(),
            line: message.line.as_ref().map(Line::from),
            edits: message.edits,
            edited_at: message.edited_at.map(rfc3339),
            mentions: message.mentions.iter().map(Mention::from).collect(),
            quote: message.quote.as_ref().map(Quote::from),
            forwarded: message.forwarded.as_ref().map(Forwarded::from),
            pin: message.pin.as_ref().map(Pin::from),
            saved: message.saved,
            reactions: message.reactions.iter().map(Reaction::from).collect(),
            root: message.reply.map(|reply| reply.root.0),
            also: message.reply.is_some_and(|reply| reply.in_run),
            previous: (message.gap > 0).then(|| message.number.0 - 1 - message.gap),
            thread: message.thread.as_ref().map(Thread::from),
        }
    }
}

/// The person and the installation that a client believes it sends to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The id of the person who wrote the message.
    pub user: i64,
    /// The installation's id, as in the state.
    pub instance: String,
    /// The installation's epoch, as in the state.
    pub epoch: String,
}

/// A message to post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageDraft {
    /// A UUID that the client made. The same key again returns the first message. It may come as
    /// the header `Idempotency-Key` instead; when there is neither, the server makes one.
    pub key: Option<String>,
    /// 1–10,000 characters; may be empty when there are files.
    #[serde(default)]
    pub text: String,
    /// The number of the message of the same channel that it quotes. One that is deleted, was cleared or is a
    /// line cannot be quoted (`quoted_gone`).
    pub quote: Option<i64>,
    /// Which message it forwards: what that one says and its files are copied. Not together with `quote` and
    /// `attachments`; `text` may be empty.
    #[serde(default, deserialize_with = "super::object::optional")]
    pub forward: Option<ForwardSource>,
    /// The number of the message that begins the thread, when it is a reply.
    pub thread: Option<i64>,
    /// Whether a reply is sent to the channel too.
    #[serde(default)]
    pub also: bool,
    /// The ids of files that were uploaded before, at most 10.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Who wrote it, and for which installation. When that is not the session's person on this
    /// server as it is now, the message is refused (`other_sender`, `other_instance`). For clients
    /// that keep messages before they send them.
    #[serde(default, deserialize_with = "super::object::optional")]
    pub sender: Option<Sender>,
}

/// A part of a channel's run: its messages without the replies that are in threads alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagePage {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision at the moment of reading.
    pub revision: i64,
    /// The channel's newest number at the moment of reading.
    pub last_number: i64,
    /// Ascending by number, tombstones included.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// How many messages stand above the number of `count_above` now, tombstones included; without replies that
    /// are in threads alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub above: Option<i64>,
}

impl From<&model::messages::MessagePage> for MessagePage {
    fn from(page: &model::messages::MessagePage) -> Self {
        Self {
            channel: page.channel.0,
            revision: page.revision.0,
            last_number: page.last_number.0,
            messages: page.messages.iter().map(Message::from).collect(),
            has_older: page.has_older,
            has_newer: page.has_newer,
            above: None,
        }
    }
}

/// What changed after a revision.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision at the moment of reading.
    pub revision: i64,
    /// Every change up to this revision is in the messages; equal to `revision` when they are
    /// complete. An answer never ends in the middle of a revision.
    pub reached: i64,
    /// Every changed message in its current form, ascending by revision.
    pub messages: Vec<Message>,
    /// Whether that is all. When not, ask again with `reached`.
    pub complete: bool,
    /// The channel itself as of `revision`, as the reader sees it.
    pub info: Channel,
}

impl From<&model::messages::Changes> for Changes {
    fn from(changes: &model::messages::Changes) -> Self {
        Self {
            channel: changes.channel.0,
            revision: changes.revision.0,
            reached: changes.reached.0,
            messages: changes.messages.iter().map(Message::from).collect(),
            complete: changes.complete,
            info: (&changes.view).into(),
        }
    }
}

/// A fingerprint of a channel's newest messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Digest {
    /// The id of the channel.
    pub channel: i64,
    /// The channel's revision at the moment of reading.
    pub revision: i64,
    /// SHA-256, in hexadecimal, over the lines `number:revision\n` of those messages, ascending.
    pub digest: String,
}

impl From<&model::messages::Digest> for Digest {
    fn from(digest: &model::messages::Digest) -> Self {
        Self {
            channel: digest.channel.0,
            revision: digest.revision.0,
            digest: digest.digest.clone(),
        }
    }
}
