//! Which format a file has, by its first bytes; and its header.

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use super::header::Header;
use super::{gif, isobmff, jpeg, png, webp};

/// Reads the header of a picture; `None` when it is no picture of a known format.
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
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => png::read(&mut source),
        [0xff, 0xd8, 0xff, ..] => jpeg::read(&mut source, length),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif::read(&mut source),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            webp::read(&mut source, length)
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => isobmff::read(&mut source),
        _ => Ok(None),
    };
    match read {
        // The file ends before its header does.
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
