//! Places of a text that are to be found again in its tree. The tree has no places: the parser makes new
//! texts. So the character at each place is replaced by one that nobody types, and is looked for in the
//! tree.

use super::chars::{Class, class};
use super::{Block, Inline, parse};
use crate::model::steps;

/// The most places that are looked for at a time.
const MOST: u32 = 1_000;
/// Planes for private use, of which a text hardly has characters of both.
const PLANES: [u32; 2] = [0xF_0000, 0x10_0000];

/// Characters that stand for places, and that a text does not have.
pub(super) struct Signs(u32);

impl Signs {
    /// Signs for that text. `None`: it has characters of both planes.
    pub(super) fn for_text(text: &str) -> Option<Self> {
        let has =
            |plane: &u32| text.chars().any(|c| (*plane..*plane + MOST).contains(&u32::from(c)));
        PLANES.into_iter().find(|plane| !has(plane)).map(Self)
    }

    /// The sign of the place of that index. `None`: there are not so many.
    pub(super) fn sign(&self, index: usize) -> Option<char> {
        let index = u32::try_from(index).ok().filter(|index| *index < MOST)?;
        char::from_u32(self.0 + index)
    }

    /// The index of the place that a character stands for.
    pub(super) fn index(&self, c: char) -> Option<usize> {
        let index = u32::from(c).checked_sub(self.0).filter(|index| *index < MOST)?;
        usize::try_from(index).ok()
    }
}

/// Whether a character is of a word that ends only where another kind of character follows.
pub(in crate::model) fn is_word(c: char) -> bool {
    class(Some(c)) == Class::Word
}

/// Those places of a text, as indexes of its characters, that `wanted` and that stand in running text: not
/// in code and not in a link. Of the first thousand that are wanted.
pub(in crate::model) fn plain_places(
    text: &str,
    chars: &[char],
    wanted: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let Some(signs) = Signs::for_text(text) else { return Vec::new() };
    steps::count(chars.len());
    let (mut marked, mut places) = (String::with_capacity(text.len()), Vec::new());
    for (at, c) in chars.iter().enumerate() {
        let sign = if wanted(at) { signs.sign(places.len()) } else { None };
        if sign.is_some() {
            places.push(at);
        }
        marked.push(sign.unwrap_or(*c));
    }
    let mut found = Vec::new();
    each_text(&parse(&marked), &mut |text| {
        found.extend(text.chars().filter_map(|c| signs.index(c)));
    });
    found.sort_unstable();
    found.into_iter().filter_map(|index| places.get(index).copied()).collect()
}

/// Calls `with` for each part of running text.
fn each_text(blocks: &[Block], with: &mut dyn FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => each_inline(inlines, with),
            Block::Quote(blocks) => each_text(blocks, with),
            Block::Bullets(items) | Block::Numbers(_, items) => {
                items.iter().for_each(|item| each_text(item, with));
            }
            Block::Table { head, rows, .. } => {
                let cells = head.iter().chain(rows.iter().flatten());
                cells.for_each(|cell| each_inline(cell, with));
            }
            Block::Code { .. } | Block::Box(_) => {}
        }
    }
}

fn each_inline(inlines: &[Inline], with: &mut dyn FnMut(&str)) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => with(text),
            Inline::Marked(_, children) => each_inline(children, with),
            Inline::Code(_) | Inline::Link { .. } | Inline::Mention { .. } | Inline::Channel(_) => {
            }
        }
    }
}
