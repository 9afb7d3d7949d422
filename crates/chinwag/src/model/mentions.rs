//! Mentions: an `@` and the name of a person, or a word for everybody, in the text of a message. Where a text
//! may have them is a rule of its own ([`calls`](super::calls)).

use super::ids::UserId;
use super::users::User;

/// The most mentions of one message.
pub const MAX_MENTIONS: usize = 50;
/// The words that mean everybody in a channel, as keys of names. Nobody takes such a name.
pub const EVERYBODY: [&str; 4] = ["all", "everyone", "here", "所有人"];

/// The most people that one look-up of names finds.
pub const MAX_CALLABLE: usize = 10;

/// A person whom somebody who writes in a channel may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callable {
    /// The person.
    pub user: User,
    /// Whether they are in the channel.
    pub inside: bool,
}

/// Whom a mention means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Called {
    /// A person.
    Person(UserId),
    /// Everybody who is in the channel.
    Everybody,
}

/// A mention in a text. It counts in UTF-16 code units, as the web does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Where the `@` stands.
    pub start: usize,
    /// How long the `@` with the name is.
    pub length: usize,
    /// Whom it means.
    pub called: Called,
}
