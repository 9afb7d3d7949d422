//! What the limits of a bot token mean: the one place that is asked, by HTTP for every address and by
//! the sockets for every event.
//!
//! A token that is limited to some channels is answered for any other channel before the store is asked
//! whether there is one. So nothing tells a channel that it may not know of from one that does not
//! exist.

use super::{Actor, Chat, Result};
use crate::model::channels::ChannelView;
use crate::model::ids::ChannelId;
use crate::model::ids::Revision;
use crate::model::refusal::{Noun, Refusal};
use crate::model::streams::{Heads, Overview};

/// What a request is about, as its address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One channel and what is in it.
    Channel(ChannelId),
    /// The person's own account, files, and list of channels, of which a narrow token is shown its part.
    Own,
    /// Everything else: the directory, people, the place, pages.
    Place,
}

impl Actor {
    /// Checks that the limits of the actor's token allow a request. Everything is allowed to a person.
    ///
    /// # Errors
    /// `TokenReads`; `NotFound`, as for what does not exist.
    pub fn reaches(&self, subject: Subject, only_reads: bool) -> Result<()> {
        match subject {
            Subject::Place if self.reach.is_narrow() => {
                return Err(Refusal::NotFound(Noun::Page).into());
            }
            Subject::Channel(channel) => self.knows(channel)?,
            Subject::Place | Subject::Own => {}
        }
        if only_reads { Ok(()) } else { self.writes() }
    }

    /// Checks that the actor's token is not for reading only.
    ///
    /// # Errors
    /// `TokenReads`.
    pub fn writes(&self) -> Result<()> {
        if self.reach.reads_only { Err(Refusal::TokenReads.into()) } else { Ok(()) }
    }

    /// Checks that the actor's token may know of a channel.
    ///
    /// # Errors
    /// `NotFound`, as for a channel that does not exist.
    pub(super) fn knows(&self, channel: ChannelId) -> Result<()> {
        if self.reach.covers(channel) { Ok(()) } else { Err(missing()) }
    }

    /// A channel that was found for the actor, if their token may know of it.
    ///
    /// # Errors
    /// `NotFound`, as for a channel that does not exist.
    pub(super) fn known(&self, found: Option<ChannelView>) -> Result<ChannelView> {
        found.filter(|view| self.reach.covers(view.channel.id)).ok_or_else(missing)
    }

    /// Of heads, those that the actor's token may hear: a narrow one hears nothing of the person's own
    /// stream and of the place's.
    pub(super) fn heard(&self, heads: Heads) -> Heads {
        if !self.reach.is_narrow() {
            return heads;
        }
        let Heads { mut channels, mut members, .. } = heads;
        channels.retain(|(channel, _)| self.reach.covers(*channel));
        members.retain(|(channel, _)| self.reach.covers(*channel));
        Heads { own: None, place: None, channels, members, reports: None, waiting: None }
    }
}

impl Chat {
    /// What a narrow token starts from: the account, and its channels. It has no revisions of the
    /// streams that it does not hear.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn narrow_overview(
        &self,
        actor: &Actor,
        after: ChannelId,
    ) -> Result<Overview> {
        let mut channels = Vec::new();
        for channel in actor.reach.channels.iter().flatten().filter(|channel| **channel > after) {
            channels.extend(self.store.channel(*channel, actor.id()).await?);
        }
        let (own, place) = (Revision(0), Revision(0));
        let account = actor.account.clone();
        Ok(Overview { account, own, place, channels, complete: true, visited: None })
    }
}

fn missing() -> super::Error {
    Refusal::NotFound(Noun::Channel).into()
}
