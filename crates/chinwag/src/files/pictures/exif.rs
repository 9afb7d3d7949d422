//! Which way up a picture is.

use image::metadata::Orientation;

/// The orientation that an Exif block says, without its `Exif` marker.
pub(super) fn orientation(block: &[u8]) -> Orientation {
    Orientation::from_exif_chunk(block).unwrap_or(Orientation::NoTransforms)
}

/// Width and height of a picture after it is turned that way.
pub(super) fn turned((width, height): (u32, u32), by: Orientation) -> (u32, u32) {
    use Orientation as O;
    match by {
        O::Rotate90 | O::Rotate270 | O::Rotate90FlipH | O::Rotate270FlipH => (height, width),
        O::NoTransforms | O::Rotate180 | O::FlipHorizontal | O::FlipVertical => (width, height),
    }
}
