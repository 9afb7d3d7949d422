//! PNG and APNG: chunks up to the first one with pixels.

use std::io::{self, BufRead, Seek, SeekFrom};

use super::header::{Header, MAX_STEPS, array, bytes};

pub(super) fn read<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Header>> {
    source.seek(SeekFrom::Start(8))?;
    let mut header = Header::new("image/png");
    let (mut channels, mut depth) = (4, 1);
    for _ in 0..MAX_STEPS {
        let [a, b, c, d, kind @ ..] = array::<8>(source)?;
        let mut left = u64::from(u32::from_be_bytes([a, b, c, d]));
        match &kind {
            b"IHDR" => {
                let [w1, w2, w3, w4, h1, h2, h3, h4, bits, color] = array(source)?;
                left = left.saturating_sub(10);
                let pixels =
                    (u32::from_be_bytes([w1, w2, w3, w4]), u32::from_be_bytes([h1, h2, h3, h4]));
                header.pixels = Some(pixels);
                depth = if bits == 16 { 2 } else { 1 };
                channels = match color {
                    0 => 1,
                    2 => 3,
                    4 => 2,
                    // A palette becomes colours with transparency.
                    _ => 4,
                };
            }
            // One colour is transparent, which takes one more channel.
            b"tRNS" if channels < 4 => channels += 1,
            b"acTL" => header.moving = true,
            b"IDAT" | b"IEND" => break,
            _ => {}
        }
        let skip = i64::try_from(left + 4).unwrap_or(i64::MAX);
        source.seek_relative(skip)?;
    }
    if header.moving {
        header.media_type = "image/apng";
    }
    header.cost = header.pixels.map(|pixels| bytes(pixels, channels * depth));
    Ok(header.pixels.map(|_| header))
}
