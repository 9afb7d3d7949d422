//! Finding messages by their words: what somebody asks for, how texts are cut into words that can be compared,
//! and which of what was found comes first.
//!
//! Everything here is pure, so that every store finds the same in the same order.

mod asking;
mod dates;
mod document;
mod found;
mod phrase;
mod ranking;
mod tags;
mod tokens;
mod variants;

pub use asking::{Asked, Has, Is, Name};
pub use dates::day;
pub use document::{Document, has_link, is_image, mentions};
pub use found::{Found, Hit, Place, Resolved, SearchQuery, Unfinished};
pub use phrase::{Phrase, marks};
pub use ranking::{Counted, best_first};
pub use tags::{Tag, tags_of};
pub use tokens::{SENTENCE, Token, VERSION, is_alone, joined, tokens};

/// The most characters of a search.
pub const MAX_TYPED: usize = 300;
/// The most hits of one page.
pub const MAX_HITS: usize = 20;
/// Hits are counted up to so many.
pub const MAX_COUNT: usize = 1_000;
/// The most places of a text that are marked.
pub const MAX_MARKS: usize = 20;
/// Of so many of the newest hits, the best are found.
pub const MAX_RANKED: usize = 1_000;

/// Which parts of a message the words are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// What it says, what it carries of others, and the names of its files.
    #[default]
    Messages,
    /// The names of its files alone.
    Files,
}

/// Which hits come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest.
    #[default]
    Newest,
    /// Those that have the words most often among few others.
    Best,
}
