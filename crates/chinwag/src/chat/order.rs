//! Keeping order: removing messages, reporting them, and the log.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Number};
use crate::model::log::LogPage;
use crate::model::messages::Message;
use crate::model::order::{LOG_MS, MAX_NOTE, REPORT_MS, Reason, Removal, ReportedMessage};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::{Noun, Refusal};
use crate::store::{DeleteOutcome, Grounds, LogFilter};

impl Chat {
    /// Removes a message of another person; a tombstone stays that says so. Removing it again answers
    /// with the tombstone.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Malformed`, `TooMany`.
    pub async fn remove_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        reason: Reason,
        note: &str,
    ) -> Result<Message> {
        self.meters.messages.take(actor, self.clock.uptime())?;
        let (by, grounds) = (actor.doer(self.clock.now()), grounds(reason, note)?);
        match self.store.remove_message(by, channel, number, grounds).await? {
            DeleteOutcome::Deleted(message, files) => {
                for id in files {
                    self.files.remove(id).await;
                }
                Ok(message)
            }
            DeleteOutcome::AlreadyDeleted(message) => Ok(message),
            DeleteOutcome::NotAuthor | DeleteOutcome::NotFound => {
                Err(Refusal::NotFound(Noun::Message).into())
            }
        }
    }

    /// Why a message was removed, for its author and for whoever runs the channel.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn removal(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<Removal> {
        let removal = self.store.removal(channel, number, actor.id()).await?;
        Ok(removal.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// Reports a message of another person to those who keep order.
    ///
    /// # Errors
    /// `NotFound`, `Malformed`, `TooManyOf`, `TooMany`.
    pub async fn report_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        reason: Reason,
        note: &str,
    ) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let (by, grounds) = (actor.doer(self.clock.now()), grounds(reason, note)?);
        if self.store.report_message(by, channel, number, grounds).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound(Noun::Message).into())
        }
    }

    /// The messages with open reports.
    ///
    /// # Errors
    /// `Forbidden`, or `NotFound` for a guest.
    pub async fn reported_messages(&self, actor: &Actor) -> Result<Vec<ReportedMessage>> {
        actor.check(PlaceAction::DealWithReports)?;
        Ok(self.store.reported_messages(actor.id()).await?)
    }

    /// Leaves a reported message as it is.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` when no report about it is open, `TooMany`.
    pub async fn leave_reported(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<()> {
        actor.check(PlaceAction::DealWithReports)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let by = actor.doer(self.clock.now());
        if self.store.leave_reported(by, channel, number).await? {
            Ok(())
        } else {
            Err(Refusal::NotFound(Noun::Message).into())
        }
    }

    /// Entries of the log, the newest first.
    ///
    /// # Errors
    /// `Forbidden`, or `NotFound` for a guest.
    pub async fn log(&self, actor: &Actor, filter: LogFilter) -> Result<LogPage> {
        actor.check(PlaceAction::ReadLog)?;
        Ok(self.store.log(actor.id(), filter).await?)
    }

    /// Closes old reports, and forgets old entries of the log.
    ///
    /// # Errors
    /// When the store cannot.
    pub(super) async fn sweep_order(&self) -> Result<()> {
        let now = self.clock.now();
        let (reports, entries) = (now.plus_ms(-REPORT_MS), now.plus_ms(-LOG_MS));
        Ok(self.store.sweep_order(now, reports, entries).await?)
    }
}

fn grounds(reason: Reason, note: &str) -> Result<Grounds> {
    let note = note.trim();
    if note.chars().count() > MAX_NOTE {
        return Err(Refusal::Malformed { field: "note" }.into());
    }
    Ok(Grounds { reason, note: note.to_owned() })
}
