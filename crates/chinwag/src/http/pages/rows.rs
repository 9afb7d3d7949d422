//! Messages as rows of the pages, for one reader.

use std::collections::BTreeSet;

use percent_encoding::utf8_percent_encode;

use super::address::SEGMENT;
use super::base::plain_time;
use super::marked::marked;
use super::names::name_of_person;
use super::quotes;
use super::views::{ForwardRow, MessageRow};
use crate::chat::{self, Actor};
use crate::http::app::App;
use crate::model::messages::Message;
use crate::model::users::Language;
use crate::wire::time::rfc3339;
use crate::words;

/// Whom rows are shown to, and where.
pub(super) struct Reader<'a> {
    pub actor: &'a Actor,
    pub language: Language,
    /// The path of the channel's own address.
    pub path: &'a str,
    /// The channels that they may see of those that the texts name.
    pub named: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// `messages`: those that are shown.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn of(
        app: &App,
        (actor, language): (&'a Actor, Language),
        path: &'a str,
        messages: impl Iterator<Item = &Message> + Clone,
    ) -> chat::Result<Self> {
        let forwarded = messages.clone().flat_map(|message| &message.forwarded);
        let forwarded = forwarded.map(|forwarded| forwarded.text.as_str());
        let texts = messages.map(|message| message.text.as_str()).chain(forwarded);
        let named = app.chat.channels_in(actor, texts).await?;
        Ok(Self { actor, language, path, named })
    }
}

/// A message as a row of a page.
pub(super) fn row_of_message(message: &Message, reader: &Reader<'_>) -> MessageRow {
    let &Reader { actor, language, path, ref named } = reader;
    let href = |id: &dyn std::fmt::Display, name: &str| {
        format!("/files/{id}/{}", utf8_percent_encode(name, SEGMENT))
    };
    MessageRow {
        number: message.number.0,
        found: false,
        author: name_of_person(&message.author.name, language),
        picture: message.author.picture.map(|picture| picture.to_string()),
        text: message.text.clone(),
        marked: marked(&message.author.name, &message.text, &message.mentions, named),
        at: plain_time(&rfc3339(message.created_at)),
        own: message.author.id == actor.id(),
        quote: message.quote.as_ref().map(|quote| quotes::row(quote, path, actor.id(), language)),
        quotes: false,
        forwarded: message.forwarded.as_ref().map(|forwarded| ForwardRow {
            author: name_of_person(&forwarded.author.name, language),
            author_id: forwarded.author.id.0,
            at: rfc3339(forwarded.at),
            plain_at: plain_time(&rfc3339(forwarded.at)),
            text: forwarded.text.clone(),
            marked: marked(&forwarded.author.name, &forwarded.text, &[], named),
        }),
        deleted: message.deleted_at.is_some(),
        removed: message.removed,
        line: message.line.as_ref().map(|line| {
            let by = (message.author.id != actor.id()).then_some(message.author.name.as_str());
            words::line(language, line, by)
        }),
        edited_at: message.edited_at.map(|at| plain_time(&rfc3339(at))),
        reactions: message.reactions.clone(),
        pinned: message.pin.as_ref().map(|pin| {
            let by = name_of_person(&pin.by.name, language);
            words::pinned_by(language, (pin.by.id != actor.id()).then_some(by.as_str()))
        }),
        saved: message.saved,
        thread: words::replies(language, message),
        answered: message.thread.as_ref().is_some_and(|thread| thread.replies > 0),
        root: message.reply.map(|reply| reply.root.0),
        files: message
            .attachments
            .iter()
            .map(|file| (file.name.clone(), href(&file.id, &file.name)))
            .collect(),
    }
}
