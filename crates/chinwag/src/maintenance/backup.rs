//! `chinwag backup`: writes everything into one archive while the server works.
//!
//! It copies the database as it is at one moment, and then the files that the rows of the copy name. A
//! file is in its place before its row is written, and is not deleted while the backup holds the files
//! ([`Hold`]). So every file that the copy names is there. What is posted meanwhile is in the next
//! backup.
//!
//! The backup is written in the folder `FILE.partial` and gets its name when it is sealed and synced,
//! so a file of that name is always complete. A file that cannot be read is left out and named: a
//! backup of the rest is better than none. A backup that is killed leaves the folder behind, and the
//! next one clears it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::archive::{AddError, Counts, FORMAT, Head, Name, Writer, line};
use super::check::{about, unreadable};
use super::{Error, Outcome, check, room};
use crate::disk;
use crate::files::shelf::{self, Hold, Kind};
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::store::sqlite::{DATABASE, FILES, Onlooker, VERSION};

/// How many rows are read at a time.
const PAGE: usize = 1_000;
/// A `settings.json` of more bytes is left out.
const MAX_SETTINGS: u64 = 64 * 1024;
/// The files that a backup makes in its partial folder.
const ARCHIVE: &str = "archive.tar";
const LINES: &str = "lines";

/// Writes a backup of a data folder to `file`.
///
/// # Errors
/// When it could not be made. Then a file of that name is as it was before.
pub fn backup(data: &Path, file: &Path, force: bool, now: Timestamp) -> Result<Outcome, Error> {
    let folder = folder_of(file)?;
    refuse_inside(data, &folder, file)?;
    let place = Partial::place(file);
    if let Ok(resolved) = place.canonicalize() {
        refuse_inside(data, &resolved, &place)?;
    }
    refuse_existing(file, force)?;
    let onlooker = Onlooker::open(data)?;
    let root = data.join(FILES);
    let hold = Hold::take(&root).map_err(Error::file(&root))?.ok_or(Error::Busy)?;
    let partial = Partial::make(place)?;
    let database = partial.path(DATABASE);
    onlooker.copy_to(&database)?;
    let mut outcome = Outcome::default();
    if let Some(finding) = onlooker.log_damage()? {
        outcome.find(check::sentence(&finding.to_string()));
    }
    let copy = Onlooker::open(&partial.0)?;
    pack(data, &partial, &copy, now, &mut outcome)?;
    drop(hold);
    refuse_existing(file, force)?;
    let archive = partial.path(ARCHIVE);
    let bytes = fs::metadata(&archive).map_err(Error::file(&archive))?.len();
    disk::put_in_place(&archive, file).map_err(Error::file(file))?;
    outcome.tell(format!("Backed up to {}: {}.", file.display(), room(1, bytes)));
    outcome.tell(check::counts(&copy.counts()?));
    Ok(outcome)
}

fn pack(
    data: &Path,
    partial: &Partial,
    copy: &Onlooker,
    now: Timestamp,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    let path = partial.path(ARCHIVE);
    let failed = |source| Error::File { path: path.clone(), source };
    let made_at_s = u64::try_from(now.0 / 1_000).unwrap_or(0);
    let mut writer = Writer::new(partial.create(ARCHIVE)?, partial.create(LINES)?, made_at_s);
    let head = line(&Head {
        format: FORMAT,
        chinwag: env!("CARGO_PKG_VERSION").to_owned(),
        database: VERSION,
        made_at: rfc3339(now),
    });
    let added = |result: Result<_, AddError>, of: &Path| match result {
        Ok(_) => Ok(()),
        Err(AddError::Read(source)) => Err(Error::File { path: of.to_owned(), source }),
        Err(AddError::Write(source)) => Err(failed(source)),
    };
    added(writer.add(Name::Head, head.len() as u64, head.as_bytes()), &path)?;
    let database = partial.path(DATABASE);
    let opened = File::open(&database).map_err(Error::file(&database))?;
    let bytes = opened.metadata().map_err(Error::file(&database))?.len();
    added(writer.add(Name::Database, bytes, opened), &database)?;
    if let Some(settings) = settings(data, outcome) {
        added(writer.add(Name::Settings, settings.len() as u64, &settings[..]), &path)?;
    }
    let mut after = None;
    loop {
        let page = copy.uploads_after(after, PAGE)?;
        for upload in &page {
            add_files(&data.join(FILES), upload, &mut writer, outcome).map_err(failed)?;
        }
        let Some(last) = page.last() else { break };
        after = Some(last.attachment.id);
    }
    let counts = Counts::of(&copy.counts()?, writer.entries());
    writer.seal(counts).map_err(failed)
}

