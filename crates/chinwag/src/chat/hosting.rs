//! What those who run a channel do: they change what it is, and decide who is in it and who writes.

use std::time::{Duration, Instant};

use super::channels::MAX_ADDED;
use super::{Actor, Chat, Result};
use crate::model::channels::{
    Channel, ChannelKind, FOR_GOOD, MAX_NEWCOMER_CHANNELS, MAX_SLOW_S, Posting,
};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::names::ChannelName;
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{ChannelPatch, Constraint, Error as StoreError};

/// The most people that one answer lists as kept out.
const MAX_KEPT_OUT: usize = 1_000;
/// The longest pause between two batches of what is removed.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The longest mute with an end, in minutes: a year.
const MAX_MUTE_MINUTES: u32 = 525_600;

/// Changes of a channel as somebody asks for them; `None` leaves a fact as it is.
#[derive(Debug, Default)]
pub struct ChannelChanges {
    /// The name.
    pub name: Option<String>,
    /// What it is for.
    pub topic: Option<String>,
    /// Public or private.
    pub kind: Option<ChannelKind>,
    /// Who writes in it.
    pub posting: Option<Posting>,
    /// Whether only hosts may do anything in it for now.
    pub locked: Option<bool>,
    /// Whether nothing new comes into it.
    pub archived: Option<bool>,
    /// Whether everybody but the hosts is muted.
    pub all_muted: Option<bool>,
    /// How many seconds everybody but the hosts waits between two messages.
    pub slow_s: Option<u32>,
    /// Whether newcomers are put into it.
    pub newcomers: Option<bool>,
    /// Whether only those who run it pin messages.
    pub hosts_pin: Option<bool>,
}

impl Chat {
    /// Changes a channel's own facts, all or none. When nothing differs, nobody is told.
    ///
    /// # Errors
    /// `NotFound`, `NotInside`, `Forbidden`, `Archived`, `ChannelName`, `Topic`, `ChannelExists`,
    /// `ChannelAlike`, `TooManyOf`, `Malformed`, `TooMany`.
    pub async fn change_channel(
        &self,
        actor: &Actor,
        id: ChannelId,
        changes: ChannelChanges,
    ) -> Result<Channel> {
        let topic = changes.topic.as_deref().map(Topic::parse).transpose();
        let topic = topic.map_err(Refusal::Topic)?;
        if changes.kind == Some(ChannelKind::Direct) {
            return Err(Refusal::Malformed { field: "kind" }.into());
        }
        if changes.slow_s.is_some_and(|slow| slow > MAX_SLOW_S) {
            return Err(Refusal::Malformed { field: "slow_s" }.into());
        }
        let view = self.channel(actor, id).await?;
        // A group is called by its people again. Every channel has a name.
        let nameless = view.channel.state.kind == ChannelKind::Direct
            && changes.name.as_deref().is_some_and(|name| name.trim().is_empty());
        let name =
            changes.name.as_deref().filter(|_| !nameless).map(ChannelName::parse).transpose();
        let name = name.map_err(Refusal::ChannelName)?;
        let renames = name.as_ref().filter(|name| name.as_str() != view.channel.name);
        if let Some(name) = renames {
            name.check_new().map_err(Refusal::ChannelName)?;
        }
        let new_topic = topic.as_ref().is_some_and(|topic| topic.as_str() != view.channel.topic);
        let now = self.clock.uptime();
        if renames.is_some() || nameless || new_topic {
            self.meters.commands.take(actor, now)?;
            self.meters.topics_of.check(id, now)?;
            self.meters.topics.take(actor, now)?;
            self.meters.topics_of.take(id, now)?;
        } else {
            self.meters.commands.take(actor, now)?;
        }
        let called = name.as_ref().map_or(view.channel.name, |name| name.as_str().to_owned());
        let ChannelChanges {
            kind,
            posting,
            locked,
            archived,
            all_muted,
            slow_s,
            newcomers,
            hosts_pin,
            ..
        } = changes;
        let patch = ChannelPatch {
            name,
            topic,
            kind,
            posting,
            locked,
            archived,
            all_muted,
            slow_s,
            newcomers,
            hosts_pin,
            nameless,
        };
        let by = actor.doer(self.clock.now());
        match self.store.change_channel(id, by, patch).await {
            Err(StoreError::Conflict(Constraint::ChannelName)) => {
                Err(Refusal::ChannelExists { name: called }.into())
            }
            Err(StoreError::Conflict(Constraint::ChannelLook)) => Err(Refusal::ChannelAlike.into()),
            Err(StoreError::Conflict(Constraint::Newcomers)) => {
                let (noun, max) = (Noun::Channel, MAX_NEWCOMER_CHANNELS);
                Err(Refusal::TooManyOf { noun, max }.into())
            }
            outcome => Ok(outcome?),
        }
    }

