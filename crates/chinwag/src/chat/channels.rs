//! Channels: finding and making them, entering and leaving.

use super::{Actor, Chat, Result};
use crate::model::channels::{Channel, ChannelView, MarkKind, ReadState};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::{MAX_PAGE, MessagePage, PageAt};
use crate::model::names::ChannelName;
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::Topic;
use crate::model::users::User;
use crate::store::{Constraint, Error as StoreError};

/// The most members that one answer lists.
const MAX_MEMBERS: usize = 1_000;

/// What somebody sees when they enter a channel.
pub struct ChannelPage {
    /// The channel as the person sees it.
    pub view: ChannelView,
    /// Its newest messages.
    pub messages: MessagePage,
    /// How far the person had read before.
    pub read_number: Number,
}

impl Chat {
    /// A channel as the actor sees it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn channel(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        found(self.store.channel(id, actor.id()).await?)
    }

    /// The channel of that name, as the actor sees it.
    ///
    /// # Errors
    /// `NotFound`, also for a name that no channel can have.
    pub async fn channel_named(&self, actor: &Actor, name: &str) -> Result<ChannelView> {
        let Ok(name) = ChannelName::parse(name) else {
            return Err(Refusal::NotFound(Noun::Channel).into());
        };
        found(self.store.channel_named(&name, actor.id()).await?)
    }

    /// Makes a channel with its maker in it.
    ///
    /// # Errors
    /// `ChannelName`, `Topic`, `ChannelExists`, `ChannelAlike`, `TooMany`.
    pub async fn create_channel(
        &self,
        actor: &Actor,
        name: &str,
        topic: &str,
    ) -> Result<ChannelView> {
        let name = ChannelName::parse(name).map_err(Refusal::ChannelName)?;
        let topic = Topic::parse(topic).map_err(Refusal::Topic)?;
        let now = self.clock.now();
        if let Some(held) = self.store.channel_named(&name, actor.id()).await? {
            return Err(Refusal::ChannelExists { name: held.channel.name }.into());
        }
        name.check_new().map_err(Refusal::ChannelName)?;
        self.meters.new_channels.take(actor, self.clock.uptime())?;
        match self.store.create_channel(name.clone(), topic, actor.id(), now).await {
            Err(StoreError::Conflict(Constraint::ChannelName)) => {
                Err(Refusal::ChannelExists { name: name.as_str().to_owned() }.into())
            }
            Err(StoreError::Conflict(Constraint::ChannelLook)) => Err(Refusal::ChannelAlike.into()),
            outcome => Ok(outcome?),
        }
    }

    /// Changes a channel's topic, which any member may do. When the topic is the same, nothing
    /// changes and nobody is told.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Topic`, `TooMany`.
    pub async fn set_topic(&self, actor: &Actor, id: ChannelId, topic: &str) -> Result<Channel> {
        let topic = Topic::parse(topic).map_err(Refusal::Topic)?;
        let view = self.channel(actor, id).await?;
        if view.membership.is_none() {
            return Err(Refusal::Forbidden.into());
        }
        if view.channel.topic == topic.as_str() {
            return Ok(view.channel);
        }
        let now = self.clock.uptime();
        self.meters.commands.take(actor, now)?;
        self.meters.topics_of.check(id, now)?;
        self.meters.topics.take(actor, now)?;
        self.meters.topics_of.take(id, now)?;
        let channel = self.store.set_topic(id, topic).await?;
        Ok(channel.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// Joins a channel.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn join(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        found(self.store.join(id, actor.id(), self.clock.now()).await?)
    }

    /// Leaves a channel.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn leave(&self, actor: &Actor, id: ChannelId) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let left = self.store.leave(id, actor.id()).await?;
        Ok(left.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// Notes a channel as the last one that the actor visited. Visiting is not joining; posting is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn visit(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        let view = found(self.store.channel(id, actor.id()).await?)?;
        if actor.account.last_channel == Some(id) {
            return Ok(view);
        }
        self.meters.commands.take(actor, self.clock.uptime())?;
        match self.store.visit(id, actor.id()).await {
            // They may read the channel, whether or not it can be noted as their last one.
            Err(StoreError::Full(reason)) => {
                tracing::warn!(reason, "could not note which channel somebody is in");
                Ok(view)
            }
            visited => found(visited?),
        }
    }

    /// Enters the channel of that name, and reads its newest messages (or those around `number`).
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn enter(
        &self,
        actor: &Actor,
        name: &str,
        number: Option<Number>,
    ) -> Result<ChannelPage> {
        let before = self.channel_named(actor, name).await?;
        let view = self.visit(actor, before.channel.id).await?;
        // The page ends half a page after that message, so that the message is in its middle.
        let at = number.map_or(PageAt::Newest, |number| {
            PageAt::Before(Number(number.0.saturating_add(MAX_PAGE as i64 / 2)))
        });
        let messages = self.store.messages(view.channel.id, at, MAX_PAGE).await?;
        let messages = messages.ok_or(Refusal::NotFound(Noun::Channel))?;
        let read_number = before.membership.map_or(messages.last_number, |m| m.read.number);
        Ok(ChannelPage { view, messages, read_number })
    }

    /// Lets the actor hear a channel without being in it, as long as they look at it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preview(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        // All channels are public: everybody who sees one may hear it.
        self.channel(actor, id).await
    }

    /// The members of a channel, by name, at most `limit` (1–1,000); and how many there are in all.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn members(
        &self,
        actor: &Actor,
        id: ChannelId,
        limit: usize,
    ) -> Result<(Vec<User>, i64)> {
        self.channel(actor, id).await?;
        Ok(self.store.members(id, limit.clamp(1, MAX_MEMBERS)).await?)
    }

    /// Moves the read mark; [`MarkKind::Read`] never moves it down. The answer says where it is
    /// then.
    ///
    /// # Errors
    /// `NotFound` when there is no such channel or the actor is not in it, `TooMany`.
    pub async fn mark_read(
        &self,
        actor: &Actor,
        id: ChannelId,
        number: Number,
        kind: MarkKind,
    ) -> Result<ReadState> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let state = self.store.mark_read(id, actor.id(), number, kind).await?;
        Ok(state.ok_or(Refusal::NotFound(Noun::Channel))?)
    }
}

fn found(view: Option<ChannelView>) -> Result<ChannelView> {
    Ok(view.ok_or(Refusal::NotFound(Noun::Channel))?)
}
