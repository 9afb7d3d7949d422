//! Entry point for fuzzers: arbitrary bytes as an uploaded picture.

use std::io::Cursor;

use super::pictures::format;
use super::pictures::thumbnail::{MAX_PIXELS, SIDES, decode};

/// The memory that a decoder is given, in bytes.
const MEMORY: u64 = 200 * 1024 * 1024;
/// Pixels of a thumbnail that is also encoded and read back; more would only take time.
const READ_BACK_PIXELS: u32 = 64 * 64;

/// Checks that the thumbnail of whatever is taken for a picture keeps the bounds, and is a picture
/// again.
pub fn picture(data: &[u8]) {
    let header = format::read(Cursor::new(data)).expect("memory can be read");
    // As in the server, a decoder is given as much memory as the header says that it takes.
    if header.is_none_or(|header| header.cost.is_none_or(|cost| cost > MEMORY)) {
        return;
    }
    let Some(small) = decode(Cursor::new(data), MEMORY) else { return };
    let (width, height) = small.pixels;
    assert!(u64::from(width) * u64::from(height) <= MAX_PIXELS);
    let (width, height) = (small.picture.width(), small.picture.height());
    assert!(width <= SIDES[0] && height <= SIDES[0]);
    if width.saturating_mul(height) > READ_BACK_PIXELS {
        return;
    }
    let thumb = small.encode(SIDES[0]).expect("a thumbnail can be encoded");
    let again = format::read(Cursor::new(&thumb[..])).expect("memory can be read");
    assert_eq!(again.and_then(|again| again.pixels), Some((width, height)));
    let again = decode(Cursor::new(&thumb[..]), MEMORY).expect("a thumbnail is a picture");
    assert_eq!(again.pixels, (width, height));
}