    /// Names a member a host, or ends that.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `LastHost`, `TooMany`.
    pub async fn set_host(
        &self,
        actor: &Actor,
        id: ChannelId,
        whom: UserId,
        host: bool,
    ) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.set_host(id, actor.doer(self.clock.now()), whom, host).await?)
    }

    /// Puts people into a channel.
    ///
    /// # Errors
    /// `NotFound`, `NotInside`, `Forbidden`, `Archived`, `IsKeptOut`, `TooManyOf`, `TooMany`.
    pub async fn add_people(
        &self,
        actor: &Actor,
        id: ChannelId,
        people: Vec<UserId>,
    ) -> Result<()> {
        if people.len() > MAX_ADDED {
            return Err(Refusal::TooManyOf { noun: Noun::User, max: MAX_ADDED }.into());
        }
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.add_people(id, actor.doer(self.clock.now()), people).await?)
    }

    /// Takes a person out of a channel, and perhaps keeps them out.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn take_out(
        &self,
        actor: &Actor,
        id: ChannelId,
        whom: UserId,
        keep_out: bool,
    ) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.take_out(id, actor.doer(self.clock.now()), whom, keep_out).await?)
    }

    /// Lets a person come back who was kept out.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn let_back_in(&self, actor: &Actor, id: ChannelId, whom: UserId) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.let_back_in(id, actor.doer(self.clock.now()), whom).await?)
    }

    /// Mutes a member for so many minutes, or for good.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Malformed`, `TooMany`.
    pub async fn mute_member(
        &self,
        actor: &Actor,
        id: ChannelId,
        whom: UserId,
        minutes: Option<u32>,
    ) -> Result<()> {
        let until = self.end_of_mute(minutes)?;
        self.set_mute(actor, id, whom, Some(until)).await
    }

    /// When a mute ends that begins now and lasts so many minutes, or for good.
    ///
    /// # Errors
    /// `Malformed`.
    pub(super) fn end_of_mute(&self, minutes: Option<u32>) -> Result<Timestamp> {
        match minutes {
            None => Ok(FOR_GOOD),
            Some(minutes @ 1..=MAX_MUTE_MINUTES) => {
                Ok(self.clock.now().plus_ms(i64::from(minutes) * 60_000))
            }
            Some(_) => Err(Refusal::Malformed { field: "minutes" }.into()),
        }
    }

    /// Lets a muted member write again.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn unmute_member(&self, actor: &Actor, id: ChannelId, whom: UserId) -> Result<()> {
        self.set_mute(actor, id, whom, None).await
    }

    async fn set_mute(
        &self,
        actor: &Actor,
        id: ChannelId,
        whom: UserId,
        until: Option<Timestamp>,
    ) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.mute_member(id, actor.doer(self.clock.now()), whom, until).await?)
    }

    /// The people who are kept out of a channel, by name, at most 1,000.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub async fn kept_out(&self, actor: &Actor, id: ChannelId) -> Result<Vec<User>> {
        Ok(self.store.kept_out(id, actor.id(), MAX_KEPT_OUT).await?)
    }

    /// Clears a channel: its messages up to `through`, the newest that the actor saw, with their files. They
    /// are gone for everybody at once; rows and files go soon after. Answers with the channel as it is then.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Malformed`, `TooMany`.
    pub async fn clear_channel(
        &self,
        actor: &Actor,
        id: ChannelId,
        through: Number,
    ) -> Result<Channel> {
        if through.0 < 1 {
            return Err(Refusal::Malformed { field: "through" }.into());
        }
        self.meters.commands.take(actor, self.clock.uptime())?;
        let by = actor.doer(self.clock.now());
        let cleared = self.store.clear_channel(id, by, through).await?;
        self.deleted.notify_one();
        Ok(cleared)
    }

    /// Deletes a channel with its messages and files. It is gone for everybody at once; its rows and
    /// files go soon after.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn delete_channel(&self, actor: &Actor, id: ChannelId) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        self.store.delete_channel(id, actor.doer(self.clock.now())).await?;
        self.deleted.notify_one();
        Ok(())
    }

    /// Removes the rows and files of channels that were deleted or cleared, for ever: at once those that were
    /// left when the server ended, and then those of each channel that is deleted or cleared.
    pub async fn remove_deleted_channels(&self) {
        loop {
            let began = Instant::now();
            match self.store.sweep_deleted_channels().await {
                Ok(Some(files)) => {
                    // The writer is free for others for as long.
                    tokio::time::sleep(began.elapsed().min(LONGEST_PAUSE)).await;
                    for id in files {
                        self.files.remove(id).await;
                    }
                }
                Ok(None) => self.deleted.notified().await,
                Err(error) => {
                    tracing::warn!(%error, "could not remove the rows of a channel that was deleted or cleared");
                    // The next sweep tries again.
                    self.deleted.notified().await;
                }
            }
        }
    }
}
