//! Reactions: emoji that people put to a message.

use super::ids::{ChannelId, Number, Revision};
use super::users::User;

/// The most kinds of emoji under one message.
pub const MAX_KINDS: usize = 20;
/// The most people that one answer about a kind holds.
pub const MAX_PEOPLE: usize = 100;

/// An emoji of Unicode's list of those for general interchange (RGI, UTS 51), in its fully qualified form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Emoji(&'static str);

impl Emoji {
    /// Reads an emoji, which may come without its variation selectors. `None`: it is none, or more than one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        emojis::get(text).map(|emoji| Self(emoji.as_str()))
    }

    /// The emoji.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A kind of reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many people.
    pub count: i64,
    /// Whether the person who reads is one of them.
    pub mine: bool,
}

/// A reaction that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reacted {
    /// In which channel.
    pub channel: ChannelId,
    /// To which message.
    pub number: Number,
    /// The channel's revision of this change.
    pub revision: Revision,
    /// Whose it is.
    pub user: User,
    /// The emoji.
    pub emoji: Emoji,
    /// Whether it came; otherwise it went.
    pub on: bool,
    /// How many people have put this emoji there now.
    pub count: i64,
}

/// Those who put an emoji to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reactors {
    /// In the order in which they came, at most [`MAX_PEOPLE`].
    pub people: Vec<User>,
    /// How many there are.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::Emoji;

    #[test]
    fn an_emoji_is_one_of_the_list_in_its_full_form() {
        for (typed, kept) in [
            ("👍", "👍"),
            ("👍🏽", "👍🏽"),
            ("❤", "❤️"),
            ("❤️", "❤️"),
            ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
            ("🇨🇳", "🇨🇳"),
            ("1️⃣", "1️⃣"),
            ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
        ] {
            assert_eq!(Emoji::parse(typed).map(Emoji::as_str), Some(kept), "{typed}");
        }
        for other in ["", "a", "1", "👍👍", "thumbs up", "中", "🏽👍", "\u{200d}", "👍 "]
        {
            assert_eq!(Emoji::parse(other), None, "{other}");
        }
    }
}
