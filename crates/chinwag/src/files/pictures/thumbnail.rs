//! The thumbnail of a picture.
//!
//! The picture is decoded and encoded anew, so that no metadata (place, camera) and no trick of the
//! original survives. The colour profile is kept, so that the colours stay the same.

use std::io::{BufRead, Seek, Write};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageEncoder, ImageReader, Limits};

/// The most pixels that are decoded: as many as a 50-megapixel camera makes.
pub(in crate::files) const MAX_PIXELS: u64 = 50_000_000;
/// The longer side of a thumbnail, in pixels. It is shown at 320; the largest is for screens with
/// two pixels for one. The smaller ones are for pictures whose own file is smaller than that.
pub(in crate::files) const SIDES: [u32; 3] = [640, 320, 160];
/// The sides of a person's picture, in pixels: it is shown at 36 and at 72, on screens with up to three
/// pixels for one.
pub(in crate::files) const SQUARES: [u32; 3] = [216, 108, 72];
/// The quality of a JPEG, 1–100.
const QUALITY: u8 = 82;
/// The longest colour profile that is kept, in bytes: what fits into one segment of a JPEG.
const MAX_PROFILE: usize = 65_000;

/// A decoded picture, scaled down and turned as it is to be shown.
pub(in crate::files) struct Small {
    /// Width and height of the picture itself, as it is shown.
    pub(in crate::files) pixels: (u32, u32),
    /// At most the largest of [`SIDES`] on its longer side, 8 bits for each channel.
    pub(in crate::files) picture: DynamicImage,
    profile: Option<Vec<u8>>,
}

/// Decodes a picture, with at most `memory` bytes as far as the decoder counts them. `None` when it
/// cannot be decoded.
pub(in crate::files) fn decode(source: impl BufRead + Seek, memory: u64) -> Option<Small> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(memory);
    let mut reader = ImageReader::new(source).with_guessed_format().ok()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return None;
    }
    decoder.set_limits(limits).ok()?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let small = shrunk(&picture, SIDES[0]);
    drop(picture);
    let mut small = plain(small);
    // The small picture is turned, because turning the large one would hold it twice.
    small.apply_orientation(orientation);
    let profile = profile.filter(|profile| fits(profile, &small));
    Some(Small {
        pixels: super::exif::turned((width, height), orientation),
        picture: small,
        profile,
    })
}

/// Scales a picture to at most `side` pixels on its longer side. It is never made larger.
fn shrunk(picture: &DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (picture.width().max(1), picture.height().max(1));
    picture.thumbnail(side.min(width), side.min(height))
}

/// Makes it 8 bits for each channel, and removes transparency that nobody sees.
fn plain(picture: DynamicImage) -> DynamicImage {
    let color = picture.color();
    let transparent = color.has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel[3] < 255);
    match (color.has_color(), transparent) {
        (true, true) => picture.into_rgba8().into(),
        (true, false) => picture.into_rgb8().into(),
        (false, true) => picture.into_luma_alpha8().into(),
        (false, false) => picture.into_luma8().into(),
    }
}

/// Whether a profile is for pixels of this kind. A profile for printing is not: the decoder has made
/// colours of a screen from the colours of the file.
fn fits(profile: &[u8], picture: &DynamicImage) -> bool {
    let wanted: &[u8] = if picture.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.len() <= MAX_PROFILE && profile.get(16..20) == Some(wanted)
}

impl Small {
    /// The largest thumbnail with fewer bytes than the picture's own `length`. `None` when there is
    /// none: the picture is then its own thumbnail.
    pub(in crate::files) fn encode_below(
        &self,
        length: u64,
    ) -> image::ImageResult<Option<Vec<u8>>> {
        for side in SIDES {
            let encoded = self.encode(side)?;
            if u64::try_from(encoded.len()).is_ok_and(|bytes| bytes < length) {
                return Ok(Some(encoded));
            }
            if self.picture.width().max(self.picture.height()) < side {
                break;
            }
        }
        Ok(None)
    }

    /// Encodes a thumbnail as JPEG, or as PNG where the picture has transparency.
    pub(in crate::files) fn encode(&self, side: u32) -> image::ImageResult<Vec<u8>> {
        self.encoded(&shrunk(&self.picture, side))
    }

    fn encoded(&self, picture: &DynamicImage) -> image::ImageResult<Vec<u8>> {
        let mut out = Vec::new();
        if picture.color().has_alpha() {
            self.write(picture, PngEncoder::new(&mut out))?;
        } else {
            self.write(picture, JpegEncoder::new_with_quality(&mut out, QUALITY))?;
        }
        out.flush()?;
        Ok(out)
    }

    /// The middle of the picture as squares with sides of [`SQUARES`], the largest first. The picture is
    /// not made larger: of one that is smaller there is one square, as large as it is.
    pub(in crate::files) fn squares(&self) -> image::ImageResult<Vec<(u32, Vec<u8>)>> {
        let (width, height) = (self.picture.width().max(1), self.picture.height().max(1));
        let side = width.min(height);
        let middle = self.picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
        let mut sides: Vec<u32> = SQUARES.into_iter().filter(|square| *square <= side).collect();
        if sides.is_empty() {
            sides.push(side);
        }
        let square = |side| {
            let picture = middle.resize_exact(side, side, image::imageops::FilterType::Triangle);
            Ok((side, self.encoded(&picture)?))
        };
        sides.into_iter().map(square).collect()
    }

    fn write(
        &self,
        picture: &DynamicImage,
        mut encoder: impl ImageEncoder,
    ) -> image::ImageResult<()> {
        if let Some(profile) = &self.profile {
            // Both encoders know profiles.
            let _ = encoder.set_icc_profile(profile.clone());
        }
        picture.write_with_encoder(encoder)
    }
}
