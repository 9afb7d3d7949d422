//! The marks in a message's text, as a tree that a page draws.
//!
//! The web app has the same parser (`web/src/text`), and both are held to the same cases
//! (`web/src/text/marked.cases.json`). Nothing here is HTML: the page that draws the tree escapes
//! it.

mod blocks;
mod channels;
mod chars;
mod emphasis;
mod honest;
mod inlines;
mod links;
mod mentioned;
mod places;
mod tables;

pub use blocks::{parse, parse_by};
pub use channels::{add_possible, link_channels};
pub use mentioned::parse_with;
pub(in crate::model) use places::{is_word, plain_places};

use super::mentions::Called;

/// How deep emphasis may be nested; marks beyond that stay text.
const MAX_EMPHASIS_DEPTH: usize = 8;
/// How deep quotes may be nested.
const MAX_QUOTE_DEPTH: usize = 2;
/// How deep lists may be nested.
const MAX_LIST_DEPTH: usize = 5;
/// The most parts of one message: blocks, items, emphasis, code, links. What comes after is text.
const MAX_PARTS: i32 = 600;
/// The most combining marks that are shown on one letter.
pub(in crate::model) const MAX_MARKS: usize = 8;
/// The longest address that becomes a link, in characters.
const MAX_ADDRESS: usize = 2_048;

/// A part of a message that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A quote.
    Quote(Vec<Block>),
    /// A list without an order.
    Bullets(Vec<Vec<Block>>),
    /// A list with numbers, and its first number.
    Numbers(u32, Vec<Vec<Block>>),
    /// A block of code.
    Code {
        /// The name of its language, as it was typed; may be empty.
        language: String,
        /// The lines.
        text: String,
    },
    /// The box of a task, at the beginning of an item; whether it is done.
    Box(bool),
    /// A table. Every row has as many cells as the head.
    Table {
        /// How each column is aligned.
        aligns: Vec<Align>,
        /// The names of the columns.
        head: Vec<Vec<Inline>>,
        /// The rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// How a column of a table is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the beginning of the line.
    Start,
    /// In the middle.
    Center,
    /// At the end of the line.
    End,
}

/// A part of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text, as it was typed; line breaks are line feeds.
    Text(String),
    /// Code within a line.
    Code(String),
    /// Emphasis around other parts.
    Marked(Mark, Vec<Inline>),
    /// A mention.
    Mention {
        /// As it was typed.
        typed: String,
        /// Whom it means.
        called: Called,
    },
    /// The name of a public channel behind its `#`, which is a link for whoever reads.
    Channel(String),
    /// A link to an http, https or mailto address.
    Link {
        /// The address.
        href: String,
        /// Whether the writer gave it words of their own.
        labelled: bool,
        /// What is shown.
        children: Vec<Inline>,
    },
}

/// A kind of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Strong.
    Strong,
    /// Emphasised.
    Stress,
    /// Struck out.
    Strike,
}

/// How many more parts a message may have.
struct Parts(i32);

impl Parts {
    fn take(&mut self, count: i32) {
        self.0 -= count;
    }

    fn is_left(&self) -> bool {
        self.0 > 0
    }
}
