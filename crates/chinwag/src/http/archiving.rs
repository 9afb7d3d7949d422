//! What the writers of all archives share: why one is broken off, and how a stored file gets into it.

use std::io::{self, Write as _};

use rawzip::ZipArchiveWriter;
use rawzip::time::UtcDateTime;
use tokio::io::AsyncReadExt as _;

use super::downloads::CHUNK_BYTES;
use super::outgoing::{Outgoing, Written};
use crate::chat::{self, StoredFile};

/// The most files of one archive: it lists their names at its end, and they are in memory until then.
pub(super) const MAX_FILES: usize = 20_000;

/// An archive that is being written.
pub(super) type Archive = ZipArchiveWriter<Written>;

/// Why an archive was not finished.
pub(super) enum Broken {
    /// Nobody takes it any more.
    HungUp,
    /// The store or the disk cannot be read, or its maker may make it no more.
    Failed(String),
}

impl From<chat::Error> for Broken {
    fn from(error: chat::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<rawzip::Error> for Broken {
    fn from(error: rawzip::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::HungUp,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// Ends the way of an archive: one that was not finished is broken off, so that the client does not take
/// what it has for the whole. `what` it is stands in the log.
pub(super) async fn end(written: Result<(), Broken>, outgoing: &Outgoing, what: &str) {
    match written {
        Ok(()) => {}
        Err(Broken::HungUp) => tracing::debug!("nobody takes {what} any more"),
        Err(Broken::Failed(error)) => {
            tracing::warn!(%error, "{what} was not finished");
            outgoing.break_off().await;
        }
    }
}

/// Adds a stored file. Its bytes are handed on as they are read.
pub(super) async fn add_file(
    archive: &mut Archive,
    path: &str,
    at: UtcDateTime,
    mut stored: StoredFile,
    outgoing: &Outgoing,
) -> Result<(), Broken> {
    let (mut entry, config) = archive.new_file(path).last_modified(at).start()?;
    let mut writer = config.wrap(&mut entry);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let count = stored.file.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        writer.write_all(&buffer[..count])?;
        outgoing.hand_on().await?;
    }
    let (_, end) = writer.finish()?;
    entry.finish(end)?;
    Ok(())
}
