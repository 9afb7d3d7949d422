//! A word or a phrase that is looked for.

use std::ops::Range;

use super::MAX_MARKS;
use super::tokens::{SENTENCE, Token, is_alone, tokens};

/// The fewest letters with which a word begins that is found by its beginning.
const LEAST_PREFIX: usize = 2;

/// Tokens that must stand one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    tokens: Vec<String>,
    prefix: bool,
}

impl Phrase {
    /// The phrase of a word as it was typed; `quoted` words are found as they are, others also by their beginning.
    /// `None`: there is nothing to look for in it.
    #[must_use]
    pub fn of(typed: &str, quoted: bool) -> Option<Self> {
        let mut found: Vec<String> = tokens(typed).into_iter().map(|token| token.text).collect();
        let ended = found.last().is_some_and(|last| last == SENTENCE);
        if ended {
            found.pop();
        }
        let last = found.last()?;
        let prefix = !quoted
            && !ended
            && !last.chars().any(is_alone)
            && last.chars().count() >= LEAST_PREFIX;
        Some(Self { tokens: found, prefix })
    }

    /// Its tokens, at least one.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// Whether a word that only begins with the last token is found.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        self.prefix
    }

    /// Where it stands among the tokens of a text.
    pub fn places<'a>(&'a self, text: &'a [Token]) -> impl Iterator<Item = Range<usize>> + 'a {
        let long = self.tokens.len();
        text.windows(long)
            .enumerate()
            .filter(|(_, part)| self.is(part))
            .map(move |(at, _)| at..at + long)
    }

    /// Whether it stands among the tokens of a text.
    #[must_use]
    pub fn is_in(&self, text: &[Token]) -> bool {
        self.places(text).next().is_some()
    }

    fn is(&self, part: &[Token]) -> bool {
        let Some((last, rest)) = self.tokens.split_last() else { return false };
        let Some((found, before)) = part.split_last() else { return false };
        let ends =
            if self.prefix { found.text.starts_with(last.as_str()) } else { found.text == *last };
        ends && rest.iter().eq(before.iter().map(|token| &token.text))
    }
}

/// Where the words of a search stand in a text, in UTF-16 code units: ascending, apart from each other, at most
/// [`MAX_MARKS`].
#[must_use]
pub fn marks(text: &str, phrases: &[Phrase]) -> Vec<Range<usize>> {
    let words = tokens(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for phrase in phrases {
        let places = phrase.places(&words).take(MAX_MARKS);
        found.extend(places.map(|place| words[place.start].at.start..words[place.end - 1].at.end));
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart.truncate(MAX_MARKS);
    let (mut bytes, mut units) = (0, 0);
    let mut unit = |at: usize| {
        units += text[bytes..at].chars().map(char::len_utf16).sum::<usize>();
        bytes = at;
        units
    };
    apart.into_iter().map(|range| unit(range.start)..unit(range.end)).collect()
}
