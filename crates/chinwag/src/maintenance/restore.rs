//! `chinwag restore`: makes a data folder from a backup.
//!
//! The folder has the mark `RESTORING` until everything is in its place, compared and synced. A server
//! does not start on a folder with the mark. Before the mark is removed, sessions and tokens are ended,
//! because some of them were ended after the backup, and the database gets a new epoch. While the
//! backup is read, the file of the mark holds a line about each entry. They are compared with the
//! manifest, which is at the end of the backup.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::archive::{Counts, FORMAT, Flaw, Head, Line, Name, Reader, line};
use super::check::{self, Depth};
use super::{Error, Outcome};
use crate::disk;
use crate::store::sqlite::{Onlooker, Renewed, begin_restoring, finish_restoring, renew};

/// The most bytes of a first entry.
const MAX_HEAD: u64 = 4_096;

/// Restores a backup into a folder that is empty or does not exist.
///
/// # Errors
/// When the folder is not empty or the backup is not whole. What was unpacked until then stays, and no
/// server starts on it.
pub fn restore(file: &Path, data: &Path, keep_sessions: bool) -> Result<Outcome, Error> {
    refuse_occupied(data)?;
    let mut outcome = Outcome::default();
    let (head, unpacked) = unpack(file, data)?;
    let onlooker = Onlooker::open(data)?;
    let report = check::check_folder(&onlooker, data, Depth::Quick, &mut outcome)?;
    compare(unpacked, &onlooker, report.findings.is_empty())?;
    drop(onlooker);
    let renewed = match renew(data, keep_sessions) {
        Ok(renewed) => Some(renewed),
        // The database was damaged when it was backed up; the findings say so already.
        Err(error) if !report.findings.is_empty() => {
            outcome.find(format!("Its sessions could not be ended: {error}."));
            None
        }
        Err(error) => return Err(error.into()),
    };
    finish_restoring(data).map_err(Error::file(data))?;
    outcome.tell(format!("Restored {} into {}.", described(&head), data.display()));
    outcome.tell(check::counts(&report));
    if let Some(renewed) = renewed {
        tell_what_comes_back(&head, renewed, keep_sessions, &mut outcome);
    }
    tell_settings(data, &mut outcome);
    Ok(outcome)
}

/// `the backup of 2026-11-23T04:00:00Z (Chinwag 0.1.0)`
pub(super) fn described(head: &Head) -> String {
    format!("the backup of {} (Chinwag {})", head.made_at, head.chinwag)
}

/// Tells the operator that what was deleted or ended after the backup is there again.
fn tell_what_comes_back(head: &Head, renewed: Renewed, kept: bool, outcome: &mut Outcome) {
    let at = &head.made_at;
    outcome.tell(format!(
        "Everything is as it was on {at}: messages and files that were deleted since are there \
         again, passwords are those of then, and what was written since is not there."
    ));
    let Renewed { sessions, tokens } = renewed;
    outcome.tell(if kept {
        "Sessions and bot tokens of then go on, also those that were ended since.".to_owned()
    } else {
        format!(
            "Ended: {sessions} sessions and {tokens} bot tokens. People sign in again, and bots \
             need new tokens. (--keep-sessions lets them go on.)"
        )
    });
}

/// Unpacks a backup and checks every byte of it. The folder keeps its mark.
pub(super) fn unpack(file: &Path, data: &Path) -> Result<(Head, Counts), Error> {
    let archive = File::open(file).map_err(Error::file(file))?;
    let mut reader = Reader::new(BufReader::with_capacity(128 * 1024, archive));
    let head = read_first_entry(&mut reader, file)?;
    let marker = begin_restoring(data).map_err(Error::file(data))?;
    let mut unpacking = Unpacking::new(data, marker);
    unpacking.note(&head.line)?;
    loop {
        match reader.entry().map_err(|flaw| told(flaw, file))? {
            (Name::Manifest, bytes) => {
                let (mut seen, entries) = unpacking.finish()?;
                let counts = reader.manifest(bytes, entries, &mut seen);
                return Ok((head.head, counts.map_err(|flaw| told(flaw, file))?));
            }
            (name, bytes) => unpacking.unpack(name, bytes, &mut reader, file)?,
        }
    }
}

/// Checks that the database has as many rows as the manifest says.
pub(super) fn compare(counts: Counts, onlooker: &Onlooker, sound: bool) -> Result<(), Error> {
    // A damaged database cannot be counted; its findings are told already.
    if sound && Counts::of(&onlooker.counts()?, counts.entries) != counts {
        let what = "its database does not hold as many rows as its manifest names";
        return Err(Error::Damaged(what.to_owned()));
    }
    Ok(())
}

/// Refuses a folder that is not empty. `lost+found` is in every empty file system of Linux.
fn refuse_occupied(data: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(data) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(Error::file(data))?,
    };
    for entry in entries {
        if entry.map_err(Error::file(data))?.file_name() != "lost+found" {
            return Err(Error::NotEmpty(data.to_owned()));
        }
    }
    Ok(())
}

/// The first entry of a backup, and the line about it.
struct FirstEntry {
    head: Head,
    line: Line,
}

