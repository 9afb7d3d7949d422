//! The names of the entries of a backup.

use std::path::Path;

use crate::files::shelf::{self, Kind};
use crate::model::ids::UploadId;
use crate::store::sqlite::{DATABASE, FILES};

/// The name of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Head,
    Database,
    Settings,
    File(UploadId, Kind),
    Manifest,
}

const HEAD: &str = "chinwag-backup.json";
const SETTINGS: &str = "settings.json";
const MANIFEST: &str = "manifest.jsonl";

impl Name {
    /// The path of the entry in the archive, which is also its path in a data folder.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Head => HEAD.to_owned(),
            Self::Database => DATABASE.to_owned(),
            Self::Settings => SETTINGS.to_owned(),
            Self::Manifest => MANIFEST.to_owned(),
            Self::File(id, kind) => {
                Path::new(FILES).join(shelf::place(*id, *kind)).to_string_lossy().into_owned()
            }
        }
    }

    /// Parses what [`Name::path`] writes; `None` for everything else.
    pub(crate) fn parse(path: &[u8]) -> Option<Self> {
        let path = std::str::from_utf8(path).ok()?;
        match path {
            HEAD => Some(Self::Head),
            DATABASE => Some(Self::Database),
            SETTINGS => Some(Self::Settings),
            MANIFEST => Some(Self::Manifest),
            _ => {
                let (shelf, name) = path.strip_prefix(FILES)?.strip_prefix('/')?.split_once('/')?;
                shelf::parse(shelf, name).map(|(id, kind)| Self::File(id, kind))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Name, UploadId};

    #[test]
    fn only_our_names_are_names() {
        let file = Name::File(UploadId([0x5e; 16]), Kind::Thumbnail);
        for name in [Name::Head, Name::Database, Name::Settings, Name::Manifest, file] {
            assert_eq!(Name::parse(name.path().as_bytes()), Some(name));
        }
        let odd = ["", "/etc/passwd", "../chinwag.db", "files/../chinwag.db", "./chinwag.db"];
        for path in odd.into_iter().chain(["files/5e/x.bin", "LOCK", "RESTORING"]) {
            assert_eq!(Name::parse(path.as_bytes()), None, "{path}");
        }
    }
}
