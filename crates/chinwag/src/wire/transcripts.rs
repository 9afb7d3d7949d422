//! The lines of a transcript's `messages.jsonl`.

use serde::Serialize;

use super::forwards::Forwarded;
use super::lines::Line;
use super::time::rfc3339;
use super::users::User;
use crate::model::messages::Message;

/// A message of a transcript, in its present form. What others have is added later; no name of a field
/// changes.
#[derive(Serialize)]
pub struct TranscriptLine {
    /// Its number in the channel.
    pub number: i64,
    /// When the server stored it.
    pub at: String,
    /// Who wrote it.
    pub author: User,
    /// What they wrote; empty when it was deleted.
    pub text: String,
    /// What it carries of another message; left out when nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// The number of the message that it quotes; left out when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<i64>,
    /// The number of the message that begins its thread, if it is a reply. Replies come behind that message,
    /// unless they were sent to the channel too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<i64>,
    /// What happened, for a line that is no message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Line>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Whether a host or moderator deleted it, and not its author.
    pub removed: bool,
    /// Its files.
    pub files: Vec<TranscriptFile>,
}

/// A file of a message.
#[derive(Serialize)]
pub struct TranscriptFile {
    /// The name that it had on its sender's disk.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// The media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Where it is in the transcript; `null` when it was removed while the transcript was made.
    pub path: Option<String>,
}

impl TranscriptLine {
    /// The line of a message; `path_of` says where the file with that position is in the transcript.
    pub fn new(message: &Message, path_of: impl Fn(usize) -> Option<String>) -> Self {
        let files = message.attachments.iter().enumerate().map(|(position, file)| TranscriptFile {
            name: file.name.clone(),
            size: file.size_bytes,
            media_type: file.media_type.clone(),
            path: path_of(position),
        });
        Self {
            number: message.number.0,
            at: rfc3339(message.created_at),
            author: (&message.author).into(),
            text: message.text.clone(),
            forwarded: message.forwarded.as_ref().map(Forwarded::from),
            quote: message.quote.as_ref().map(|quote| quote.number.0),
            root: message.reply.map(|reply| reply.root.0),
            line: message.line.as_ref().map(Line::from),
            deleted: message.deleted_at.is_some() && message.line.is_none(),
            removed: message.removed,
            files: files.collect(),
        }
    }
}
