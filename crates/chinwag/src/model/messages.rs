//! Messages, pages of them, and what changed since.

use super::channels::ChannelView;
use super::forwards::{Forwarded, as_one_text};
use super::ids::{ChannelId, MessageKey, Number, Revision};
use super::keeping::Pin;
use super::lines::Line;
use super::mentions::Mention;
use super::quotes::Quote;
use super::reactions::Reaction;
use super::threads::{Reply, Thread};
use super::time::Timestamp;
use super::uploads::Attachment;
use super::users::User;

/// The most files one message carries.
pub const MAX_ATTACHMENTS: usize = 10;
/// The most messages one page holds. It holds at most as many lines between them.
pub const MAX_PAGE: usize = 100;
/// The most messages one answer about changes holds.
pub const MAX_CHANGES: usize = 500;
/// Pages of messages and answers about changes end before they hold more bytes of text than this.
/// They hold at least one message, or all messages of one revision. With the JSON around the texts
/// an answer stays within about 1.5 MB.
pub const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// A message, or the tombstone of one, or a line. A line is stored as a tombstone from the start, so that
/// nothing counts it: it is not unread, is nobody's last message, and cannot be deleted or reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Where it was posted.
    pub channel: ChannelId,
    /// Its position in the channel.
    pub number: Number,
    /// The newest change of this message.
    pub revision: Revision,
    /// The key that the author's client made.
    pub key: MessageKey,
    /// Who wrote it.
    pub author: User,
    /// The text; empty when deleted, or when the message carries only files.
    pub text: String,
    /// When the server stored it.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Whether somebody who keeps order deleted it, and not its author.
    pub removed: bool,
    /// Its files, in the author's order; empty when deleted.
    pub attachments: Vec<Attachment>,
    /// What it says, if it is a line.
    pub line: Option<Line>,
    /// How often its author changed it; 0 when deleted.
    pub edits: i64,
    /// When its author changed it last.
    pub edited_at: Option<Timestamp>,
    /// Whom its text calls, in the order of their places; empty when deleted.
    pub mentions: Vec<Mention>,
    /// Which message of the channel it quotes.
    pub quote: Option<Quote>,
    /// What it carries of another message.
    pub forwarded: Option<Forwarded>,
    /// Who pinned it in the channel; `None` when it is not pinned.
    pub pin: Option<Pin>,
    /// Whether the person who reads saved it; `false` in events, which are the same for all readers.
    pub saved: bool,
    /// The emoji that people put to it, in the order in which the first of each came; empty in events, which
    /// are the same for all readers.
    pub reactions: Vec<Reaction>,
    /// What it answers, if it is a reply in a thread.
    pub reply: Option<Reply>,
    /// How many rows that are off the run stand between it and the row of the run before it.
    pub gap: i64,
    /// The thread that it begins.
    pub thread: Option<Thread>,
}

impl Message {
    /// Whether it is of the run: of what a reader of the channel sees.
    #[must_use]
    pub fn in_run(&self) -> bool {
        self.reply.is_none_or(|reply| reply.in_run)
    }
}

impl Message {
    /// What it says, where its text and what it carries cannot be told apart.
    #[must_use]
    pub fn whole_text(&self) -> String {
        as_one_text(&self.text, self.forwarded.as_ref())
    }
}

/// Which messages of a channel a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAt {
    /// The newest messages.
    Newest,
    /// The messages just before a number.
    Before(Number),
    /// The messages just after a number.
    After(Number),
}

/// A part of a channel's run, read in one transaction with the channel's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePage {
    /// Which channel.
    pub channel: ChannelId,
    /// The channel's newest change at the moment of reading.
    pub revision: Revision,
    /// The channel's newest number at the moment of reading.
    pub last_number: Number,
    /// Ascending by number, tombstones included; of the run alone.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Whether there are newer ones.
    pub has_newer: bool,
}

/// What changed in a channel after a revision, read in one transaction with the channel's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Which channel.
    pub channel: ChannelId,
    /// The channel's newest change at the moment of reading.
    pub revision: Revision,
    /// Every change up to here is in the messages; `revision` when they are complete. It is never
    /// in the middle of a revision.
    pub reached: Revision,
    /// Every changed message in its present form, ascending by revision.
    pub messages: Vec<Message>,
    /// Whether these are all changes; when not, the client asks again with `reached`.
    pub complete: bool,
    /// The channel's own facts as of `revision`, as the person who asks sees it.
    pub view: ChannelView,
}

/// A fingerprint of a channel's newest messages, for comparing what two sides hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Which channel.
    pub channel: ChannelId,
    /// The channel's newest change at the moment of reading.
    pub revision: Revision,
    /// SHA-256, in hexadecimal, over `number:revision\n` of the newest messages, ascending.
    pub digest: String,
}
