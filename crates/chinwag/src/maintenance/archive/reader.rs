//! Reading a backup without trusting it: every name, length and byte is checked.

use std::io::{self, BufRead, BufReader, Read, Write};

use sha2::{Digest as _, Sha256};

use super::{BLOCK, Counts, END_BLOCKS, Line, MAX_LINE, Name, SEAL_BYTES, padding, seal};

/// Why an archive cannot be read any further.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Flaw {
    /// The file of the archive cannot be read.
    #[error("it cannot be read: {0}")]
    Read(io::Error),
    /// The file that an entry is copied to cannot be written.
    #[error("{0}")]
    Write(io::Error),
    /// The archive is not as it was written. The text says where and how.
    #[error("{0}")]
    Damage(String),
}

/// A reader of a backup, entry by entry.
pub(crate) struct Reader<R> {
    from: R,
    /// The SHA-256 of every byte that was read.
    hasher: Sha256,
    /// How many bytes were read.
    at: u64,
}

impl<R: Read> Reader<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, hasher: Sha256::new(), at: 0 }
    }

    /// Reads the header of the next entry: its name and length. Its bytes follow.
    pub(crate) fn entry(&mut self) -> Result<(Name, u64), Flaw> {
        let at = self.at;
        let damaged = |what: &str| Flaw::Damage(format!("{what} at byte {at}"));
        let mut block = [0; BLOCK];
        self.read(&mut block)?;
        if block == [0; BLOCK] {
            return Err(damaged("it ends without a manifest"));
        }
        let head = tar::Header::from_byte_slice(&block);
        let mut sum = head.clone();
        sum.set_cksum();
        if sum.as_bytes() != head.as_bytes() {
            return Err(damaged("the head of an entry is damaged"));
        }
        let path = head.path_bytes();
        let name = Name::parse(&path).filter(|_| head.entry_type() == tar::EntryType::Regular);
        let name = name.ok_or_else(|| {
            let path = String::from_utf8_lossy(&path).into_owned();
            damaged(&format!("it holds an entry that no backup has ({path:?})"))
        })?;
        let bytes = head.entry_size().map_err(|_| damaged("an entry has no length"))?;
        Ok((name, bytes))
    }

    /// Copies the bytes of an entry to `to`; returns their SHA-256.
    pub(crate) fn copy(
        &mut self,
        name: Name,
        bytes: u64,
        to: &mut impl Write,
    ) -> Result<[u8; 32], Flaw> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut left = bytes;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let part = &mut buffer[..most];
            self.read(part).map_err(|flaw| within(flaw, name))?;
            hasher.update(&*part);
            to.write_all(part).map_err(Flaw::Write)?;
            left -= most as u64;
        }
        self.skip(padding(bytes))?;
        Ok(hasher.finalize().into())
    }

    /// Reads the manifest and the end of the archive. Compares the manifest with `seen`, the lines about
    /// the entries as they were read.
    pub(crate) fn manifest(
        &mut self,
        bytes: u64,
        entries: u64,
        seen: &mut impl BufRead,
    ) -> Result<Counts, Flaw> {
        let lines = bytes.checked_sub(SEAL_BYTES);
        let lines = lines.ok_or_else(|| Flaw::Damage("its manifest is too short".to_owned()))?;
        let mut body = BufReader::new(Body { reader: self, left: lines });
        let counts = next_line(&mut body)?;
        let counts: Counts = serde_json::from_slice(&counts)
            .map_err(|_| Flaw::Damage("its manifest is damaged".to_owned()))?;
        loop {
            let (listed, read) = (next_line(&mut body)?, next_line(seen)?);
            if listed.is_empty() && read.is_empty() {
                break;
            }
            if listed != read {
                return Err(differs(&listed, &read));
            }
        }
        if counts.entries != entries {
            return Err(Flaw::Damage("its manifest counts its entries wrongly".to_owned()));
        }
        self.end(bytes)?;
        Ok(counts)
    }

    /// Checks the seal, and that only zeros follow it.
    fn end(&mut self, manifest_bytes: u64) -> Result<(), Flaw> {
        let expected = seal(self.hasher.clone().finalize().into());
        let mut found = [0; SEAL_BYTES as usize];
        self.read(&mut found)?;
        if found != expected.as_bytes() {
            return Err(Flaw::Damage("its seal does not fit: bytes were changed".to_owned()));
        }
        self.skip(padding(manifest_bytes) + BLOCK * END_BLOCKS)?;
        match self.from.read(&mut [0; 1]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Flaw::Damage(format!("it goes on behind its end at byte {}", self.at))),
            Err(error) => Err(Flaw::Read(error)),
        }
    }

    /// Reads bytes that must be zero.
    fn skip(&mut self, bytes: usize) -> Result<(), Flaw> {
        let mut zeros = vec![0; bytes];
        self.read(&mut zeros)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(Flaw::Damage(format!("bytes before {} are not empty", self.at)));
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<(), Flaw> {
        self.from.read_exact(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Flaw::Damage(format!("it is cut off after byte {}", self.at))
            }
            _ => Flaw::Read(error),
        })?;
        self.hasher.update(&*buffer);
        self.at += buffer.len() as u64;
        Ok(())
    }
}

/// The lines of the manifest before the seal, for a buffered reader. A [`Flaw`] passes through it
/// inside an `io::Error`.
struct Body<'a, R> {
    reader: &'a mut Reader<R>,
    left: u64,
}

impl<R: Read> Read for Body<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        self.reader.read(&mut buffer[..most]).map_err(io::Error::other)?;
        self.left -= most as u64;
        Ok(most)
    }
}

/// The next line with its line feed; empty at the end.
fn next_line(from: &mut impl BufRead) -> Result<Vec<u8>, Flaw> {
    let mut line = Vec::new();
    from.take(MAX_LINE).read_until(b'\n', &mut line).map_err(|error| {
        match error.downcast::<Flaw>() {
            Ok(flaw) => flaw,
            Err(error) => Flaw::Read(error),
        }
    })?;
    Ok(line)
}

/// The flaw of a manifest whose line differs from the entry that was read.
fn differs(listed: &[u8], read: &[u8]) -> Flaw {
    let path = |line: &[u8]| serde_json::from_slice::<Line>(line).ok().map(|line| line.path);
    Flaw::Damage(match (path(listed), path(read)) {
        (Some(listed), Some(read)) if listed == read => {
            format!("{read} does not hold the bytes that its manifest names")
        }
        (_, Some(read)) => format!("{read} is not where its manifest has it"),
        (Some(listed), None) => format!("{listed} is missing"),
        (None, None) => "its manifest is damaged".to_owned(),
    })
}

/// A flaw, with the entry that it is in.
fn within(flaw: Flaw, name: Name) -> Flaw {
    match flaw {
        Flaw::Damage(what) => Flaw::Damage(format!("{what}, in {}", name.path())),
        other => other,
    }
}
