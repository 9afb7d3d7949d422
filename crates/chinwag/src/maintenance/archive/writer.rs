//! Writing a backup, entry by entry. No entry is held in memory as a whole.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Seek as _, Write};

use sha2::{Digest as _, Sha256};

use super::{BLOCK, Counts, END_BLOCKS, Line, Name, SEAL_BYTES, line, padding, seal};

/// Why an entry was not added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddError {
    /// Its bytes cannot be read. The archive is as it was before.
    #[error("{0}")]
    Read(io::Error),
    /// The archive cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
}

/// A writer of a backup, entry by entry.
pub(crate) struct Writer {
    out: BufWriter<File>,
    /// The SHA-256 of every byte that was written.
    hasher: Sha256,
    /// How many bytes were written.
    at: u64,
    /// The lines of the manifest. They are kept in a file until the manifest is written.
    lines: BufWriter<File>,
    entries: u64,
    /// When the backup is made, in seconds since 1970: the time of every entry.
    made_at_s: u64,
}

impl Writer {
    /// Writes to `out`, and keeps lines of the manifest in `lines`. Both files are empty.
    pub(crate) fn new(out: File, lines: File, made_at_s: u64) -> Self {
        Self {
            out: BufWriter::with_capacity(128 * 1024, out),
            hasher: Sha256::new(),
            at: 0,
            lines: BufWriter::new(lines),
            entries: 0,
            made_at_s,
        }
    }

    /// Adds an entry of `bytes` bytes; returns their SHA-256. An entry that cannot be read is removed
    /// again, and the archive goes on without it.
    ///
    /// # Errors
    /// When the archive cannot be written, or the entry cannot be read; `UnexpectedEof` when it has
    /// fewer bytes.
    pub(crate) fn add(
        &mut self,
        name: Name,
        bytes: u64,
        mut from: impl Read,
    ) -> Result<[u8; 32], AddError> {
        let (start, before) = (self.at, self.hasher.clone());
        self.head(name, bytes)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 128 * 1024];
        let mut left = bytes;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let read = from.read(&mut buffer[..most]).and_then(|length| match length {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                length => Ok(length),
            });
            let length = match read {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.take_back(start, before)?;
                    return Err(AddError::Read(error));
                }
            };
            hasher.update(&buffer[..length]);
            self.write(&buffer[..length])?;
            left -= length as u64;
        }
        self.write(&[0; BLOCK][..padding(bytes)])?;
        let sha256 = hasher.finalize().into();
        self.lines.write_all(line(&Line::new(&name, bytes, sha256)).as_bytes())?;
        self.entries += 1;
        Ok(sha256)
    }

    /// How many entries were added.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    /// Writes the manifest and the end, and syncs. After that the archive is complete.
    ///
    /// # Errors
    /// When the archive cannot be written.
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
        let sha256 = self.hasher.clone().finalize().into();
        self.write(seal(sha256).as_bytes())?;
        self.write(&[0; BLOCK][..padding(bytes)])?;
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
        self.hasher.update(bytes);
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Removes everything from byte `at` on; `hasher` is that of the bytes before.
    fn take_back(&mut self, at: u64, hasher: Sha256) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().set_len(at)?;
        self.out.seek(io::SeekFrom::Start(at))?;
        (self.at, self.hasher) = (at, hasher);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::super::{Counts, Name, Reader};
    use super::{AddError, Writer};
    use crate::files::shelf::Kind;
    use crate::model::ids::UploadId;

    /// A file whose disk fails after so many bytes.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("a bad sector"));
            }
            let length = buffer.len().min(self.0);
            self.0 -= length;
            buffer[..length].fill(b'x');
            Ok(length)
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_leaves_no_trace() {
        let [out, lines] = [(); 2].map(|()| tempfile::tempfile().unwrap());
        let mut writer = Writer::new(out.try_clone().unwrap(), lines, 0);
        let file = |n: u8| Name::File(UploadId([n; 16]), Kind::Bytes);
        writer.add(file(1), 5, &b"first"[..]).unwrap();
        for readable in [0, 100, 300_000] {
            let failed = writer.add(file(2), 400_000, Failing(readable)).unwrap_err();
            assert!(matches!(failed, AddError::Read(_)), "{failed}");
        }
        let short = writer.add(file(2), 400_000, &b"short"[..]).unwrap_err();
        assert!(matches!(short, AddError::Read(_)), "{short}");
        writer.add(file(3), 6, &b"second"[..]).unwrap();
        let counts = Counts { people: 1, channels: 1, messages: 1, uploads: 3, entries: 2 };
        writer.seal(counts).unwrap();

        io::Seek::rewind(&mut &out).unwrap();
        let mut reader = Reader::new(&out);
        let (mut seen, mut names) = (String::new(), Vec::new());
        let manifest = loop {
            let (name, bytes) = reader.entry().unwrap();
            if name == Name::Manifest {
                break bytes;
            }
            let mut text = Vec::new();
            let sha256 = reader.copy(name, bytes, &mut text).unwrap();
            seen.push_str(&super::line(&super::Line::new(&name, bytes, sha256)));
            names.push((name, String::from_utf8(text).unwrap()));
        };
        assert_eq!(names, [(file(1), "first".to_owned()), (file(3), "second".to_owned())]);
        assert_eq!(reader.manifest(manifest, 2, &mut seen.as_bytes()).unwrap(), counts);
    }
}
