//! What a picture's file says about itself, read without decoding anything.
//!
//! Every read is bounded: a file of any size and form costs a megabyte of memory at most, and never
//! more time than reading it once.

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use super::{isobmff, jpeg, webp};

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
    pub(super) fn new(media_type: &'static str) -> Self {
        Self { media_type, pixels: None, moving: false, cost: None }
    }
}

/// Reads the header of a picture; `None` when it is no picture that anything here has a word for.
///
/// # Errors
/// What the disk says.
pub fn read(mut source: impl BufRead + Seek) -> io::Result<Option<Header>> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let mut start = [0; 16];
    let got = fill(&mut source, &mut start)?;
    source.seek(SeekFrom::Start(0))?;
    let read = match &start[..got] {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => png(&mut source),
        [0xff, 0xd8, 0xff, ..] => jpeg::read(&mut source, length),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif(&mut source),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            webp::read(&mut source, length)
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => isobmff::read(&mut source),
        _ => Ok(None),
    };
    match read {
        // It ends before it has said what it is.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Ok(Some(header))
            if header.pixels.is_some_and(|(width, height)| width == 0 || height == 0) =>
        {
            Ok(Some(Header::new(header.media_type)))
        }
        read => read,
    }
}

/// Reads as much as there is.
fn fill(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match source.read(&mut into[got..])? {
            0 => break,
            count => got += count,
        }
    }
    Ok(got)
}

pub(super) fn array<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Bytes for that many pixels; the product of what a header claims does not overflow.
pub(super) fn bytes((width, height): (u32, u32), per_pixel: u64) -> u64 {
    u64::from(width).saturating_mul(u64::from(height)).saturating_mul(per_pixel)
}

/// PNG: chunks up to the first of the pixels.
fn png<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Header>> {
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
                    // A palette becomes colours, with what shows through.
                    _ => 4,
                };
            }
            // One colour shows through: a channel more.
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

/// GIF: blocks up to the second frame.
fn gif<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Header>> {
    source.seek(SeekFrom::Start(6))?;
    let [w1, w2, h1, h2, flags, _, _] = array(source)?;
    let pixels = (u32::from(u16::from_le_bytes([w1, w2])), u32::from(u16::from_le_bytes([h1, h2])));
    // The canvas and a frame of it.
    let cost = Some(bytes(pixels, 8));
    let moving = gif_moves(source, flags).unwrap_or(false);
    Ok(Some(Header { media_type: "image/gif", pixels: Some(pixels), moving, cost }))
}

fn gif_moves<R: BufRead + Seek>(source: &mut R, flags: u8) -> io::Result<bool> {
    source.seek_relative(color_table(flags))?;
    let mut frames = 0;
    for _ in 0..MAX_STEPS {
        match array(source)? {
            // An extension: its kind, then parts.
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
        // Parts of up to 255 bytes, the last of them empty.
        loop {
            match array(source)? {
                [0] => break,
                [length] => source.seek_relative(i64::from(length))?,
            }
        }
    }
    Ok(false)
}

/// Bytes of the table of colours that such flags announce.
fn color_table(flags: u8) -> i64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
