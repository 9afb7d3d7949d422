//! Pictures: recognised by their bytes, never by their name; and their thumbnails.
//!
//! [`header`] reads what a file says about itself, with a few bounded reads: that is enough to name
//! it, to keep its place in the list and to know what decoding it costs. Only then is it decoded, by
//! a process of its own ([`child`]) whose memory and time the system bounds: the same program, which
//! the server starts as [`workshop`] allows. Whatever happens to that process, the file is kept; at
//! worst it has no thumbnail.

pub mod child;
mod exif;
pub(super) mod header;
mod isobmff;
mod jpeg;
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
