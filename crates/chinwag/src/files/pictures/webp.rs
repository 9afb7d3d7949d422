//! WebP: the chunk that says how large the picture is.

use std::io::{self, BufRead, Seek, SeekFrom};

use super::header::{Header, array, bytes};

/// The flag in `VP8X` for several frames.
const MOVES: u8 = 0x02;
/// The flag in `VP8X` for transparency.
const ALPHA: u8 = 0x10;

/// Reads the header of a WebP; `None` when it is none.
pub(super) fn read<R: BufRead + Seek>(source: &mut R, length: u64) -> io::Result<Option<Header>> {
    source.seek(SeekFrom::Start(12))?;
    let [kind @ .., _, _, _, _] = array::<8>(source)?;
    let (pixels, moving, per_pixel) = match &kind {
        b"VP8X" => {
            let [flags, _, _, _, w1, w2, w3, h1, h2, h3] = array(source)?;
            let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
            // The decoded planes and the colours made of them; more with transparency or frames.
            let per_pixel = if flags & (MOVES | ALPHA) == 0 { 5 } else { 12 };
            ((side(w1, w2, w3), side(h1, h2, h3)), flags & MOVES != 0, per_pixel)
        }
        b"VP8L" => {
            let [_, bits @ ..] = array::<5>(source)?;
            let bits = u32::from_le_bytes(bits);
            (((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1), false, 9)
        }
        b"VP8 " => {
            let [_, _, _, _, _, _, w1, w2, h1, h2] = array(source)?;
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            ((side(w1, w2), side(h1, h2)), false, 5)
        }
        _ => return Ok(None),
    };
    // The decoder holds its part of the file beside the pixels.
    let cost = Some(bytes(pixels, per_pixel).saturating_add(length));
    Ok(Some(Header { media_type: "image/webp", pixels: Some(pixels), moving, cost }))
}
