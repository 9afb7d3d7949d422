//! The text of messages and topics.
//!
//! Lengths are counted in Unicode scalar values. NUL is refused: no keyboard makes it, and many
//! programs take it for the end of a string. Other control characters are pasted along from
//! terminals; nobody sees them, so they are left out instead of refused.

use std::borrow::Cow;

use super::characters::{is_control, is_invisible, turns_direction};

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing is left after trimming.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// The most.
        max: usize,
    },
    /// A control character that has no place in text.
    Control,
}

/// The text of a message. Its line breaks are `\n`, it has no blank lines at its start and no white
/// space at its end. The first line keeps its indentation: it may be a line of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// The most characters.
    pub const MAX: usize = 10_000;

    /// Checks a text. `may_be_empty` is for a message that carries files.
    ///
    /// A text of invisible characters counts as empty.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str, may_be_empty: bool) -> Result<Self, TextProblem> {
        let kept = printable(typed, |c| matches!(c, '\n' | '\t'))?;
        let text = without_blank_edges(&kept);
        let text =
            if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) { "" } else { text };
        if text.is_empty() && !may_be_empty {
            return Err(TextProblem::Empty);
        }
        limited(text, Self::MAX).map(Self)
    }

    /// The checked text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The topic of a channel: one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic(String);

impl Topic {
    /// The most characters.
    pub const MAX: usize = 250;

    /// Checks a topic; an empty one is fine. Line breaks and tabs become spaces.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, TextProblem> {
        let is_break = |c| matches!(c, '\n' | '\t');
        let line = printable(typed, is_break)?.replace(is_break, " ");
        limited(line.trim(), Self::MAX).map(Self)
    }

    /// The checked topic.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The line breaks of Unicode other than `\n` (UAX 14: the classes BK, CR and NL).
const LINE_BREAKS: [char; 6] = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Removes the characters that turn the direction of the text around them (U+202A to U+202E, U+2066
/// to U+2069), for places where the text cannot be shown in an element of its own.
#[must_use]
pub fn without_turns(text: &str) -> Cow<'_, str> {
    let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if text.contains(turns) { Cow::Owned(text.replace(turns, "")) } else { Cow::Borrowed(text) }
}

/// A text as one line that is safe to print: control characters, line breaks and the characters that turn
/// the direction of the text around them are escaped, such as `\u{1b}`. A terminal obeys the first, and
/// the others make a text look like something else.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) || turns_direction(c) {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Makes every line break `\n`, and leaves out the control characters that `keep` does not want.
fn printable(typed: &str, keep: impl Fn(char) -> bool) -> Result<String, TextProblem> {
    if typed.contains('\0') {
        return Err(TextProblem::Control);
    }
    let lines = typed.replace("\r\n", "\n").replace(LINE_BREAKS, "\n");
    Ok(lines.chars().filter(|&c| !c.is_control() || keep(c)).collect())
}

/// Leaves out blank lines at the start and white space at the end.
fn without_blank_edges(text: &str) -> &str {
    let text = text.trim_end();
    let indent = text.len() - text.trim_start().len();
    let from = text[..indent].rfind('\n').map_or(0, |at| at + 1);
    &text[from..]
}

fn limited(text: &str, max: usize) -> Result<String, TextProblem> {
    // One character more than allowed is enough to see that it is too long.
    if text.chars().take(max + 1).count() > max {
        return Err(TextProblem::TooLong { max });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(typed: &str) -> Result<String, TextProblem> {
        MessageText::parse(typed, false).map(|text| text.0)
    }

    #[test]
    fn only_blank_lines_and_the_end_are_trimmed() {
        assert_eq!(parsed(" \n\n  a\r\n\r b \t c \n"), Ok("  a\n\n b \t c".to_owned()));
        assert_eq!(parsed("\tif x:\n\t\ty"), Ok("\tif x:\n\t\ty".to_owned()));
        assert_eq!(parsed("\u{3000}\u{3000}段首"), Ok("\u{3000}\u{3000}段首".to_owned()));
    }

    #[test]
    fn every_kind_of_line_break_is_one() {
        let typed = "a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f\r\ng\rh";
        assert_eq!(parsed(typed), Ok("a\nb\nc\nd\ne\nf\ng\nh".to_owned()));
        assert_eq!(Topic::parse(typed).expect("fine").as_str(), "a b c d e f g h");
    }

    #[test]
    fn what_cannot_be_seen_is_empty() {
        for typed in ["", " \n\t", "\u{200B}", "\u{3164} \u{FEFF}", "\u{1B}\u{7}"] {
            assert_eq!(parsed(typed), Err(TextProblem::Empty), "{}", typed.escape_unicode());
        }
        assert_eq!(MessageText::parse(" \u{200B} ", true), Ok(MessageText(String::new())));
    }

    #[test]
    fn control_characters_are_left_out_and_nul_is_refused() {
        assert_eq!(parsed("a\u{1B}[1mb\u{85}"), Ok("a[1mb".to_owned()));
        assert_eq!(parsed("a\0b"), Err(TextProblem::Control));
        assert_eq!(Topic::parse("\0"), Err(TextProblem::Control));
    }

    #[test]
    fn the_limit_counts_characters_after_trimming() {
        let most = "😀".repeat(MessageText::MAX);
        assert_eq!(parsed(&format!(" \n{most}\n")), Ok(most.clone()));
        assert_eq!(parsed(&(most + "x")), Err(TextProblem::TooLong { max: 10_000 }));
        assert!(Topic::parse(&"ü".repeat(250)).is_ok());
        assert_eq!(Topic::parse(&"ü".repeat(251)), Err(TextProblem::TooLong { max: 250 }));
    }

    #[test]
    fn a_topic_is_one_line() {
        assert_eq!(Topic::parse(" all\r\nabout\tit ").expect("fine").as_str(), "all about it");
        assert_eq!(Topic::parse("").expect("fine").as_str(), "");
    }

    proptest! {
        #[test]
        fn parsing_what_was_parsed_changes_nothing(typed in any::<String>()) {
            if let Ok(text) = parsed(&typed) {
                prop_assert_eq!(parsed(&text), Ok(text));
            }
            if let Ok(topic) = Topic::parse(&typed) {
                prop_assert_eq!(Topic::parse(topic.as_str()), Ok(topic));
            }
        }
    }
}
