//! JPEG: segments up to the one that says how large the picture is.

use std::io::{self, BufRead, Read as _, Seek};

use image::metadata::Orientation;

use super::exif::{orientation, turned};
use super::header::{Header, MAX_STEPS, array, bytes};

/// The longest Exif block, in bytes: a whole segment.
const MAX_EXIF: usize = 65_535;
const EXIF: &[u8; 6] = b"Exif\0\0";

/// Reads the header of a JPEG; `None` when it is none.
pub(super) fn read<R: BufRead + Seek>(source: &mut R, length: u64) -> io::Result<Option<Header>> {
    source.seek_relative(2)?;
    let mut turn = Orientation::NoTransforms;
    for _ in 0..MAX_STEPS {
        let Some(marker) = marker(source)? else { return Ok(None) };
        // Markers without a length.
        if matches!(marker, 0x01 | 0xd0..=0xd8) {
            continue;
        }
        if matches!(marker, 0xd9 | 0xda) {
            return Ok(None);
        }
        let length_of_segment = u64::from(u16::from_be_bytes(array(source)?)).saturating_sub(2);
        match marker {
            // The frames; 0xc4, 0xc8 and 0xcc are no frames.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let frame = frame(source, marker)?;
                return Ok(frame.map(|(pixels, cost)| Header {
                    media_type: "image/jpeg",
                    pixels: Some(turned(pixels, turn)),
                    moving: false,
                    // The decoder holds the file beside the pixels.
                    cost: Some(cost.saturating_add(length)),
                }));
            }
            0xe1 => {
                let mut block =
                    vec![0; MAX_EXIF.min(usize::try_from(length_of_segment).unwrap_or(0))];
                source.read_exact(&mut block)?;
                if let Some(exif) = block.strip_prefix(EXIF) {
                    turn = orientation(exif);
                }
            }
            _ => source.seek_relative(i64::try_from(length_of_segment).unwrap_or(0))?,
        }
    }
    Ok(None)
}

/// The next marker; any number of `ff` may stand before it. `None` where there is none.
fn marker(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    let [first] = array(source)?;
    if first != 0xff {
        return Ok(None);
    }
    for byte in source.bytes().take(MAX_STEPS) {
        match byte? {
            0xff => {}
            marker => return Ok(Some(marker)),
        }
    }
    Ok(None)
}

/// Width and height as stored, and the memory that the pixels take, in bytes.
fn frame(source: &mut impl BufRead, marker: u8) -> io::Result<Option<((u32, u32), u64)>> {
    let [_, h1, h2, w1, w2, count] = array(source)?;
    let pixels = (u32::from(u16::from_be_bytes([w1, w2])), u32::from(u16::from_be_bytes([h1, h2])));
    let (mut samples, mut most) = (0, 1);
    for _ in 0..count.min(4) {
        let [_, factors, _] = array(source)?;
        let product = u64::from(factors >> 4) * u64::from(factors & 15);
        samples += product;
        most = most.max(product);
    }
    if count == 0 {
        return Ok(None);
    }
    let shown = bytes(pixels, if count == 1 { 1 } else { 3 });
    // A progressive picture is held whole between its passes, two bytes for each sample.
    let is_progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
    let held = if is_progressive { bytes(pixels, 2 * samples) / most } else { 0 };
    Ok(Some((pixels, shown.saturating_add(held))))
}
