//! What a page shows of a message that another one quotes.

use super::names::name_of_person;
use crate::model::ids::UserId;
use crate::model::messages::Message;
use crate::model::quotes::{MAX_BEGINNING, Original, Quote};
use crate::model::users::Language;
use crate::wire::time::rfc3339;
use crate::words::words;

/// What a message quotes.
pub(super) struct QuoteRow {
    /// The address of the original; `None` when it is not kept any more.
    pub href: Option<String>,
    /// Who wrote it; `None` when nothing of it is left.
    pub author: Option<String>,
    pub author_id: i64,
    /// Whether the reader wrote it.
    pub own: bool,
    /// RFC 3339.
    pub at: String,
    /// The beginning of the original, or what stands in its place.
    pub text: String,
}

/// A quote. `href` is the channel's address, to which the number is added.
pub(super) fn row(quote: &Quote, href: &str, reader: UserId, language: Language) -> QuoteRow {
    let words = words(language);
    let href = Some(format!("{href}/{}", quote.number));
    let gone = |text: &str, href| QuoteRow {
        href,
        author: None,
        author_id: 0,
        own: false,
        at: String::new(),
        text: text.to_owned(),
    };
    match &quote.original {
        None => gone(words.quoted_cleared, None),
        Some(original) if original.removed => gone(words.quoted_removed, href),
        Some(original) if original.deleted_at.is_some() => gone(words.quoted_deleted, href),
        Some(original) => QuoteRow {
            href,
            author: Some(name_of_person(&original.author.name, language)),
            author_id: original.author.id.0,
            own: original.author.id == reader,
            at: rfc3339(original.created_at),
            text: original.file.clone().unwrap_or_else(|| original.beginning.clone()),
        },
    }
}

/// What a quote of that message says.
pub(super) fn original(message: &Message) -> Original {
    let file = message.attachments.first().filter(|_| message.text.is_empty());
    Original {
        edits: message.edits,
        author: message.author.clone(),
        aside: message.reply.filter(|reply| !reply.in_run).map(|reply| reply.root),
        beginning: message.text.chars().take(MAX_BEGINNING).collect(),
        file: file.map(|file| file.name.clone()),
        created_at: message.created_at,
        deleted_at: message.deleted_at,
        removed: message.removed,
    }
}
