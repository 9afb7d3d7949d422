//! Which messages fit a search.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;
use crate::model::search::{
    Document, Has, Is, Kind, Phrase, Resolved, SearchQuery, has_link, is_image, mentions,
};
use crate::store::Result;
use crate::store::sqlite::rows::standing;

/// What a search wants.
pub(super) struct Wanted {
    pub(super) viewer: UserId,
    pub(super) phrases: Vec<Phrase>,
    pub(super) any: bool,
    pub(super) kind: Kind,
    pub(super) asked: Resolved,
}

impl Wanted {
    pub(super) fn new(viewer: UserId, query: &SearchQuery, asked: Resolved) -> Self {
        let phrases = query.asked.phrases.clone();
        Self { viewer, phrases, any: query.any, kind: query.kind, asked }
    }

    /// Whether a message fits, which was read for the viewer.
    pub(super) fn fits(&self, message: &Message) -> bool {
        let Resolved { from, inside, before, after, has, is, mentions_me, .. } = &self.asked;
        if message.deleted_at.is_some() {
            return false;
        }
        let by = from.is_empty() || from.contains(&message.author.id);
        let there = inside.is_empty() || inside.contains(&message.channel);
        let since = after.is_none_or(|after| message.created_at >= after);
        let until = before.is_none_or(|before| message.created_at < before);
        let calls = !mentions_me || mentions(message, self.viewer);
        by && there
            && since
            && until
            && calls
            && has.iter().all(|has| has_it(message, *has))
            && is.iter().all(|is| is_it(message, *is))
            && (self.kind == Kind::Messages || !message.attachments.is_empty())
            && (self.phrases.is_empty()
                || Document::of_message(message).fits(&self.phrases, self.any, self.kind))
    }
}

fn has_it(message: &Message, has: Has) -> bool {
    match has {
        Has::File => !message.attachments.is_empty(),
        Has::Image => message.attachments.iter().any(|file| is_image(&file.media_type)),
        Has::Link => {
            let carried = message.forwarded.as_ref().map(|forwarded| forwarded.text.as_str());
            has_link(&message.text) || carried.is_some_and(has_link)
        }
    }
}

fn is_it(message: &Message, is: Is) -> bool {
    match is {
        Is::Saved => message.saved,
        Is::Thread => message.reply.is_some() || message.thread.is_some(),
    }
}

/// What of channels the viewer may read, as it was looked up for the hits before.
pub(super) struct Readable<'a> {
    db: &'a Connection,
    viewer: UserId,
    floors: HashMap<ChannelId, Option<Number>>,
}

impl<'a> Readable<'a> {
    pub(super) fn new(db: &'a Connection, viewer: UserId) -> Self {
        Self { db, viewer, floors: HashMap::new() }
    }

    /// The number above which the viewer reads a channel. `None`: there is no such channel, or they may not know
    /// of it; the same statement tells both.
    pub(super) fn above(&mut self, channel: ChannelId) -> Result<Option<Number>> {
        if let Some(known) = self.floors.get(&channel) {
            return Ok(*known);
        }
        let floor = standing::head_for(self.db, channel, self.viewer)?.map(|head| head.floor);
        self.floors.insert(channel, floor);
        Ok(floor)
    }
}
