//! Checking the write-ahead log on disk before SQLite opens it.
//!
//! SQLite reads a log up to the first frame whose checksum is wrong, and takes the rest for the torn end
//! of a commit that a power cut interrupted. At the end of a log that is right, because a commit is
//! answered only after it is synced. If the damage is earlier in the log, it is wrong: commits that
//! were answered are silently dropped. The two cases can be told apart. The next transaction begins
//! only after the one before it is synced, so at most one commit follows a torn end. If two or more
//! whole commits follow in an unbroken run, the frame before them was damaged later.
//!
//! The note in the lock file (`folder`) tells whether a log that is missing or empty is a loss: it says
//! whether the database has everything without the log.
//!
//! Not found are damage within the last two commits, and a log that was cut off between two frames.
//! The format is described in <https://sqlite.org/fileformat2.html#walformat>.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The magic number of a log. If its last bit is set, checksums read the words as big-endian.
const MAGIC: u32 = 0x377f_0682;
/// If so many whole commits follow a broken frame in an unbroken run, the frame was damaged.
const COMMITS: usize = 2;

/// The path of the log of a database.
pub(super) fn path(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push("-wal");
    PathBuf::from(name)
}

/// Whether the log is empty or missing.
pub(super) fn is_empty(database: &Path) -> bool {
    fs::metadata(path(database)).map_or(0, |meta| meta.len()) == 0
}

/// What is wrong with a log that nobody is writing; `None` if it is sound, or if it is missing and not
/// `needed`.
pub(super) fn damage(database: &Path, needed: bool) -> io::Result<Option<String>> {
    if needed && is_empty(database) {
        let name = path(database);
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        return Ok(Some(format!(
            "its log {name} is gone or empty, and the last server did not stop in order, so what \
             was said last is in that file alone; put it back"
        )));
    }
    let file = match File::open(path(database)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let mut header = [0; HEADER];
    // A log with only a header has no commit: the header is synced before the first frame is written.
    if length <= (HEADER + FRAME_HEADER) as u64 || !read_whole(&mut reader, &mut header)? {
        return Ok(None);
    }
    let Some(mut log) = Log::open(&header) else {
        return Ok(Some("the head of its log is damaged".to_owned()));
    };
    let mut frame = vec![0; FRAME_HEADER + log.page_bytes];
    let (mut number, mut run) = (0_u64, None);
    while read_whole(&mut reader, &mut frame)? {
        number += 1;
        match (log.take(&frame), &mut run) {
            (Frame::Broken, _) => run = Some((number, 0)),
            (Frame::Whole { commit: true }, Some((broken, commits))) => {
                *commits += 1;
                if *commits == COMMITS {
                    return Ok(Some(format!("frame {broken} of its log is damaged")));
                }
            }
            (Frame::Whole { .. }, _) => {}
        }
    }
    Ok(None)
}

/// What a frame is, as far as its checksum tells.
enum Frame {
    Whole {
        commit: bool,
    },
    /// It is damaged, torn, or left from an older log that this one has not overwritten yet.
    Broken,
}

/// The header of a log, and the running checksum of the frames that were read.
struct Log {
    page_bytes: usize,
    salts: [u8; 8],
    big_endian: bool,
    sum: (u32, u32),
}

impl Log {
    fn open(header: &[u8; HEADER]) -> Option<Self> {
        let magic = word(header, 0, true);
        let page_bytes = word(header, 8, true);
        let big_endian = magic & 1 == 1;
        let sum = checksum(&header[..24], (0, 0), big_endian);
        let known = magic & !1 == MAGIC
            && (512..=65_536).contains(&page_bytes)
            && sum == (word(header, 24, true), word(header, 28, true));
        let salts = header[16..24].try_into().ok()?;
        known.then_some(Self { page_bytes: page_bytes as usize, salts, big_endian, sum })
    }

    fn take(&mut self, frame: &[u8]) -> Frame {
        let own = frame[8..16] == self.salts;
        let sum = checksum(&frame[..8], self.sum, self.big_endian);
        let sum = checksum(&frame[FRAME_HEADER..], sum, self.big_endian);
        // The next frame is checked against the checksum that this frame states, right or wrong.
        self.sum = (word(frame, 16, true), word(frame, 20, true));
        if own && sum == self.sum {
            Frame::Whole { commit: word(frame, 4, true) != 0 }
        } else {
            Frame::Broken
        }
    }
}

fn checksum(bytes: &[u8], (mut a, mut b): (u32, u32), big_endian: bool) -> (u32, u32) {
    for pair in bytes.chunks_exact(8) {
        a = a.wrapping_add(word(pair, 0, big_endian)).wrapping_add(b);
        b = b.wrapping_add(word(pair, 4, big_endian)).wrapping_add(a);
    }
    (a, b)
}

/// Four bytes as a number. The callers pass offsets within the bytes.
fn word(bytes: &[u8], at: usize, big_endian: bool) -> u32 {
    let four = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    if big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
}

/// Fills the buffer; `false` at the end of the file, also in the middle of a frame.
fn read_whole(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
