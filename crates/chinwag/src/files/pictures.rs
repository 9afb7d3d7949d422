//! Images: recognised by their bytes, never by their name; and their thumbnails.
//!
//! A thumbnail is decoded and encoded anew, so that no metadata (place, camera) and no trick of the
//! original survives in it.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use super::Error;

/// The most pixels that are decoded: a 50-megapixel camera's.
pub(super) const MAX_PIXELS: u64 = 50_000_000;
/// The most memory that decoding one image takes, in bytes.
const MAX_ALLOC: u64 = 512 * 1024 * 1024;
/// The longer side of a thumbnail, in pixels: 320 as shown, for screens of two pixels to one.
pub(super) const THUMBNAIL: u32 = 640;
/// JPEG's quality, 1–100.
const QUALITY: u8 = 82;

/// An image that a browser shows.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// Its media type.
    pub media_type: &'static str,
    /// Width in pixels, as it is shown.
    pub width: u32,
    /// Height in pixels, as it is shown.
    pub height: u32,
    /// Whether a thumbnail was made.
    pub thumbnail: bool,
}

/// Recognises an image and makes its thumbnail. `None` when it is no image that is shown.
pub(super) fn read(source: &Path, thumb: &Path) -> Result<Option<Picture>, Error> {
    let Some((picture, small)) = decode(BufReader::new(File::open(source)?))? else {
        return Ok(None);
    };
    let mut out = BufWriter::new(File::create(thumb)?);
    encode(&small, &mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    // Its name too: the row that tells of it is on disk before the next sync of the folder.
    if let Some(folder) = thumb.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(Some(picture))
}

/// An image and its thumbnail, not yet encoded. `None` when it is no image that is shown.
pub(super) fn decode(
    source: impl BufRead + Seek,
) -> Result<Option<(Picture, DynamicImage)>, Error> {
    let reader = ImageReader::new(source).with_guessed_format()?;
    let Some(media_type) = reader.format().and_then(media_type) else { return Ok(None) };
    // A file that only begins like an image is a file like any other.
    let Ok(mut decoder) = reader.into_decoder() else { return Ok(None) };
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Error::ImageTooBig);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    if decoder.set_limits(limits).is_err() {
        return Err(Error::ImageTooBig);
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let Ok(mut picture) = DynamicImage::from_decoder(decoder) else { return Ok(None) };
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let small = picture.thumbnail(THUMBNAIL.min(width.max(1)), THUMBNAIL.min(height.max(1)));
    Ok(Some((Picture { media_type, width, height, thumbnail: true }, small)))
}

fn media_type(format: ImageFormat) -> Option<&'static str> {
    match format {
        ImageFormat::Png => Some("image/png"),
        ImageFormat::Jpeg => Some("image/jpeg"),
        ImageFormat::Gif => Some("image/gif"),
        ImageFormat::WebP => Some("image/webp"),
        _ => None,
    }
}

/// JPEG, or PNG where something shows through.
pub(super) fn encode(picture: &DynamicImage, out: impl Write) -> Result<(), Error> {
    let written = if picture.color().has_alpha() {
        picture.write_with_encoder(image::codecs::png::PngEncoder::new(out))
    } else {
        picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(out, QUALITY))
    };
    written.map_err(|error| Error::Io(std::io::Error::other(error)))
}
