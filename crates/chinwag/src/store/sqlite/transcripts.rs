//! Transcripts of channels.

use async_trait::async_trait;

use super::SqliteStore;
use super::lines;
use super::messages::run_of;
use super::rows::log::{self, About};
use super::rows::{channels, standing};
use super::writer::Tx;
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::lines::{Line, LineKind};
use crate::model::log::{Act, Doer};
use crate::model::messages::{MAX_PAGE, Message, PageAt};
use crate::model::permissions::Action;
use crate::model::time::Timestamp;
use crate::store::{Result, Transcripts};

#[async_trait]
impl Transcripts for SqliteStore {
    async fn begin_transcript(&self, channel: ChannelId, by: Doer) -> Result<(Channel, Number)> {
        self.writer.run(move |tx| begin(tx, channel, &by)).await
    }

    async fn transcript_page(
        &self,
        channel: ChannelId,
        reader: UserId,
        after: Number,
        through: Number,
    ) -> Result<Vec<Message>> {
        self.readers
            .read(move |db| {
                let seen = standing::check(db, channel, reader, Action::Export, Timestamp(0))?;
                let head = seen.head;
                let mut messages =
                    run_of(db, (channel, head), reader, PageAt::After(after), MAX_PAGE)?;
                messages.retain(|message| message.number <= through);
                Ok(messages)
            })
            .await
    }
}

fn begin(tx: &mut Tx<'_>, id: ChannelId, by: &Doer) -> Result<(Channel, Number)> {
    let seen = standing::check(tx.db, id, by.user, Action::Export, by.at)?;
    log::add(tx.db, by, Act::Export, &About { channel: Some(id), ..About::default() })?;
    lines::write(tx, id, by.user, by.at, &Line::of(LineKind::Exported))?;
    Ok((channels::existing(tx.db, id)?, seen.head.last_number))
}
