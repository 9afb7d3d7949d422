//! Files that people send.

use super::ids::{ChannelId, Number, UploadId, UserId};
use super::time::Timestamp;

/// A file as a message shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The id of the file.
    pub id: UploadId,
    /// The name that it had on its sender's disk, without any path; 1–255 characters.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// The media type. The server decides it by the bytes when they are a known picture.
    pub media_type: String,
    /// Width and height in pixels, when it is a picture that browsers show.
    pub pixels: Option<(u32, u32)>,
    /// Whether it is a picture with several frames.
    pub moving: bool,
    /// Whether the server made a thumbnail.
    pub thumbnail: bool,
}

/// A stored file, and the message that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What a message shows of it.
    pub attachment: Attachment,
    /// The person who sent it.
    pub owner: UserId,
    /// When it was stored.
    pub created_at: Timestamp,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The message that carries it; `None` until one is posted.
    pub message: Option<(ChannelId, Number)>,
}
