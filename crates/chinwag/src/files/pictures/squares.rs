//! The squares of a person's picture as one file: the process that makes them writes it, and the server
//! reads it once.
//!
//! For each square there are its side and its length in bytes, four bytes each with the highest first,
//! and its bytes.

/// The most squares.
const MAX: usize = 3;
/// The most bytes of a square.
const MAX_BYTES: usize = 512 * 1024;

/// Writes the squares, each with its side in pixels. `None` when one is too large.
pub(super) fn write(squares: &[(u32, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for (side, bytes) in squares.iter().take(MAX) {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        out.extend(side.to_be_bytes());
        out.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
        out.extend(bytes);
    }
    Some(out)
}

/// Reads what [`write`] wrote. `None` when it is something else.
pub(in crate::files) fn read(mut from: &[u8]) -> Option<Vec<(u32, Vec<u8>)>> {
    let mut squares = Vec::new();
    while !from.is_empty() {
        let (side, rest) = from.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        if squares.len() >= MAX || length > MAX_BYTES {
            return None;
        }
        let (bytes, rest) = rest.split_at_checked(length)?;
        squares.push((u32::from_be_bytes(*side), bytes.to_vec()));
        from = rest;
    }
    (!squares.is_empty()).then_some(squares)
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, read, write};

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        let squares = vec![(216, vec![7; 300]), (72, vec![])];
        let written = write(&squares).unwrap();
        assert_eq!(read(&written), Some(squares));
        assert_eq!(write(&[(1, vec![0; MAX_BYTES + 1])]), None);
        for cut in 1..8 {
            assert_eq!(read(&written[..written.len() - cut]), None, "{cut}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0, 0, 0, 1, 255, 255, 255, 255]), None);
    }
}
