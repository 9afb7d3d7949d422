//! Remnants of rows in the free room of pages.
//!
//! `secure_delete` overwrites a row that is deleted, but not the copies that SQLite leaves behind when it
//! moves rows to another page: the room that they took stays as it was until another row is written
//! there. A row that is deleted later is then still to be read in the page where it stood before. So the
//! free room of pages is looked through, and zeroed.
//!
//! A page of a table or an index has its rows at its end and their addresses at its beginning; between
//! them is room that nothing refers to. Holes between rows are a list, of which each says where the next
//! one is and how long it is itself. The format is described in
//! <https://sqlite.org/fileformat2.html#b_tree_pages>.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

/// The bytes of the database's own header, with which the first page begins.
const FILE_HEADER: usize = 100;
/// A page of another kind begins with the number of a page, whose first byte is zero in a database of
/// fewer pages than this. In a larger one (137 GB), a page cannot be told from others by its first byte.
const MOST_PAGES: u64 = 0x0200_0000;
/// How many pages are read at a time.
const AT_ONCE: usize = 64;

/// The size of the pages of a database, in bytes, and how many there are. `None`: it has none, or more
/// than can be looked through.
fn pages(file: &File) -> io::Result<Option<(usize, u64)>> {
    let mut header = [0; FILE_HEADER];
    if file.metadata()?.len() < FILE_HEADER as u64 {
        return Ok(None);
    }
    file.read_exact_at(&mut header, 0)?;
    let size = match two(&header, 16) {
        1 => 65_536,
        size => size,
    };
    // Bytes at the end of each page that belong to an extension: there are none.
    if !(512..=65_536).contains(&size) || header[20] != 0 {
        return Ok(None);
    }
    let count = file.metadata()?.len() / size as u64;
    Ok((count < MOST_PAGES).then_some((size, count)))
}

/// The numbers of the pages with remnants, the first page being 1. Nobody needs to be kept from writing:
/// [`wipe`] looks at each of them again.
///
/// # Errors
/// What the disk says.
pub(super) fn find(file: &File) -> io::Result<Vec<u64>> {
    let Some((size, count)) = pages(file)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut bytes = vec![0; size * AT_ONCE];
    let mut first = 0;
    while first < count {
        let many = (count - first).min(AT_ONCE as u64);
        let part = &mut bytes[..size * usize::try_from(many).unwrap_or(AT_ONCE)];
        match file.read_exact_at(part, first * size as u64) {
            // A copy of the log into the database is adding pages, or took some away.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            read => read?,
        }
        for (number, page) in (first + 1..).zip(part.chunks_exact(size)) {
            if free(page, number).iter().any(|room| page[room.clone()].iter().any(|b| *b != 0)) {
                found.push(number);
            }
        }
        first += many;
    }
    Ok(found)
}

/// Zeroes the free room of those pages. The caller sees to it that nobody writes to the database, and
/// that all of it is in this file and nothing in its log.
///
/// # Errors
/// What the disk says.
pub(super) fn wipe(file: &File, numbers: &[u64]) -> io::Result<()> {
    let Some((size, count)) = pages(file)? else { return Ok(()) };
    let (mut page, zeros) = (vec![0; size], vec![0; size]);
    for &number in numbers.iter().filter(|number| (1..=count).contains(*number)) {
        let at = (number - 1) * size as u64;
        file.read_exact_at(&mut page, at)?;
        for room in free(&page, number) {
            if page[room.clone()].iter().any(|byte| *byte != 0) {
                file.write_all_at(&zeros[..room.len()], at + room.start as u64)?;
            }
        }
    }
    file.sync_data()
}

/// The room in a page that nothing refers to. None of a page that is of another kind, or that does not
/// look as it should.
fn free(page: &[u8], number: u64) -> Vec<Range<usize>> {
    let at = if number == 1 { FILE_HEADER } else { 0 };
    let header = match page[at] {
        0x02 | 0x05 => 12,
        0x0a | 0x0d => 8,
        _ => return Vec::new(),
    };
    let addresses = at + header;
    let rows = two(page, at + 3);
    let begin = addresses + 2 * rows;
    let end = match two(page, at + 5) {
        0 => 65_536,
        end => end,
    };
    let behind = |row: usize| two(page, addresses + 2 * row) >= end;
    if begin > end || end > page.len() || !(0..rows).all(behind) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut hole = two(page, at + 1);
    while hole != 0 {
        if hole + 4 > page.len() {
            return Vec::new();
        }
        let (next, long) = (two(page, hole), two(page, hole + 2));
        let ends = hole + long;
        // The list ascends, so it has an end.
        if hole < end || long < 4 || ends > page.len() || (next != 0 && next < ends) {
            return Vec::new();
        }
        found.push(hole + 4..ends);
        hole = next;
    }
    found.push(begin..end);
    found
}

/// Two bytes as a number. The callers pass offsets within the page.
fn two(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use rusqlite::Connection;

    use super::{find, wipe};

    /// Rows of many lengths in no order, so that SQLite moves them from page to page.
    fn fill(db: &Connection) {
        db.execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; BEGIN;
             CREATE TABLE said (channel INTEGER, number INTEGER, key BLOB, text TEXT NOT NULL,
                                PRIMARY KEY (channel, number)) WITHOUT ROWID;
             CREATE INDEX by_key ON said (key);",
        )
        .unwrap();
        for number in 0..3_000_i64 {
            let text = format!("CANARY{number:05}{}", "x".repeat((number * 7_919 % 400) as usize));
            let key = (number * 2_654_435_761_i64).to_le_bytes();
            let values = (number * 31 % 3, number * 7_907 % 3_001, &key[..], text);
            db.execute("INSERT INTO said VALUES (?1, ?2, ?3, ?4)", values).unwrap();
        }
        db.execute_batch("COMMIT").unwrap();
    }

    fn canaries(path: &std::path::Path) -> usize {
        std::fs::read(path).unwrap().windows(6).filter(|part| part == b"CANARY").count()
    }

    #[test]
    fn copies_of_rows_that_were_moved_are_found_and_wiped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let db = Connection::open(&path).unwrap();
        fill(&db);
        assert!(
            canaries(&path) > 3_000,
            "SQLite leaves copies behind: else nobody needs this file"
        );
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let pages = find(&file).unwrap();
        wipe(&file, &pages).unwrap();
        assert_eq!(canaries(&path), 3_000, "every row is there once");
        assert!(find(&file).unwrap().is_empty());
        drop(db);
        let db = Connection::open(&path).unwrap();
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        let read: i64 = db
            .query_row("SELECT count(*) FROM said WHERE text GLOB 'CANARY*'", [], |r| r.get(0))
            .unwrap();
        assert_eq!(read, 3_000);
        db.execute_batch("PRAGMA secure_delete = ON; UPDATE said SET text = ''").unwrap();
        let pages = find(&file).unwrap();
        wipe(&file, &pages).unwrap();
        assert_eq!(canaries(&path), 0);
    }
}
