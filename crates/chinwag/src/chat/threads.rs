//! Threads: reading, following, and what somebody has not read in those that they follow.

use super::{Actor, Chat, Result};
use crate::model::channels::{Channel, MarkKind};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::{MAX_PAGE, PageAt};
use crate::model::refusal::{Noun, Refusal};
use crate::model::thread_pages::{ThreadPage, ThreadsPage, ThreadsPart};
use crate::model::threads::Follow;

impl Chat {
    /// A part of a thread, at most `limit` replies (1–100).
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn thread(
        &self,
        actor: &Actor,
        channel: ChannelId,
        root: Number,
        at: PageAt,
        limit: usize,
    ) -> Result<ThreadPage> {
        let limit = limit.clamp(1, MAX_PAGE);
        let page = self.store.thread(channel, root, actor.id(), at, limit).await?;
        Ok(page.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// Lets the actor follow a thread, or not any more; the same again changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `NotInside`, `TooManyOf`, `TooMany`.
    pub async fn follow(
        &self,
        actor: &Actor,
        channel: ChannelId,
        root: Number,
        following: bool,
    ) -> Result<Follow> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let at = self.clock.now();
        let follow = self.store.follow(channel, root, actor.id(), following, at).await?;
        Ok(follow.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// Moves the actor's read mark of a thread; [`MarkKind::Read`] never moves it down.
    ///
    /// # Errors
    /// `NotFound` when there is no such thread or they do not follow it, `TooMany`.
    pub async fn mark_thread_read(
        &self,
        actor: &Actor,
        channel: ChannelId,
        root: Number,
        number: Number,
        kind: MarkKind,
    ) -> Result<Follow> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let follow = self.store.mark_thread_read(channel, root, actor.id(), number, kind).await?;
        Ok(follow.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// The threads that the actor follows, with how many replies are unread in each.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn follows(&self, actor: &Actor) -> Result<Vec<Follow>> {
        Ok(self.store.follows(actor.id()).await?)
    }

    /// A part of the list of the threads that the actor follows, unread ones first, with the channels of
    /// these threads.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn threads(
        &self,
        actor: &Actor,
        part: ThreadsPart,
    ) -> Result<(ThreadsPage, Vec<Channel>)> {
        let page = self.store.threads(actor.id(), part).await?;
        let mut channels: Vec<Channel> = Vec::new();
        for thread in &page.threads {
            if channels.iter().any(|channel| channel.id == thread.follow.channel) {
                continue;
            }
            let view = self.store.channel(thread.follow.channel, actor.id()).await?;
            channels.extend(view.map(|view| view.channel));
        }
        Ok((page, channels))
    }
}
