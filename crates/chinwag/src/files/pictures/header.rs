//! What a picture's file says about itself, read without decoding anything; and what the readers of
//! all formats share.
//!
//! Every read is bounded: a file of any size and form costs a megabyte of memory at most, and never
//! more time than reading it once.

use std::io::{self, Read};

/// The most blocks of a file that are looked at. A picture of ten minutes at 50 frames a second has
/// fewer frames.
pub(super) const MAX_STEPS: usize = 40_000;

/// What is known of a picture before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its media type.
    pub media_type: &'static str,
    /// Width and height in pixels, as it is shown; `None` when browsers do not show it, or when its
    /// bytes do not say.
    pub pixels: Option<(u32, u32)>,
    /// Whether it has several frames.
    pub moving: bool,
    /// The memory that decoding takes, in bytes; `None` when the server does not decode its kind.
    pub cost: Option<u64>,
}

impl Header {
    /// What is known when only the media type is.
    pub(super) fn new(media_type: &'static str) -> Self {
        Self { media_type, pixels: None, moving: false, cost: None }
    }
}

/// Reads as many bytes as the array has.
pub(super) fn array<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The bytes that so many pixels take. Numbers that a header only claims do not overflow.
pub(super) fn bytes((width, height): (u32, u32), per_pixel: u64) -> u64 {
    u64::from(width).saturating_mul(u64::from(height)).saturating_mul(per_pixel)
}
