//! Channels that a text names: `#` and the longest name that fits, as it is written. Names have spaces, and Chinese
//! has none. The web app finds them by the same rules (`web/src/text/channels.ts`); both are held to
//! `channels.cases.json`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Block, Inline};
use crate::model::steps;

/// The longest name of a channel, in characters.
const LONGEST: usize = 64;
/// So many signs of one text are looked at.
const MOST: usize = 200;

/// Adds what a text may name to `names`, until there are `most` of them.
pub fn add_possible(text: &str, names: &mut BTreeSet<String>, most: usize) {
    for from in signs(text) {
        for end in ends(text, from) {
            let name = &text[from + 1..end];
            if names.len() >= most {
                return;
            }
            if name.trim() == name {
                names.insert(name.to_owned());
            }
        }
    }
}

/// Puts a part of its own in the place of each name of these channels, in running text.
pub fn link_channels(blocks: &mut [Block], names: &BTreeSet<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => link_inlines(inlines, names),
            Block::Quote(blocks) => link_channels(blocks, names),
            Block::Bullets(items) | Block::Numbers(_, items) => {
                items.iter_mut().for_each(|item| link_channels(item, names));
            }
            Block::Table { head, rows, .. } => {
                let cells = head.iter_mut().chain(rows.iter_mut().flatten());
                cells.for_each(|cell| link_inlines(cell, names));
            }
            Block::Code { .. } | Block::Box(_) => {}
        }
    }
}

fn link_inlines(inlines: &mut Vec<Inline>, names: &BTreeSet<String>) {
    for inline in std::mem::take(inlines) {
        match inline {
            Inline::Text(text) => {
                let mut end = 0;
                for place in channels_in(&text, names) {
                    if place.start > end {
                        inlines.push(Inline::Text(text[end..place.start].to_owned()));
                    }
                    inlines.push(Inline::Channel(text[place.start + 1..place.end].to_owned()));
                    end = place.end;
                }
                if end < text.len() {
                    inlines.push(Inline::Text(text[end..].to_owned()));
                }
            }
            Inline::Marked(mark, mut children) => {
                link_inlines(&mut children, names);
                inlines.push(Inline::Marked(mark, children));
            }
            // No link in a link.
            other => inlines.push(other),
        }
    }
}

/// Where a text names one of these channels, in order; each place begins with the `#`.
fn channels_in(text: &str, names: &BTreeSet<String>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for from in signs(text) {
        let end =
            ends(text, from).into_iter().rev().find(|end| names.contains(&text[from + 1..*end]));
        if let Some(end) = end.filter(|_| found.last().is_none_or(|last| last.end <= from)) {
            found.push(from..end);
        }
    }
    found
}

/// Where a `#` may begin a name: not in a word or an address.
fn signs(text: &str) -> impl Iterator<Item = usize> {
    let is_before = |c: char| c.is_ascii_alphanumeric() || "_&#/".contains(c);
    let begins = move |at: &usize| !text[..*at].chars().next_back().is_some_and(is_before);
    text.match_indices('#').map(|(at, _)| at).filter(begins).take(MOST)
}

/// Where a name may end that begins behind the `#` at `from`: not in the middle of a Latin word.
fn ends(text: &str, from: usize) -> Vec<usize> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    steps::count(LONGEST);
    let rest = &text[from + 1..];
    let mut next = rest.chars().skip(1);
    let mut ends = Vec::new();
    for (at, c) in rest.char_indices().take(LONGEST) {
        let follows = next.next();
        if !(is_word(c) && follows.is_some_and(is_word)) {
            ends.push(from + 1 + at + c.len_utf8());
        }
    }
    ends
}
