//! Entry point for fuzzers: arbitrary bytes as an uploaded image.

use std::io::Cursor;

use super::pictures::{MAX_PIXELS, THUMBNAIL, decode, encode};

/// Pixels of a thumbnail that is also encoded and read back; more would only take time.
const READ_BACK_PIXELS: u32 = 64 * 64;

/// What is taken for an image keeps the bounds, and its thumbnail is an image again.
pub fn picture(data: &[u8]) {
    let Ok(Some((picture, small))) = decode(Cursor::new(data)) else { return };
    assert!(u64::from(picture.width) * u64::from(picture.height) <= MAX_PIXELS);
    assert!(small.width() <= THUMBNAIL && small.height() <= THUMBNAIL);
    if small.width().saturating_mul(small.height()) > READ_BACK_PIXELS {
        return;
    }
    let mut thumb = Vec::new();
    encode(&small, &mut thumb).expect("a thumbnail can be encoded");
    let again = decode(Cursor::new(&thumb[..])).expect("its bounds are kept");
    let (again, _) = again.expect("a thumbnail is an image");
    assert_eq!((again.width, again.height), (small.width(), small.height()));
}
