//! Writing a backup, entry by entry; nothing is held in memory whole.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Seek as _, Write};

use sha2::{Digest as _, Sha256};

use super::{BLOCK, Counts, END_BLOCKS, Line, Name, SEAL_BYTES, filling, line, seal};

/// A backup that is being written.
pub(crate) struct Writer {
    out: BufWriter<File>,
    /// Of every byte that was written.
    digest: Sha256,
    /// The manifest's lines, in a file until it is their turn.
    lines: BufWriter<File>,
    entries: u64,
    /// When it was made, in seconds since 1970; every entry bears it.
    made_at_s: u64,
}

impl Writer {
    /// Writes to `out`, with `lines` as a place for notes. Both are empty.
    pub(crate) fn new(out: File, lines: File, made_at_s: u64) -> Self {
        Self {
            out: BufWriter::with_capacity(128 * 1024, out),
            digest: Sha256::new(),
            lines: BufWriter::new(lines),
            entries: 0,
            made_at_s,
        }
    }

    /// Adds an entry of that length; the SHA-256 of its bytes.
    ///
    /// # Errors
    /// What the disk says; `UnexpectedEof` when there are fewer bytes.
    pub(crate) fn add(
        &mut self,
        name: Name,
        bytes: u64,
        mut from: impl Read,
    ) -> io::Result<[u8; 32]> {
        self.head(name, bytes)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut left = bytes;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let length = from.read(&mut buffer[..most])?;
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            digest.update(&buffer[..length]);
            self.write(&buffer[..length])?;
            left -= length as u64;
        }
        self.write(&[0; BLOCK][..filling(bytes)])?;
        let sha256 = digest.finalize().into();
        self.lines.write_all(line(&Line::new(&name, bytes, sha256)).as_bytes())?;
        self.entries += 1;
        Ok(sha256)
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    /// Writes the manifest and the end, and syncs. From here on it is whole.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn seal(mut self, counts: Counts) -> io::Result<()> {
        let first = line(&counts);
        self.lines.flush()?;
        let lines = self.lines.get_mut();
        let bytes = first.len() as u64 + lines.metadata()?.len() + SEAL_BYTES;
        lines.rewind()?;
        let mut lines = BufReader::new(lines.try_clone()?);
        self.head(Name::Manifest, bytes)?;
        self.write(first.as_bytes())?;
        loop {
            let part = lines.fill_buf()?.to_owned();
            if part.is_empty() {
                break;
            }
            self.write(&part)?;
            lines.consume(part.len());
        }
        let sha256 = self.digest.clone().finalize().into();
        self.write(seal(sha256).as_bytes())?;
        self.write(&[0; BLOCK][..filling(bytes)])?;
        self.write(&[0; BLOCK * END_BLOCKS])?;
        self.out.flush()?;
        self.out.get_ref().sync_all()
    }

    fn head(&mut self, name: Name, bytes: u64) -> io::Result<()> {
        let mut head = tar::Header::new_gnu();
        head.set_path(name.path())?;
        head.set_entry_type(tar::EntryType::Regular);
        head.set_size(bytes);
        head.set_mode(0o600);
        head.set_uid(0);
        head.set_gid(0);
        head.set_mtime(self.made_at_s);
        head.set_cksum();
        self.write(head.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.out.write_all(bytes)
    }
}