/// Adds the files of an upload. One that does not exist is a finding; one that cannot be read is
/// missing from the backup.
fn add_files(
    root: &Path,
    upload: &Upload,
    writer: &mut Writer,
    outcome: &mut Outcome,
) -> io::Result<()> {
    for kind in Kind::ALL {
        if kind == Kind::Thumbnail && !upload.attachment.thumbnail {
            continue;
        }
        let id = upload.attachment.id;
        let path = root.join(shelf::place(id, kind));
        let added = shelf::open(&path).map_err(AddError::Read).and_then(|(file, bytes)| {
            writer.add(Name::File(id, kind), bytes, BufReader::new(file))
        });
        let sha256 = match added {
            Ok(sha256) => sha256,
            Err(AddError::Read(error)) => {
                let sentence = about(upload, &path, &unreadable(&error));
                if error.kind() == io::ErrorKind::NotFound {
                    outcome.find(sentence);
                } else {
                    outcome.miss(sentence);
                }
                continue;
            }
            Err(AddError::Write(error)) => return Err(error),
        };
        if kind == Kind::Bytes && sha256 != upload.sha256 {
            let problem = "it does not hold the bytes that were received";
            outcome.find(about(upload, &path, problem));
        }
    }
    Ok(())
}

/// The file of settings, for a person to read. `None` if there is none, or if it is too long to be one
/// of ours.
fn settings(data: &Path, outcome: &mut Outcome) -> Option<Vec<u8>> {
    let path = data.join(Name::Settings.path());
    let read = shelf::open(&path).and_then(|(file, bytes)| {
        let mut text = Vec::new();
        file.take(MAX_SETTINGS).read_to_end(&mut text)?;
        Ok((bytes <= MAX_SETTINGS).then_some(text))
    });
    match read {
        Ok(settings) => settings,
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            outcome.miss(format!("The settings: {} ({}).", unreadable(&error), path.display()));
            None
        }
    }
}

/// A time to the second, for people.
pub(super) fn rfc3339(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{moment:.0}")
}

/// The folder of a file that is to be made.
fn folder_of(file: &Path) -> Result<PathBuf, Error> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    folder.canonicalize().map_err(Error::file(folder))
}

/// Refuses a backup in the data folder: it would be lost with the folder, and `--force` could replace
/// the database.
fn refuse_inside(data: &Path, folder: &Path, file: &Path) -> Result<(), Error> {
    let data = data.canonicalize().map_err(Error::file(data))?;
    if folder.starts_with(data) { Err(Error::Inside(file.to_owned())) } else { Ok(()) }
}

fn refuse_existing(file: &Path, force: bool) -> Result<(), Error> {
    let there = fs::symlink_metadata(file).is_ok();
    if there && !force { Err(Error::Exists(file.to_owned())) } else { Ok(()) }
}

/// The folder in which a backup is written. It is made new, and removed when this is dropped.
struct Partial(PathBuf);

impl Partial {
    /// Where the folder is, for a backup of that name.
    fn place(file: &Path) -> PathBuf {
        let mut name = OsString::from(file);
        name.push(".partial");
        PathBuf::from(name)
    }

    /// Makes the folder. One that a killed backup left is removed first, and nothing else is.
    fn make(place: PathBuf) -> Result<Self, Error> {
        match clear(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => return Err(Error::InTheWay(place)),
            Ok(()) => {}
        }
        disk::create_private_folder(&place).map_err(Error::file(&place))?;
        Ok(Self(place))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Makes a file that other users of the machine cannot read: it has everything that people wrote.
    fn create(&self, name: &str) -> Result<File, Error> {
        let path = self.path(name);
        disk::create_private(&path).map_err(Error::file(&path))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // The next backup of that name tries again, and says what is in its way.
        let _ = clear(&self.0);
    }
}

/// Removes a partial folder, if it holds nothing but what a backup makes.
fn clear(place: &Path) -> io::Result<()> {
    let copy = format!("{DATABASE}.partial");
    let journal = format!("{copy}-journal");
    disk::remove_own_folder(place, &[ARCHIVE, LINES, DATABASE, &copy, &journal])
}
