//! `chinwag verify`: checks a backup.
//!
//! It restores the backup into a folder beside it, checks that as a data folder, and removes it again.
//! The only proof that a backup can be restored is to restore it.

use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};

use super::check::{self, Depth};
use super::restore::{compare, described, unpack};
use super::{Error, Outcome};
use crate::disk;
use crate::store::sqlite::Onlooker;

/// Checks a backup. It needs as much room beside the backup, or in `scratch`, as the backup has bytes.
///
/// # Errors
/// When the backup is not whole, or cannot be unpacked.
pub fn verify(file: &Path, scratch: Option<&Path>) -> Result<Outcome, Error> {
    fs::metadata(file).map_err(Error::file(file))?;
    let scratch = Scratch::make(file, scratch)?;
    let mut outcome = Outcome::default();
    let (head, counts) = unpack(file, &scratch.0)?;
    let onlooker = Onlooker::open(&scratch.0)?;
    let report = check::check_folder(&onlooker, &scratch.0, Depth::Whole, &mut outcome)?;
    compare(counts, &onlooker, report.findings.is_empty())?;
    if outcome.is_sound() {
        outcome.tell(format!("{} is whole and can be restored.", capital(&described(&head))));
    } else {
        let what = "is whole, but what was backed up was not";
        outcome.tell(format!("{} {what}.", capital(&described(&head))));
    }
    outcome.tell(check::counts(&report));
    Ok(outcome)
}

fn capital(text: &str) -> String {
    text.replacen("the backup", "The backup", 1)
}

/// A folder that was made new, and is removed when this is dropped.
struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder beside `file`, or in `folder`, which is made too if it is missing. Nobody can
    /// have made it before: its name is random.
    fn make(file: &Path, folder: Option<&Path>) -> Result<Self, Error> {
        // The keys of a hasher are random.
        let random = RandomState::new().build_hasher().finish();
        let name = file.file_name().unwrap_or_default();
        let mut path =
            folder.map_or_else(|| file.into(), |folder| folder.join(name)).into_os_string();
        path.push(OsString::from(format!(".verify-{random:016x}")));
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(Error::file(folder))?;
        }
        let path = PathBuf::from(path);
        disk::create_private_folder(&path).map_err(Error::file(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
