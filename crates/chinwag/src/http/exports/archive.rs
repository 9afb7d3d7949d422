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

use super::super::archiving::{self, Archive, Broken, MAX_FILES};
use super::super::outgoing::Outgoing;
use super::super::safe_names::safe;
use crate::chat::{Chat, Export};
use crate::model::ids::UploadId;
use crate::model::messages::Message;
use crate::model::uploads::Attachment;
use crate::wire::exports::{ExportedMessage, ExportedProfile};

/// Writes the archive.
pub(super) async fn write(chat: Arc<Chat>, export: Export, outgoing: Outgoing) {
    let archive = ZipArchiveWriter::new(outgoing.writer());
    let at = UtcDateTime::from_unix(export.at.0.div_euclid(1_000));
    let mut writing = Writing { at, chat, export, outgoing, files: 0, missing: HashSet::new() };
    let written = writing.all(archive).await;
    archiving::end(written, &writing.outgoing, "an archive of a person's data").await;
}

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
            let Some(stored) = stored else {
                self.missing.insert(file.id);
                continue;
            };
            self.files += 1;
            let path = path_of(file);
            archiving::add_file(archive, &path, self.at, stored, &self.outgoing).await?;
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
