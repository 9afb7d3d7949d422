//! Files on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model;

/// A file as a message shows it: at `/files/{id}/{name}`, its thumbnail at `/thumbnails/{id}`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// Its id.
    pub id: String,
    /// Its name, without any path.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// The media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Width in pixels, when it is a picture that browsers show.
    #[schema(required)]
    pub width: Option<u32>,
    /// Height in pixels, when it is a picture that browsers show.
    #[schema(required)]
    pub height: Option<u32>,
    /// Whether it is a picture of several frames. Its thumbnail, if there is one, does not move.
    pub moving: bool,
    /// Whether there is a thumbnail: at most 640 pixels on its long side, and never of more bytes
    /// than the picture itself.
    pub thumbnail: bool,
}

impl From<&model::uploads::Attachment> for Attachment {
    fn from(attachment: &model::uploads::Attachment) -> Self {
        Self {
            id: attachment.id.to_string(),
            name: attachment.name.clone(),
            size: attachment.size_bytes,
            media_type: attachment.media_type.clone(),
            width: attachment.pixels.map(|(width, _)| width),
            height: attachment.pixels.map(|(_, height)| height),
            moving: attachment.moving,
            thumbnail: attachment.thumbnail,
        }
    }
}
