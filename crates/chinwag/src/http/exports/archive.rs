//! What the archive of a person's data holds, in the order in which it is written: the profile, the
//! picture, the files, and the messages as data.
//!
//! The messages are read twice, a part of the store at a time, so that all that stays in memory is the
//! list of the archive's names.

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::sync::Arc;

use rawzip::ZipArchiveWriter;
use rawzip::time::UtcDateTime;
use tokio::io::AsyncReadExt as _;

use super::super::outgoing::{Outgoing, Written};
use super::super::safe_names::safe;
use crate::chat::{self, Chat, Export};
use crate::http::files::CHUNK_BYTES;
use crate::model::ids::UploadId;
use crate::model::messages::Message;
use crate::model::uploads::Attachment;
use crate::wire::exports::{ExportedMessage, ExportedProfile};

/// The most files of one archive: it lists their names at its end, and they are in memory until then.
const MAX_FILES: usize = 20_000;

/// Why an archive was not finished.
enum Broken {
    /// Nobody takes it any more.
    HungUp,
    /// The store or the disk cannot be read.
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

/// Writes the archive.
pub(super) async fn write(chat: Arc<Chat>, export: Export, outgoing: Outgoing) {
    let archive = ZipArchiveWriter::new(outgoing.writer());
    let at = UtcDateTime::from_unix(export.at.0.div_euclid(1_000));
    let mut writing = Writing { at, chat, export, outgoing, files: 0, missing: HashSet::new() };
    match writing.all(archive).await {
        Ok(()) => {}
        Err(Broken::HungUp) => tracing::debug!("nobody takes a person's data any more"),
        Err(Broken::Failed(error)) => {
            tracing::warn!(%error, "an archive of a person's data was not finished");
            writing.outgoing.break_off().await;
        }
    }
}

type Archive = ZipArchiveWriter<Written>;

struct Writing {
    chat: Arc<Chat>,
    export: Export,
    outgoing: Outgoing,
    at: UtcDateTime,
    /// How many files it holds.
    files: usize,
    /// Files of messages that it does not hold.
    missing: HashSet<UploadId>,
}

impl Writing {
    async fn all(&mut self, mut archive: Archive) -> Result<(), Broken> {
        let profile = ExportedProfile::new(&self.export.account, self.export.at);
        let json = serde_json::to_vec_pretty(&profile).map_err(io::Error::from)?;
        self.whole(&mut archive, "profile.json", &json)?;
        if let Some(picture) = self.chat.export_picture(&self.export).await? {
            let png = picture.starts_with(b"\x89PNG");
            self.whole(&mut archive, if png { "picture.png" } else { "picture.jpg" }, &picture)?;
        }
        let mut next = Some(Export::BEGINNING);
        while let Some(after) = next {
            let page = self.chat.export_page(&self.export, after).await?;
            for message in &page.messages {
                self.files_of(&mut archive, message).await?;
            }
            next = page.next;
        }
        self.lines(&mut archive).await?;
        archive.finish()?;
        Ok(self.outgoing.hand_on().await?)
    }

    /// A file that is in memory.
    fn whole(&self, archive: &mut Archive, path: &str, bytes: &[u8]) -> Result<(), Broken> {
        let (mut entry, config) = archive.new_file(path).last_modified(self.at).start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(bytes)?;
        let (_, end) = writer.finish()?;
        entry.finish(end)?;
        Ok(())
    }

    async fn files_of(&mut self, archive: &mut Archive, message: &Message) -> Result<(), Broken> {
        for file in &message.attachments {
            let stored = match self.files < MAX_FILES {
                true => self.chat.export_file(&self.export, file).await?,
                false => None,
            };
            let Some(mut stored) = stored else {
                self.missing.insert(file.id);
                continue;
            };
            self.files += 1;
            let path = path_of(file);
            let (mut entry, config) = archive.new_file(&path).last_modified(self.at).start()?;
            let mut writer = config.wrap(&mut entry);
            let mut buffer = vec![0; CHUNK_BYTES];
            loop {
                let count = stored.file.read(&mut buffer).await?;
                if count == 0 {
                    break;
                }
                writer.write_all(&buffer[..count])?;
                self.outgoing.hand_on().await?;
            }
            let (_, end) = writer.finish()?;
            entry.finish(end)?;
        }
        Ok(())
    }

    async fn lines(&mut self, archive: &mut Archive) -> Result<(), Broken> {
        let (mut entry, config) =
            archive.new_file("messages.jsonl").last_modified(self.at).start()?;
        let mut writer = config.wrap(&mut entry);
        let mut next = Some(Export::BEGINNING);
        while let Some(after) = next {
            let page = self.chat.export_page(&self.export, after).await?;
            let (kind, name) = &page.channel;
            for message in &page.messages {
                let there = message.attachments.iter();
                let there = there.filter(|file| !self.missing.contains(&file.id)).map(path_of);
                let line = ExportedMessage::new(message, (*kind, name), there.collect());
                let mut json = serde_json::to_vec(&line).map_err(io::Error::from)?;
                json.push(b'\n');
                writer.write_all(&json)?;
            }
            self.outgoing.hand_on().await?;
            next = page.next;
        }
        let (_, end) = writer.finish()?;
        entry.finish(end)?;
        Ok(())
    }
}

/// The path of a file in the archive; its id makes it the only one.
fn path_of(file: &Attachment) -> String {
    format!("files/{}-{}", file.id, safe(&file.name))
}
