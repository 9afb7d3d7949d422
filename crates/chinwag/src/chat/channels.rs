//! Channels: finding and making them, entering and leaving.

use super::callable::letters;
use super::{Actor, Chat, Error, Result};
use crate::model::channels::{
    ChannelKind, ChannelState, ChannelView, MarkKind, MembersPage, MembersQuery, Posting, ReadState,
};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::levels::Level;
use crate::model::messages::{MAX_PAGE, MessagePage, PageAt};
use crate::model::names::ChannelName;
use crate::model::permissions::{Action, Denial, PlaceAction, makes_channels};
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::Topic;
use crate::secrets;
use crate::store::{Constraint, Error as StoreError, NewChannel};

/// The most people that are put into a channel at once.
pub const MAX_ADDED: usize = 100;

/// A channel as its maker describes it.
pub struct ChannelDraft {
    /// The name.
    pub name: String,
    /// What it is for.
    pub topic: String,
    /// Public or private.
    pub kind: ChannelKind,
    /// Who writes in it.
    pub posting: Posting,
    /// Who else is in it from the beginning, at most [`MAX_ADDED`].
    pub people: Vec<UserId>,
}

/// What an address says of a channel: the name of a public one, or any one's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelAddress {
    /// A name, also one that it had before.
    Name(String),
    /// An id.
    Id(ChannelId),
}

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
        actor.knows(id)?;
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
        actor.known(self.store.channel_named(&name, actor.id()).await?)
    }

    /// The channel of that address, as the actor sees it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn channel_at(&self, actor: &Actor, at: &ChannelAddress) -> Result<ChannelView> {
        match at {
            ChannelAddress::Name(name) => self.channel_named(actor, name).await,
            ChannelAddress::Id(id) => self.channel(actor, *id).await,
        }
    }

    /// Whether the actor makes channels here.
    #[must_use]
    pub fn makes_channels(&self, actor: &Actor) -> bool {
        makes_channels(actor.role(), self.place().channel_makers)
    }

    /// Makes a channel with its maker in it, who is its host, and with other people.
    ///
    /// # Errors
    /// `Forbidden`, `ChannelName`, `Topic`, `TooManyOf`, `ChannelExists`, `ChannelAlike`, `NotFound` when
    /// there is no such person, `TooMany`.
    pub async fn create_channel(&self, actor: &Actor, draft: ChannelDraft) -> Result<ChannelView> {
        actor.check(PlaceAction::CreateChannel)?;
        if !self.makes_channels(actor) {
            return Err(Refusal::Forbidden.into());
        }
        let ChannelDraft { name, topic, kind, posting, people } = draft;
        let name = ChannelName::parse(&name).map_err(Refusal::ChannelName)?;
        let topic = Topic::parse(&topic).map_err(Refusal::Topic)?;
        if kind == ChannelKind::Direct {
            return Err(Refusal::Malformed { field: "kind" }.into());
        }
        if people.len() > MAX_ADDED {
            return Err(Refusal::TooManyOf { noun: Noun::User, max: MAX_ADDED }.into());
        }
        let public = kind == ChannelKind::Public;
        if public && let Some(held) = self.holder(actor, &name).await? {
            return Err(Refusal::ChannelExists { name: held }.into());
        }
        name.check_new().map_err(Refusal::ChannelName)?;
        self.meters.new_channels.take(actor, self.clock.uptime())?;
        let id = if public { None } else { Some(secrets::private_channel_id()?) };
        let state = ChannelState { kind, posting, ..ChannelState::default() };
        let (by, at) = (actor.id(), self.clock.now());
        let new = NewChannel { id, name: name.clone(), topic, state, by, people, at };
        match self.store.create_channel(new).await {
            Err(StoreError::Conflict(Constraint::ChannelName)) => {
                Err(Refusal::ChannelExists { name: name.as_str().to_owned() }.into())
            }
            Err(StoreError::Conflict(Constraint::ChannelLook)) => Err(Refusal::ChannelAlike.into()),
            Err(StoreError::Denied(Denial::NotFound)) => Err(Refusal::NotFound(Noun::User).into()),
            outcome => Ok(outcome?),
        }
    }

    /// The name, as it was typed, of the public channel that holds a name now.
    async fn holder(&self, actor: &Actor, name: &ChannelName) -> Result<Option<String>> {
        let found = self.store.channel_named(name, actor.id()).await?;
        // A name that only leads on may be taken.
        let holds =
            |held: &String| ChannelName::parse(held).is_ok_and(|held| held.key() == name.key());
        Ok(found.map(|view| view.channel.name).filter(holds))
    }

    /// Joins a public channel.
    ///
    /// # Errors
    /// `NotFound`, `Archived`, `TooManyOf`, `TooMany`.
    pub async fn join(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.join(id, actor.id(), self.clock.now()).await?)
    }

    /// Leaves a channel.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn leave(&self, actor: &Actor, id: ChannelId) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.leave(id, actor.id(), self.clock.now()).await?)
    }

    /// Notes a channel as the last one that the actor visited. Visiting is not joining; posting is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn visit(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        let view = self.channel(actor, id).await?;
        if actor.account.last_channel == Some(id) || actor.reach.reads_only {
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

    /// Enters the channel of that address, and reads its newest messages (or those around `number`).
    ///
    /// # Errors
    /// `NotFound`, also of a message when the channel has not come to that number.
    pub async fn enter(
        &self,
        actor: &Actor,
        address: &ChannelAddress,
        number: Option<Number>,
    ) -> Result<ChannelPage> {
        let before = self.channel_at(actor, address).await?;
        if number.is_some_and(|number| number.0 < 1 || number > before.channel.last_number) {
            return Err(Refusal::NotFound(Noun::Message).into());
        }
        let view = self.visit(actor, before.channel.id).await?;
        // The page ends half a page after that message, so that the message is in its middle.
        let kept = number.filter(|number| !view.channel.has_cleared(*number));
        let at = kept.map_or(PageAt::Newest, |number| {
            PageAt::Before(Number(number.0.saturating_add(MAX_PAGE as i64 / 2)))
        });
        let messages = self.store.messages(view.channel.id, actor.id(), at, MAX_PAGE).await?;
        let messages = messages.ok_or(Refusal::NotFound(Noun::Channel))?;
        let read_number = before.membership.map_or(messages.last_number, |m| m.read.number);
        Ok(ChannelPage { view, messages, read_number })
    }

    /// Why the actor may not do something now in a channel that they see, so that nothing is shown that
    /// does not work. `None`: they may.
    #[must_use]
    pub fn refuses(&self, actor: &Actor, view: &ChannelView, action: Action) -> Option<Error> {
        actor.check_in(view, action, self.clock.now()).err()
    }

    /// Lets the actor hear a channel without being in it, as long as they look at it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preview(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.channel(actor, id).await
    }

    /// The channels that the actor may not come back into.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn kept_out_of(&self, actor: &Actor) -> Result<Vec<ChannelId>> {
        Ok(self.store.kept_out_of(actor.id()).await?)
    }

    /// A page of the members of a channel whom these letters find, hosts first and then by name.
    ///
    /// # Errors
    /// `NotFound`; `Malformed` for more letters than [`MAX_LETTERS`](crate::model::readings::MAX_LETTERS).
    pub async fn members(
        &self,
        actor: &Actor,
        id: ChannelId,
        typed: &str,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<MembersPage> {
        let query = MembersQuery { letters: letters(typed)?, after, limit };
        let members = self.store.members(id, actor.id(), query).await?;
        Ok(members.ok_or(Refusal::NotFound(Noun::Channel))?)
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

    /// Notes how much of a channel the actor wants to be told of.
    ///
    /// # Errors
    /// `NotFound` when there is no such channel or the actor is not in it, `TooMany`.
    pub async fn set_level(
        &self,
        actor: &Actor,
        id: ChannelId,
        level: Level,
    ) -> Result<ChannelView> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        found(self.store.set_level(id, actor.id(), level).await?)
    }
}

fn found(view: Option<ChannelView>) -> Result<ChannelView> {
    Ok(view.ok_or(Refusal::NotFound(Noun::Channel))?)
}
