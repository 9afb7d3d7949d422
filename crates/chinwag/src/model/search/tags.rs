//! What filters ask for of a message, as tokens of its own: so that an index finds them as it finds words.

use super::Has;
use super::document::{has_link, is_image};
use crate::model::ids::{ChannelId, UserId};
use crate::model::mentions::Called;
use crate::model::messages::Message;

/// One fact of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Its channel.
    In(ChannelId),
    /// Who wrote it.
    By(UserId),
    /// Whom it mentions.
    Mentions(UserId),
    /// It calls everybody.
    Everybody,
    /// What it has.
    Has(Has),
}

impl Tag {
    /// The tag as a token.
    #[must_use]
    pub fn token(self) -> String {
        match self {
            Self::In(channel) => format!("c{channel}"),
            Self::By(person) => format!("u{person}"),
            Self::Mentions(person) => format!("m{person}"),
            Self::Everybody => "all".to_owned(),
            Self::Has(Has::File) => "file".to_owned(),
            Self::Has(Has::Link) => "link".to_owned(),
            Self::Has(Has::Image) => "image".to_owned(),
        }
    }
}

/// The tags of a message, as they are indexed: each once.
#[must_use]
pub fn tags_of(message: &Message) -> Vec<Tag> {
    let mut tags = vec![Tag::In(message.channel), Tag::By(message.author.id)];
    tags.extend(message.mentions.iter().map(|mention| match mention.called {
        Called::Person(person) => Tag::Mentions(person),
        Called::Everybody => Tag::Everybody,
    }));
    if !message.attachments.is_empty() {
        tags.push(Tag::Has(Has::File));
    }
    if message.attachments.iter().any(|file| is_image(&file.media_type)) {
        tags.push(Tag::Has(Has::Image));
    }
    let carried = message.forwarded.as_ref().map(|forwarded| forwarded.text.as_str());
    if has_link(&message.text) || carried.is_some_and(has_link) {
        tags.push(Tag::Has(Has::Link));
    }
    tags.sort_unstable();
    tags.dedup();
    tags
}
