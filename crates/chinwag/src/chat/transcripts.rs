//! Transcripts of channels, which their hosts make.

use super::limits::ArchiveSlot;
use super::{Actor, Chat, Result, StoredFile};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::Message;
use crate::model::thread_pages::TranscriptPlace;
use crate::model::time::Timestamp;
use crate::model::uploads::Attachment;

/// A transcript that is being made.
pub struct Transcript {
    /// The channel.
    pub channel: Channel,
    /// The newest message that it holds.
    pub through: Number,
    /// When it was begun.
    pub at: Timestamp,
    /// Who makes it.
    by: Actor,
    _slot: ArchiveSlot,
}

impl Transcript {
    /// The name of whoever makes it.
    #[must_use]
    pub fn maker(&self) -> &str {
        &self.by.account.user.name
    }
}

impl Chat {
    /// Begins a transcript of a channel. It takes a slot until it is dropped.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn begin_transcript(&self, actor: Actor, id: ChannelId) -> Result<Transcript> {
        self.meters.commands.take(&actor, self.clock.uptime())?;
        let slot = self.meters.transcripts.take(actor.id())?;
        let at = self.clock.now();
        let (channel, through) = self.store.begin_transcript(id, actor.doer(at)).await?;
        Ok(Transcript { channel, through, at, by: actor, _slot: slot })
    }

    /// The messages of a transcript from a place on, about a megabyte at most, either of the run or of one
    /// thread; none: that is all.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` as soon as its maker may not make it any more.
    pub async fn transcript_page(
        &self,
        transcript: &Transcript,
        after: TranscriptPlace,
    ) -> Result<Vec<Message>> {
        let (channel, by) = (transcript.channel.id, transcript.by.id());
        Ok(self.store.transcript_page(channel, by, after, transcript.through).await?)
    }

    /// Opens a file of a transcript. `None`: it was removed meanwhile.
    ///
    /// # Errors
    /// When the store or the disk cannot be read.
    pub async fn transcript_file(
        &self,
        transcript: &Transcript,
        file: &Attachment,
    ) -> Result<Option<StoredFile>> {
        let upload = self.store.readable_upload(file.id, transcript.by.id()).await?;
        let Some(upload) = upload else { return Ok(None) };
        let Some((file, length)) = self.files.read(upload.attachment.id, false).await? else {
            return Ok(None);
        };
        let (attachment, sha256) = (upload.attachment, upload.sha256);
        Ok(Some(StoredFile { attachment, sha256, file, length }))
    }
}
