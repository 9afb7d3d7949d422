//! GIF: blocks up to the second frame.

use std::io::{self, BufRead, Seek, SeekFrom};

use super::header::{Header, MAX_STEPS, array, bytes};

pub(super) fn read<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Header>> {
    source.seek(SeekFrom::Start(6))?;
    let [w1, w2, h1, h2, flags, _, _] = array(source)?;
    let pixels = (u32::from(u16::from_le_bytes([w1, w2])), u32::from(u16::from_le_bytes([h1, h2])));
    // The canvas and one frame of the same size, four bytes a pixel each.
    let cost = Some(bytes(pixels, 8));
    let moving = moves(source, flags).unwrap_or(false);
    Ok(Some(Header { media_type: "image/gif", pixels: Some(pixels), moving, cost }))
}

/// Whether the file has a second frame.
fn moves<R: BufRead + Seek>(source: &mut R, flags: u8) -> io::Result<bool> {
    source.seek_relative(color_table(flags))?;
    let mut frames = 0;
    for _ in 0..MAX_STEPS {
        match array(source)? {
            // An extension: its kind, then its parts.
            [0x21] => source.seek_relative(1)?,
            [0x2c] => {
                frames += 1;
                if frames == 2 {
                    return Ok(true);
                }
                let [.., flags] = array::<9>(source)?;
                source.seek_relative(color_table(flags) + 1)?;
            }
            _ => return Ok(false),
        }
        // Parts of up to 255 bytes follow; the last one is empty.
        loop {
            match array(source)? {
                [0] => break,
                [length] => source.seek_relative(i64::from(length))?,
            }
        }
    }
    Ok(false)
}

/// The length of the colour table that these flags announce, in bytes.
fn color_table(flags: u8) -> i64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
