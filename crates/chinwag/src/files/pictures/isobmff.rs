//! AVIF, which browsers show, and HEIC, which they do not: both are boxes in boxes (ISO 14496-12).
//! The server decodes neither.

use std::io::{self, BufRead, Read as _, Seek};

use super::header::{Header, array};

/// Brands that the `ftyp` box of a picture names.
const HEIC: [&[u8; 4]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];
const HEIF: [&[u8; 4]; 2] = [b"mif1", b"msf1"];
const AVIF: [&[u8; 4]; 2] = [b"avif", b"avis"];
/// The longest list of brands that is read, in bytes.
const MAX_BRANDS: u64 = 256;
/// The longest `meta` box that is read, in bytes.
const MAX_META: u64 = 1024 * 1024;
/// The most boxes that are looked at to find the `meta` box.
const MAX_BOXES: usize = 64;

/// Reads the header of an AVIF or HEIC; `None` when it is none.
pub(super) fn read<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Header>> {
    let (_, length) = head(source)?;
    if !(8..=MAX_BRANDS).contains(&length) {
        return Ok(None);
    }
    let mut brands = vec![0; usize::try_from(length).unwrap_or(0)];
    source.read_exact(&mut brands)?;
    let Some((media_type, moving)) = kind(&brands) else { return Ok(None) };
    let mut header = Header::new(media_type);
    if media_type == "image/avif" {
        header.moving = moving;
        header.pixels = find_meta(source)?.as_deref().and_then(pixels);
    }
    Ok(Some(header))
}

/// The media type of a file that names these brands, and whether it has several frames.
fn kind(brands: &[u8]) -> Option<(&'static str, bool)> {
    let major = brands.get(..4)?;
    let all = || [major].into_iter().chain(brands.get(8..).unwrap_or_default().chunks_exact(4));
    let names = |some: &[&[u8; 4]]| all().any(|brand| some.iter().any(|one| brand == *one));
    if names(&AVIF) {
        return Some(("image/avif", major == b"avis"));
    }
    if names(&HEIC) {
        return Some(("image/heic", false));
    }
    HEIF.iter().any(|one| major == *one).then_some(("image/heif", false))
}

/// What is in the `meta` box.
fn find_meta<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Vec<u8>>> {
    for _ in 0..MAX_BOXES {
        let (kind, length) = match head(source) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        };
        if &kind == b"meta" {
            let mut meta = Vec::new();
            source.take(length.min(MAX_META)).read_to_end(&mut meta)?;
            return Ok(Some(meta));
        }
        source.seek_relative(i64::try_from(length).unwrap_or(i64::MAX))?;
    }
    Ok(None)
}

/// Reads the head of a box: its kind, and the length of what is in it.
fn head(source: &mut impl BufRead) -> io::Result<([u8; 4], u64)> {
    let [a, b, c, d, kind @ ..] = array::<8>(source)?;
    let length = match u32::from_be_bytes([a, b, c, d]) {
        1 => u64::from_be_bytes(array(source)?).saturating_sub(16),
        length => u64::from(length).saturating_sub(8),
    };
    Ok((kind, length))
}

/// Width and height of the largest item that a `meta` box describes, turned as it is to be shown.
fn pixels(meta: &[u8]) -> Option<(u32, u32)> {
    // Four bytes of version and flags come first.
    let properties = inside(inside(meta.get(4..)?, b"iprp")?, b"ipco")?;
    let mut largest: Option<(u32, u32)> = None;
    let mut turned = false;
    for (kind, body) in boxes(properties) {
        match (kind, body) {
            (b"ispe", [_, _, _, _, w1, w2, w3, w4, h1, h2, h3, h4]) => {
                let size = (
                    u32::from_be_bytes([*w1, *w2, *w3, *w4]),
                    u32::from_be_bytes([*h1, *h2, *h3, *h4]),
                );
                let area = |(width, height)| u64::from(width) * u64::from(height);
                if largest.is_none_or(|known| area(size) > area(known)) {
                    largest = Some(size);
                }
            }
            // The angle, in quarters of a circle.
            (b"irot", [quarters]) => turned = quarters & 1 == 1,
            _ => {}
        }
    }
    let (width, height) = largest.filter(|(width, height)| *width > 0 && *height > 0)?;
    Some(if turned { (height, width) } else { (width, height) })
}

/// What is in the first box of that kind.
fn inside<'a>(bytes: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(kind, _)| *kind == wanted).map(|(_, body)| body)
}

/// The boxes that lie side by side. Ends at the first one whose length is wrong.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*head)).ok()?.checked_sub(8)?;
        let (body, next) = rest.split_at_checked(length)?;
        bytes = next;
        Some((kind, body))
    })
}
