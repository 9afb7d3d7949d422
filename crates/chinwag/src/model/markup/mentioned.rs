//! Texts with mentions: each becomes a part of its own in the tree.

use super::places::Signs;
use super::{Block, Inline, parse_by};
use crate::model::mentions::{Called, Mention};

/// As [`parse_by`], of a text with these mentions, which are in the order of their places.
#[must_use]
pub fn parse_with(author: &str, text: &str, mentions: &[Mention]) -> Vec<Block> {
    let signs = Signs::for_text(text).filter(|_| !mentions.is_empty());
    let Some(signs) = signs else { return parse_by(author, text) };
    let (marked, typed) = marked(text, mentions, &signs);
    let mut blocks = parse_by(author, &marked);
    let put = Put { signs: &signs, typed: &typed };
    put.blocks(&mut blocks);
    blocks
}

/// The text with a sign in the place of each mention, and the mentions as they were typed.
fn marked(text: &str, mentions: &[Mention], signs: &Signs) -> (String, Vec<(String, Called)>) {
    let (mut marked, mut typed) = (String::with_capacity(text.len()), Vec::new());
    let mut left = mentions.iter().peekable();
    let (mut units, mut skipped) = (0, 0);
    for c in text.chars() {
        let here = left.peek().filter(|mention| mention.start == units && skipped == 0);
        if let Some((mention, sign)) = here.and_then(|m| Some((**m, signs.sign(typed.len())?))) {
            left.next();
            skipped = mention.length;
            typed.push((String::new(), mention.called));
            marked.push(sign);
        }
        units += c.len_utf16();
        if skipped > 0 {
            skipped = skipped.saturating_sub(c.len_utf16());
            if let Some((typed, _)) = typed.last_mut() {
                typed.push(c);
            }
        } else {
            marked.push(c);
        }
    }
    (marked, typed)
}

struct Put<'a> {
    signs: &'a Signs,
    typed: &'a [(String, Called)],
}

impl Put<'_> {
    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(inlines) => self.inlines(inlines),
                Block::Quote(blocks) => self.blocks(blocks),
                Block::Bullets(items) | Block::Numbers(_, items) => {
                    items.iter_mut().for_each(|item| self.blocks(item));
                }
                Block::Table { head, rows, .. } => {
                    let cells = head.iter_mut().chain(rows.iter_mut().flatten());
                    cells.for_each(|cell| self.inlines(cell));
                }
                Block::Code { text, language } => {
                    self.restore(text);
                    self.restore(language);
                }
                Block::Box(_) => {}
            }
        }
    }

    fn inlines(&self, inlines: &mut Vec<Inline>) {
        for inline in std::mem::take(inlines) {
            match inline {
                Inline::Text(text) => self.split(&text, inlines),
                Inline::Code(mut text) => {
                    self.restore(&mut text);
                    inlines.push(Inline::Code(text));
                }
                Inline::Marked(mark, mut children) => {
                    self.inlines(&mut children);
                    inlines.push(Inline::Marked(mark, children));
                }
                Inline::Link { mut href, labelled, mut children } => {
                    self.restore(&mut href);
                    self.inlines(&mut children);
                    inlines.push(Inline::Link { href, labelled, children });
                }
                Inline::Mention { .. } | Inline::Channel(_) => inlines.push(inline),
            }
        }
    }

    /// Adds the text, with a part of its own for each mention.
    fn split(&self, text: &str, inlines: &mut Vec<Inline>) {
        let mut plain = String::new();
        for c in text.chars() {
            match self.mention(c) {
                None => plain.push(c),
                Some((typed, called)) => {
                    if !plain.is_empty() {
                        inlines.push(Inline::Text(std::mem::take(&mut plain)));
                    }
                    inlines.push(Inline::Mention { typed: typed.clone(), called: *called });
                }
            }
        }
        if !plain.is_empty() {
            inlines.push(Inline::Text(plain));
        }
    }

    /// Puts what was typed back where there are no mentions.
    fn restore(&self, text: &mut String) {
        if text.chars().any(|c| self.mention(c).is_some()) {
            *text = text
                .chars()
                .map(|c| self.mention(c).map_or_else(|| c.to_string(), |(typed, _)| typed.clone()))
                .collect();
        }
    }

    fn mention(&self, c: char) -> Option<&(String, Called)> {
        self.typed.get(self.signs.index(c)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::UserId;

    #[test]
    fn mentions_are_parts_of_their_own_and_code_is_as_it_was_typed() {
        let (ann, all) = (Called::Person(UserId(7)), Called::Everybody);
        let at = |start, length, called| Mention { start, length, called };
        let mention = |typed: &str, called| Inline::Mention { typed: typed.to_owned(), called };
        let text = |text: &str| Inline::Text(text.to_owned());
        assert_eq!(
            parse_with("Bob", "😀 @Ann, @all!", &[at(3, 4, ann), at(9, 4, all)]),
            [Block::Paragraph(vec![
                text("😀 "),
                mention("@Ann", ann),
                text(", "),
                mention("@all", all),
                text("!"),
            ])]
        );
        // A place that is in code all the same, as after a change of the rules, stays code.
        assert_eq!(
            parse_with("Bob", "`@Ann`", &[at(1, 4, ann)]),
            [Block::Paragraph(vec![Inline::Code("@Ann".to_owned())])]
        );
        let strong = Inline::Marked(super::super::Mark::Strong, vec![mention("@Ann", ann)]);
        assert_eq!(
            parse_with("Bob", "**@Ann**", &[at(2, 4, ann)]),
            [Block::Paragraph(vec![strong])]
        );
        // Places that are not those of the text break nothing.
        for places in [[at(90, 4, ann)], [at(0, 400, ann)], [at(1, 0, ann)]] {
            let _any = parse_with("Bob", "/me `a` @Ann", &places);
        }
    }
}