fn read_first_entry(reader: &mut Reader<impl Read>, file: &Path) -> Result<FirstEntry, Error> {
    let foreign = || Error::NotABackup(file.to_owned());
    let (name, bytes) = reader.entry().map_err(|flaw| match flaw {
        Flaw::Damage(_) => foreign(),
        other => told(other, file),
    })?;
    if name != Name::Head || bytes > MAX_HEAD {
        return Err(foreign());
    }
    let mut text = Vec::new();
    let sha256 = reader.copy(name, bytes, &mut text).map_err(|flaw| told(flaw, file))?;
    // The format is read first: a newer one may have other fields.
    let loose: serde_json::Value = serde_json::from_slice(&text)
        .map_err(|_| Error::Damaged("its first entry is damaged".to_owned()))?;
    if loose["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
        let version = loose["chinwag"].as_str().unwrap_or("unknown").chars().take(64);
        return Err(Error::Newer(version.filter(|c| !c.is_control()).collect()));
    }
    let head = serde_json::from_value(loose)
        .map_err(|_| Error::Damaged("its first entry is damaged".to_owned()))?;
    Ok(FirstEntry { head, line: Line::new(&name, bytes, sha256) })
}

/// A flaw of an archive as an error of the command.
fn told(flaw: Flaw, file: &Path) -> Error {
    match flaw {
        Flaw::Read(source) | Flaw::Write(source) => Error::File { path: file.to_owned(), source },
        Flaw::Damage(what) => Error::Damaged(what),
    }
}

/// A data folder that is being filled from a backup.
struct Unpacking<'a> {
    data: &'a Path,
    notes: BufWriter<File>,
    entries: u64,
    /// The folders with new files, each once. They are synced at the end.
    folders: Vec<PathBuf>,
}

impl<'a> Unpacking<'a> {
    fn new(data: &'a Path, marker: File) -> Self {
        Self { data, notes: BufWriter::new(marker), entries: 0, folders: Vec::new() }
    }

    /// Writes an entry to its place and notes it.
    fn unpack(
        &mut self,
        name: Name,
        bytes: u64,
        reader: &mut Reader<impl Read>,
        archive: &Path,
    ) -> Result<(), Error> {
        if matches!(name, Name::Head | Name::Manifest) {
            return Err(Error::Damaged(format!("{} is in it twice", name.path())));
        }
        let path = self.data.join(name.path());
        let mut file = self.create(&path).map_err(|error| match error {
            Error::File { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Error::Damaged(format!("{} is in it twice", name.path()))
            }
            other => other,
        })?;
        let sha256 = reader.copy(name, bytes, &mut file).map_err(|flaw| match flaw {
            Flaw::Write(source) => Error::File { path: path.clone(), source },
            other => told(other, archive),
        })?;
        file.sync_all().map_err(Error::file(&path))?;
        self.note(&Line::new(&name, bytes, sha256))
    }

    /// Makes a file, and never replaces one.
    fn create(&mut self, path: &Path) -> Result<File, Error> {
        if let Some(folder) = path.parent()
            && !self.folders.iter().any(|known| known == folder)
        {
            disk::make_private_folder(folder).map_err(Error::file(folder))?;
            self.folders.push(folder.to_owned());
        }
        disk::create_private(path).map_err(Error::file(path))
    }

    fn note(&mut self, about: &Line) -> Result<(), Error> {
        self.entries += 1;
        self.notes.write_all(line(about).as_bytes()).map_err(Error::file(self.data))
    }

    /// Syncs the folders. Returns the notes, from their beginning, and how many entries there were.
    fn finish(&mut self) -> Result<(BufReader<File>, u64), Error> {
        for folder in self.folders.iter().chain([&self.data.join(crate::store::sqlite::FILES)]) {
            match disk::sync_folder(folder) {
                // A backup without files has no folder for them; the server makes it.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                synced => synced.map_err(Error::file(folder))?,
            }
        }
        let notes = self.notes.flush().and_then(|()| {
            let notes = self.notes.get_mut();
            notes.rewind()?;
            notes.try_clone()
        });
        Ok((BufReader::new(notes.map_err(Error::file(self.data))?), self.entries))
    }
}

/// Tells the settings of the backup to the operator. A server does not read them: it takes its settings
/// from its options and its environment.
fn tell_settings(data: &Path, outcome: &mut Outcome) {
    let Ok(text) = fs::read(data.join(Name::Settings.path())) else { return };
    let Ok(settings) = serde_json::from_slice::<serde_json::Map<_, _>>(&text) else { return };
    outcome.tell("The server that was backed up ran with these settings:");
    for (name, value) in &settings {
        if let Some(value) = plain(value) {
            outcome.tell(format!("  CHINWAG_{}={value}", name.to_uppercase()));
        }
    }
}

/// A setting as the value of an environment variable; `None` if it was not set.
fn plain(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(list) if list.is_empty() => None,
        serde_json::Value::Array(list) => {
            Some(list.iter().filter_map(plain).collect::<Vec<_>>().join(","))
        }
        other => Some(other.to_string()),
    }
}
