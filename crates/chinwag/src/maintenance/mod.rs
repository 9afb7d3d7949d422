//! The operator's commands for a data folder: check, backup, restore, verify (of a backup), reindex and
//! audit.
//!
//! Each runs in a process of its own, beside a running server or without one. It ends with sentences
//! for a person and an exit code for a script: 0 all is well, 1 something is wrong with the data, 2 it
//! could not be done, 3 it was done, but not everything could be read. Nothing here is asynchronous,
//! and the server calls none of it.

mod archive;
mod audit;
mod backup;
mod check;
mod reindex;
mod restore;
mod verify;

use std::io;
use std::path::{Path, PathBuf};

pub use audit::{Wanted, audit};
pub use backup::backup;
pub use check::{Depth, check};
pub use reindex::reindex;
pub use restore::restore;
pub use verify::verify;

use crate::store;
use crate::store::sqlite::OpenError;

/// The most findings that are told one by one, and the most parts that are missing.
const MOST: usize = 100;

/// Why a command could not be done. `Display` gives a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be read or copied.
    #[error("the database could not be read: {0}")]
    Read(#[from] store::Error),
    /// A file or folder cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is a file of that name already.
    #[error("{} is there already; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// The backup would be in the data folder itself.
    #[error("{} is inside the data folder; a backup belongs elsewhere", .0.display())]
    Inside(PathBuf),
    /// The folder that a backup would make is taken by something else.
    #[error(
        "{} is in the way, and is not what an interrupted backup left; move it, or choose another name",
        .0.display()
    )]
    InTheWay(PathBuf),
    /// Another backup of the same folder is being made.
    #[error("another backup of this data folder is being made")]
    Busy,
    /// The folder to restore into is not empty.
    #[error("{} is not empty; a backup is restored into an empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Nobody holds that name.
    #[error("nobody is called {0:?}")]
    Nobody(String),
    /// There is no such act in the log.
    #[error("the log knows no act {code:?}; it knows {codes}")]
    NoAct {
        /// What was asked for.
        code: String,
        /// The acts that there are.
        codes: String,
    },
    /// The file is not a backup.
    #[error("{} is not a backup of Chinwag", .0.display())]
    NotABackup(PathBuf),
    /// A newer version made the backup.
    #[error("the backup was made by a newer version of Chinwag ({0}); restore it with that one")]
    Newer(String),
    /// The backup is not as it was written.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
}

impl Error {
    /// Whether the error says that the data is wrong, and not that the command could not be done.
    #[must_use]
    pub fn is_finding(&self) -> bool {
        matches!(
            self,
            Self::Damaged(_) | Self::NotABackup(_) | Self::Open(OpenError::Schema { .. })
        )
    }

    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }
}

/// The result of a command.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done or seen, as sentences for the operator.
    pub told: Vec<String>,
    /// What is wrong with the data; the first hundred.
    pub findings: Vec<String>,
    /// What could not be read and is missing from the backup; the first hundred.
    pub missing: Vec<String>,
    /// How many more findings and missing parts there are.
    pub more: usize,
}

impl Outcome {
    fn tell(&mut self, sentence: impl Into<String>) {
        self.told.push(sentence.into());
    }

    fn find(&mut self, sentence: impl Into<String>) {
        if self.findings.len() < MOST {
            self.findings.push(sentence.into());
        } else {
            self.more += 1;
        }
    }

    fn miss(&mut self, sentence: impl Into<String>) {
        if self.missing.len() < MOST {
            self.missing.push(sentence.into());
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing is wrong with the data.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether everything could be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty()
    }
}

/// `3 files, 12.5 MB`, for people.
fn room(files: u64, bytes: u64) -> String {
    let noun = if files == 1 { "file" } else { "files" };
    format!("{files} {noun}, {}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
