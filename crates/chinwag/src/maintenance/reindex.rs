//! `chinwag reindex`: has the index for searching made anew.

use std::path::Path;

use super::{Error, Outcome};
use crate::store::sqlite::{self, DATABASE, OpenError};

/// Notes that the index is to be made anew by the next start.
///
/// # Errors
/// When there is no such folder, or a server uses it.
pub fn reindex(data: &Path) -> Result<Outcome, Error> {
    let path = data.join(DATABASE);
    if !path.exists() {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(OpenError::Folder { path, source }.into());
    }
    sqlite::reindex(data)?;
    let mut outcome = Outcome::default();
    outcome.tell("The next start makes the index for searching anew, in the background.");
    Ok(outcome)
}
