//! Forwards: a message may carry what another message said. It is a copy, which stays when the original goes.

use super::ids::{ChannelId, Number, UploadId};
use super::time::Timestamp;
use super::uploads::Attachment;
use super::users::User;

/// What a message carries of another one. Where that stands is told to nobody: it may be a private place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Who wrote it.
    pub author: User,
    /// What they wrote; empty when it had only files.
    pub text: String,
    /// When it was posted.
    pub at: Timestamp,
}

/// Which message is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Where it was posted.
    pub channel: ChannelId,
    /// Its number there.
    pub number: Number,
}

/// A message to be forwarded, as far as its copy has to be made before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwardable {
    /// Its files.
    pub files: Vec<Attachment>,
    /// The bytes of its text.
    pub bytes: usize,
}

/// A copy of a file on disk, under an id of its own, which no row names yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileCopy {
    /// The file.
    pub of: UploadId,
    /// Its copy.
    pub id: UploadId,
}

/// A message to be forwarded, with the copies of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewForward {
    /// Which message.
    pub source: Source,
    /// A copy of each of its files.
    pub copies: Vec<FileCopy>,
}

/// What a message says where its parts cannot be told apart: the comment, and what is forwarded as a quotation.
#[must_use]
pub fn as_one_text(text: &str, forwarded: Option<&Forwarded>) -> String {
    let Some(Forwarded { author, text: carried, .. }) = forwarded else { return text.to_owned() };
    let mut lines: Vec<String> = Vec::new();
    if !text.is_empty() {
        lines.extend([text.to_owned(), String::new()]);
    }
    lines.push(format!("> {}:", author.name));
    lines.extend(carried.lines().map(|line| format!("> {line}")));
    lines.join("\n")
}
