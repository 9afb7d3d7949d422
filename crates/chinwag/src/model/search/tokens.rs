//! Cutting a text into words that can be compared: the one transform of everything that is indexed and of
//! everything that is looked for.
//!
//! Case, accents, widths and other forms of compatibility are folded, and traditional characters become
//! simplified ones. A word of letters is one token. Each character of a script without spaces, such as a Chinese
//! one, is a token of its own, and so is each symbol: a word of such a script is then a phrase of tokens, and is
//! found wherever it stands. The end of a sentence or line is a token of its own, so that no phrase reaches over
//! it. Whatever else there is parts tokens.
//!
//! The tokens are what an index holds: whoever changes them must raise [`VERSION`].

use std::ops::Range;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::variants::simplified;
use crate::model::characters::is_invisible;

/// The version of the transform. An index of another one is made again.
pub const VERSION: i64 = 1;
/// The token for the end of a sentence or line. No text gives it: private use parts tokens.
pub const SENTENCE: &str = "\u{E000}";
/// Longer words are cut, in characters.
const MAX_WORD: usize = 60;

/// A word that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word, folded.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub at: Range<usize>,
}

/// The tokens of a text, in their order. No sentence ends before the first, and none ends twice.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { found: Vec::new(), word: String::new(), chars: 0, at: 0..0 };
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        let mut marked = false;
        while let Some((at, mark)) = chars.next_if(|(_, c)| joins(*c)) {
            end = at + mark.len_utf8();
            marked = true;
        }
        let behind = chars.peek().map(|(_, c)| *c);
        if ends_sentence(c, behind) {
            cutter.end_sentence(start..end);
        } else if c.is_ascii() && !marked {
            cutter.take(c.to_ascii_lowercase(), start..end);
        } else {
            folded(&text[start..end]).for_each(|c| cutter.take(c, start..end));
        }
    }
    cutter.end_word();
    cutter.found
}

/// The texts of tokens with a space between them: what an index is given.
#[must_use]
pub fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

struct Cutter {
    found: Vec<Token>,
    word: String,
    /// How many characters the word has.
    chars: usize,
    at: Range<usize>,
}

impl Cutter {
    fn take(&mut self, c: char, at: Range<usize>) {
        if is_alone(c) {
            self.end_word();
            self.found.push(Token { text: c.into(), at });
        } else if is_of_word(c) {
            if self.chars == MAX_WORD {
                self.end_word();
            }
            if self.chars == 0 {
                self.at.start = at.start;
            }
            self.word.push(c);
            self.chars += 1;
            self.at.end = at.end;
        } else {
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        if self.chars > 0 {
            self.chars = 0;
            self.found.push(Token { text: std::mem::take(&mut self.word), at: self.at.clone() });
        }
    }

    fn end_sentence(&mut self, at: Range<usize>) {
        self.end_word();
        if self.found.last().is_some_and(|last| last.text != SENTENCE) {
            self.found.push(Token { text: SENTENCE.to_owned(), at });
        }
    }
}

/// A character with what joins it, folded.
fn folded(cluster: &str) -> impl Iterator<Item = char> {
    let plain = cluster.nfkd().filter(|c| !is_accent(*c)).map(simplified);
    // Folding the case can leave what another pass would change; see `folding`.
    plain.default_case_fold().nfkc().filter(|c| !is_accent(*c) && !is_invisible(*c)).map(simplified)
}

/// Marks above and below letters. Those of other blocks, such as the vowels of Indian scripts, are parts of words.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// Whether a character belongs to the one before it.
fn joins(c: char) -> bool {
    // Vowels and final consonants of Korean letters that are written apart; the marks of Japanese sounds.
    !c.is_ascii()
        && (is_combining_mark(c)
            || is_invisible(c)
            || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}'))
}

fn ends_sentence(c: char, behind: Option<char>) -> bool {
    match c {
        // Not in 3.14, 10:30 and example.com.
        '.' | ',' | ':' => !behind.is_some_and(|c| c.is_ascii_alphanumeric()),
        ';' | '!' | '?' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => true,
        '，' | '。' | '；' | '：' | '！' | '？' | '、' | '…' | '．' | '｡' | '､' | '‥' | '؟'
        | '،' | '।' => true,
        _ => false,
    }
}

/// Whether a character is a token of its own: those of scripts without spaces, and symbols.
#[must_use]
pub fn is_alone(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    // Thai, Lao, Tibetan and Burmese; Khmer; radicals, Chinese, Japanese and Korean.
    matches!(c, '\u{E00}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        || c.general_category_group() == GeneralCategoryGroup::Symbol
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}
