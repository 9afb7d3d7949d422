//! Pictures: recognised by their bytes, never by their name; and their thumbnails.
//!
//! [`format`] reads what a file says about itself, with a few bounded reads: its media type, its
//! size in pixels and the memory that decoding it takes. The picture is then decoded by a process
//! of its own ([`child`]), whose memory and time the system bounds. It is the same program; the
//! server starts it as [`workshop`] allows. Whatever happens to that process, the file is kept; at
//! worst it has no thumbnail.

pub mod child;
mod exif;
pub(super) mod format;
mod gif;
pub(super) mod header;
mod isobmff;
mod jpeg;
mod png;
pub(super) mod squares;
pub(super) mod thumbnail;
mod webp;
pub(super) mod workshop;

/// A picture that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its media type.
    pub media_type: &'static str,
    /// Width and height in pixels, as it is shown; `None` when browsers do not show it, or when its
    /// bytes do not say.
    pub pixels: Option<(u32, u32)>,
    /// Whether it has several frames.
    pub moving: bool,
    /// Whether a thumbnail was made.
    pub thumbnail: bool,
}
