//! `chinwag check`: checks a data folder.
//!
//! It checks the database (`store/sqlite/check.rs`), and then every file that a row names: that it is
//! there, has its length, and has its SHA-256. Files that no row names do no harm and are only counted.
//! A running server goes on meanwhile, so a problem with a file is a finding only if its row still
//! exists.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Error, Outcome, room};
use crate::disk;
use crate::files::shelf::{self, Kind};
use crate::model::ids::UploadId;
use crate::model::uploads::Upload;
use crate::store::sqlite::{FILES, Onlooker, OpenError, Report, is_restoring};

/// Rows read at a time.
const PAGE: usize = 1_000;
/// A file without a row that is younger than this may still get one, and is not counted.
const YOUNG: Duration = Duration::from_secs(3_600);

/// What is checked of each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// That it is there and has its length.
    Quick,
    /// Its bytes too.
    Whole,
}

/// Checks a data folder.
///
/// # Errors
/// When it cannot be read.
pub fn check(data: &Path, depth: Depth) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    if is_restoring(data) {
        outcome.find(format!("{} was not restored to the end.", data.display()));
    }
    let onlooker = match Onlooker::open(data) {
        Err(OpenError::Damaged { path, reason }) => {
            outcome.find(format!("The database {} is damaged: {reason}.", path.display()));
            return Ok(outcome);
        }
        Err(error @ OpenError::Schema { .. }) => {
            outcome.find(sentence(&error.to_string()));
            return Ok(outcome);
        }
        opened => opened?,
    };
    if onlooker.server_runs() {
        outcome.tell("A server is running on this folder.");
    }
    let report = check_folder(&onlooker, data, depth, &mut outcome)?;
    outcome.tell(counts(&report));
    Ok(outcome)
}

/// `People: 3, channels: 2, …`
pub(super) fn counts(report: &Report) -> String {
    let Report { people, channels, messages, uploads, .. } = report;
    format!("People: {people}, channels: {channels}, messages: {messages}, files: {uploads}.")
}

/// Checks the database and the files; adds what is wrong to `outcome`.
pub(super) fn check_folder(
    onlooker: &Onlooker,
    data: &Path,
    depth: Depth,
    outcome: &mut Outcome,
) -> Result<Report, Error> {
    let report = onlooker.check()?;
    for finding in &report.findings {
        outcome.find(sentence(&finding.to_string()));
    }
    // The rows of a damaged database cannot be trusted, and reading them may fail.
    if report.findings.is_empty() {
        let root = data.join(FILES);
        rows(onlooker, &root, depth, outcome)?;
        orphans(onlooker, &root, outcome)?;
        unfinished(&root, outcome);
    }
    Ok(report)
}

/// A text with a capital letter and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    format!("{}{}.", first.into_iter().flatten().collect::<String>(), letters.as_str())
}

fn rows(
    onlooker: &Onlooker,
    root: &Path,
    depth: Depth,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = onlooker.uploads_after(after, PAGE)?;
        for upload in &page {
            for problem in problems(root, upload, depth) {
                // A message may have been deleted since its row was read.
                if onlooker.upload(upload.attachment.id)?.is_some() {
                    outcome.find(problem);
                }
            }
        }
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.attachment.id);
    }
}

fn problems(root: &Path, upload: &Upload, depth: Depth) -> Vec<String> {
    let file = &upload.attachment;
    let mut found = Vec::new();
    let path = root.join(shelf::place(file.id, Kind::Bytes));
    match compare(&path, upload, depth) {
        Ok(None) => {}
        Ok(Some(problem)) => found.push(about(upload, &path, problem)),
        Err(error) => found.push(about(upload, &path, &unreadable(&error))),
    }
    let path = root.join(shelf::place(file.id, Kind::Thumbnail));
    if file.thumbnail
        && let Err(error) = shelf::open(&path)
    {
        found.push(about(upload, &path, &format!("thumbnail: {}", unreadable(&error))));
    }
    found
}

/// A sentence about the file of a row.
pub(super) fn about(upload: &Upload, path: &Path, problem: &str) -> String {
    let at = match upload.message {
        Some((channel, number)) => format!("in message {number} of channel {channel}"),
        None => "in no message yet".to_owned(),
    };
    format!("The file “{}” ({at}): {problem} ({}).", upload.attachment.name, path.display())
}

pub(super) fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}

fn compare(path: &Path, upload: &Upload, depth: Depth) -> io::Result<Option<&'static str>> {
    let (file, length) = shelf::open(path)?;
    if i64::try_from(length) != Ok(upload.attachment.size_bytes) {
        return Ok(Some("it does not have the length that was received"));
    }
    if depth == Depth::Whole && disk::sha256(file)? != upload.sha256 {
        return Ok(Some("it does not hold the bytes that were received"));
    }
    Ok(None)
}

fn orphans(onlooker: &Onlooker, root: &Path, outcome: &mut Outcome) -> Result<(), Error> {
    let (mut files, mut bytes) = (0, 0);
    let folder = |source| Error::File { path: root.to_owned(), source };
    // If the folder is missing and there are rows, each of their files is a finding already.
    if !root.exists() {
        return Ok(());
    }
    for shelf in shelf::shelves(root).map_err(folder)? {
        for stored in shelf::stored_in(root, &shelf).map_err(folder)? {
            if stored.changed.elapsed().unwrap_or_default() >= YOUNG
                && is_orphan(onlooker, stored.id)?
            {
                files += 1;
                bytes += stored.bytes;
            }
        }
    }
    if files > 0 {
        let room = room(files, bytes);
        outcome.tell(format!("Belonging to nothing: {room}. Harmless; a server removes them."));
    }
    Ok(())
}

fn is_orphan(onlooker: &Onlooker, id: UploadId) -> Result<bool, Error> {
    Ok(onlooker.upload(id)?.is_none())
}

fn unfinished(root: &Path, outcome: &mut Outcome) {
    let (mut files, mut bytes) = (0, 0);
    let Ok(entries) = fs::read_dir(root.join(PathBuf::from(shelf::INCOMING))) else { return };
    for meta in entries.flatten().filter_map(|entry| entry.metadata().ok()) {
        files += 1;
        bytes += meta.len();
    }
    if files > 0 {
        let room = room(files, bytes);
        outcome.tell(format!("Unfinished uploads: {room}. Harmless; a server removes old ones."));
    }
}
