//! What an archive holds, in the order in which it is written: the files, the pages, and the messages as
//! data.
//!
//! The files come first, so that the pages know which of them are there. Each part reads the messages
//! anew, a page of the store at a time: all that stays in memory is the list of the archive's names.

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::sync::Arc;

use rawzip::ZipArchiveWriter;
use rawzip::time::UtcDateTime;

use super::super::archiving::{self, Archive, Broken, MAX_FILES};
use super::super::outgoing::Outgoing;
use super::page::{Look, PAGE_MESSAGES, Pages};
use super::paths::{page_name, path_of};
use crate::chat::{Chat, Transcript};
use crate::model::ids::{Number, UploadId};
use crate::model::messages::Message;
use crate::model::thread_pages::TranscriptPlace;
use crate::wire::transcripts::TranscriptLine;

/// Writes the archive of a transcript.
pub(super) async fn write(chat: Arc<Chat>, transcript: Transcript, look: Look, outgoing: Outgoing) {
    let archive = ZipArchiveWriter::new(outgoing.writer());
    let mut writing = Writing {
        at: UtcDateTime::from_unix(transcript.at.0.div_euclid(1_000)),
        chat,
        transcript,
        look,
        outgoing,
        files: 0,
        missing: HashSet::new(),
    };
    let written = writing.all(archive).await;
    archiving::end(written, &writing.outgoing, "a transcript").await;
}

struct Writing {
    chat: Arc<Chat>,
    transcript: Transcript,
    look: Look,
    outgoing: Outgoing,
    at: UtcDateTime,
    /// How many files it holds.
    files: usize,
    /// Files of messages that it does not hold.
    missing: HashSet<UploadId>,
}

impl Writing {
    async fn all(&mut self, mut archive: Archive) -> Result<(), Broken> {
        let mut after = TranscriptPlace::BEGIN;
        while let Some(messages) = self.next(&mut after).await? {
            for message in &messages {
                self.files_of(&mut archive, message).await?;
            }
        }
        let through = self.transcript.through.0;
        for page in 1..=through.div_euclid(PAGE_MESSAGES) + 1 {
            // The last page of a full number of them would be empty.
            if page == 1 || (page - 1) * PAGE_MESSAGES < through {
                self.page(&mut archive, page).await?;
            }
        }
        self.lines(&mut archive).await?;
        archive.finish()?;
        Ok(self.outgoing.hand_on().await?)
    }

    /// The next messages; `None` after the last.
    async fn next(&self, after: &mut TranscriptPlace) -> Result<Option<Vec<Message>>, Broken> {
        let messages = self.chat.transcript_page(&self.transcript, *after).await?;
        let Some(last) = messages.last() else { return Ok(None) };
        *after = TranscriptPlace::after(last);
        Ok(Some(messages))
    }

    async fn files_of(&mut self, archive: &mut Archive, message: &Message) -> Result<(), Broken> {
        for (position, file) in message.attachments.iter().enumerate() {
            let stored = match self.files < MAX_FILES {
                true => self.chat.transcript_file(&self.transcript, file).await?,
                false => None,
            };
            let (Some(stored), Some(path)) = (stored, path_of(message, position)) else {
                self.missing.insert(file.id);
                continue;
            };
            self.files += 1;
            archiving::add_file(archive, &path, self.at, stored, &self.outgoing).await?;
        }
        Ok(())
    }

    async fn page(&mut self, archive: &mut Archive, page: i64) -> Result<(), Broken> {
        let name = page_name(page);
        let pages = Pages::new(&self.look, &self.transcript, page);
        let (mut entry, config) = archive.new_file(&name).last_modified(self.at).start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(pages.head()?.as_bytes())?;
        let mut after = match page {
            1 => TranscriptPlace::BEGIN,
            page => TranscriptPlace::behind(Number((page - 1) * PAGE_MESSAGES)),
        };
        let last = page * PAGE_MESSAGES;
        let (mut before, mut goes_on) = (None, true);
        while goes_on && let Some(mut messages) = self.next(&mut after).await? {
            // A thread stands on the page of the message that begins it.
            goes_on = messages.iter().all(|message| TranscriptPlace::after(message).row.0 <= last);
            messages.retain(|message| TranscriptPlace::after(message).row.0 <= last);
            let rows = pages.rows(&messages, &mut before, &self.missing)?;
            writer.write_all(rows.as_bytes())?;
            self.outgoing.hand_on().await?;
        }
        writer.write_all(pages.foot(before.is_none())?.as_bytes())?;
        let (_, end) = writer.finish()?;
        entry.finish(end)?;
        Ok(self.outgoing.hand_on().await?)
    }

    async fn lines(&mut self, archive: &mut Archive) -> Result<(), Broken> {
        let entry = archive.new_file("messages.jsonl").last_modified(self.at).start()?;
        let (mut entry, config) = entry;
        let mut writer = config.wrap(&mut entry);
        let mut after = TranscriptPlace::BEGIN;
        while let Some(messages) = self.next(&mut after).await? {
            for message in &messages {
                let path = |position: usize| {
                    let file = message.attachments.get(position)?;
                    path_of(message, position).filter(|_| !self.missing.contains(&file.id))
                };
                let line = TranscriptLine::new(message, path);
                let mut json = serde_json::to_vec(&line).map_err(io::Error::from)?;
                json.push(b'\n');
                writer.write_all(&json)?;
            }
            self.outgoing.hand_on().await?;
        }
        let (_, end) = writer.finish()?;
        entry.finish(end)?;
        Ok(())
    }
}
