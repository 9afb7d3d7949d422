//! What of a message is looked for: its words, and what filters ask for.

use super::Kind;
use super::phrase::Phrase;
use super::tokens::{SENTENCE, Token, tokens};
use crate::model::ids::UserId;
use crate::model::mentions::Called;
use crate::model::messages::Message;

/// The words of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Those of what it says and of what it carries of another message.
    pub body: Vec<Token>,
    /// Those of the names of its files.
    pub names: Vec<Token>,
}

impl Document {
    /// The words of these texts. Each of them ends a sentence.
    #[must_use]
    pub fn of<'a>(
        text: &str,
        carried: Option<&str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            body: in_turn(std::iter::once(text).chain(carried)),
            names: in_turn(names.into_iter()),
        }
    }

    /// The words of a message.
    #[must_use]
    pub fn of_message(message: &Message) -> Self {
        let carried = message.forwarded.as_ref().map(|forwarded| forwarded.text.as_str());
        let names = message.attachments.iter().map(|file| file.name.as_str());
        Self::of(&message.text, carried, names)
    }

    /// Whether a phrase stands in it.
    #[must_use]
    pub fn has(&self, phrase: &Phrase, kind: Kind) -> bool {
        phrase.is_in(&self.names) || (kind == Kind::Messages && phrase.is_in(&self.body))
    }

    /// Whether all of several phrases stand in it, or with `any`, one of them. No phrases always do.
    #[must_use]
    pub fn fits(&self, phrases: &[Phrase], any: bool, kind: Kind) -> bool {
        if any && !phrases.is_empty() {
            phrases.iter().any(|phrase| self.has(phrase, kind))
        } else {
            phrases.iter().all(|phrase| self.has(phrase, kind))
        }
    }

    /// All words for counting, of those parts in which they are looked for.
    #[must_use]
    pub fn words(mut self, kind: Kind) -> Vec<Token> {
        let end = Token { text: SENTENCE.to_owned(), at: 0..0 };
        if kind == Kind::Files {
            return self.names;
        }
        self.body.push(end);
        self.body.append(&mut self.names);
        self.body
    }
}

fn in_turn<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Token> {
    let mut words: Vec<Token> = Vec::new();
    for text in texts {
        if words.last().is_some_and(|last| last.text != SENTENCE) {
            words.push(Token { text: SENTENCE.to_owned(), at: 0..0 });
        }
        words.append(&mut tokens(text));
    }
    words
}

/// Whether a text has the address of a page in the web.
#[must_use]
pub fn has_link(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        let mut parts = text.as_bytes().windows(scheme.len());
        parts.any(|part| part.eq_ignore_ascii_case(scheme.as_bytes()))
    })
}

/// Whether a message mentions somebody, or calls everybody and is not theirs.
#[must_use]
pub fn mentions(message: &Message, whom: UserId) -> bool {
    message.mentions.iter().any(|mention| match mention.called {
        Called::Person(person) => person == whom,
        Called::Everybody => message.author.id != whom,
    })
}

/// Whether a file is a picture.
#[must_use]
pub fn is_image(media_type: &str) -> bool {
    media_type.starts_with("image/")
}
