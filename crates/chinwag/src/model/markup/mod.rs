//! What the marks in a message's text mean: the tree that a page draws.
//!
//! The web app has the same parser (`web/src/text`), and both are held to the same cases
//! (`web/src/text/marked.cases.json`). Nothing here holds HTML: whoever draws the tree escapes.

mod blocks;
mod chars;
mod emphasis;
mod inlines;
mod links;

pub use blocks::parse;

/// How deep emphasis may stand inside itself; marks beyond that stay text.
const MAX_EMPHASIS_DEPTH: usize = 8;
/// How deep quotes may stand inside one another.
const MAX_QUOTE_DEPTH: usize = 2;
/// How deep lists may.
const MAX_LIST_DEPTH: usize = 5;
/// The most parts of one message: blocks, items, emphasis, code, links. What comes after is text.
const MAX_PARTS: i32 = 600;
/// The most combining marks that are shown on one letter.
const MAX_MARKS: usize = 8;
/// The longest address that becomes a link, in characters.
const MAX_ADDRESS: usize = 2_048;

/// A part of a message that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list without an order.
    Bullets(Vec<Vec<Block>>),
    /// A list with numbers, from the first on.
    Numbers(u32, Vec<Vec<Block>>),
    /// Code with the name of its language, which may be empty.
    Code {
        /// As it was typed.
        language: String,
        /// The lines.
        text: String,
    },
}

/// A part of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// As it was typed; line breaks are line feeds.
    Text(String),
    /// A word of code.
    Code(String),
    /// Emphasis around others.
    Marked(Mark, Vec<Inline>),
    /// A link out: http, https or mailto.
    Link {
        /// The address.
        href: String,
        /// Whether the writer gave it words of their own.
        labelled: bool,
        /// What is shown.
        children: Vec<Inline>,
    },
}

/// A sort of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Strong.
    Strong,
    /// Stressed.
    Stress,
    /// Struck out.
    Strike,
}

/// How many parts a message may still be made of.
struct Parts(i32);

impl Parts {
    fn take(&mut self, count: i32) {
        self.0 -= count;
    }

    fn is_left(&self) -> bool {
        self.0 > 0
    }
}
