//! Transcripts of channels.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::log::Doer;
use crate::model::messages::Message;
use crate::model::thread_pages::TranscriptPlace;

/// Transcripts: what is read to make one.
#[async_trait]
pub trait Transcripts: Send + Sync {
    /// Begins a transcript, which is written into the log: the channel, and the newest number that the
    /// transcript holds.
    ///
    /// # Errors
    /// `Denied` when `by` may make none.
    async fn begin_transcript(&self, channel: ChannelId, by: Doer) -> Result<(Channel, Number)>;

    /// Messages of a channel up to `through`, from a place of the transcript on, in their present form,
    /// tombstones included: either rows of the run, or replies of one thread that are not of the run. They
    /// end before they hold more than about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES); none: that is all.
    ///
    /// # Errors
    /// `Denied` as soon as `reader` may make no transcript any more.
    async fn transcript_page(
        &self,
        channel: ChannelId,
        reader: UserId,
        after: TranscriptPlace,
        through: Number,
    ) -> Result<Vec<Message>>;
}
