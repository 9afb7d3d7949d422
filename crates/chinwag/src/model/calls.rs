//! Where a text calls somebody.
//!
//! Which names there are only the store knows. Here are the rules of the text: where an `@` may call
//! somebody, and where a name ends.

use super::folding::{fold, width};
use super::markup::plain_places;
use super::mentions::{Called, EVERYBODY, MAX_MENTIONS, Mention};
use super::names::DisplayName;
use super::steps;

/// The most characters behind an `@` that are looked at: those of the longest name, in whatever form it was
/// typed.
const WINDOW: usize = 2 * DisplayName::MAX;
/// By how many characters a folded text may become shorter when one more is added to it, and more than that: a
/// mark joins its letter.
const JOINED: usize = 4;
/// An `@` that may call somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Where it stands, in UTF-16 code units.
    start: usize,
    /// What stands behind it, as far as a name can reach.
    behind: Vec<char>,
    /// How many characters each of these becomes at most when it is folded.
    widths: Vec<usize>,
    /// The same, folded as the key of a name.
    pub folded: String,
}

impl Call {
    /// The mention of `called`, if what stands behind the `@` begins with the name of that key, and the name
    /// ends there: `@Ann` is none in `@Anna`. Chinese needs no space behind a name.
    #[must_use]
    pub fn mention(&self, key: &str, called: Called) -> Option<Mention> {
        if !self.folded.starts_with(key) {
            return None;
        }
        let ends = |length: &usize| {
            let (last, next) = (self.behind[*length - 1], self.behind.get(*length).copied());
            !(last.is_whitespace() || is_of_word(last) && next.is_some_and(is_of_word))
        };
        // Only what may be as long as the name is folded: folding takes its time.
        let (wanted, mut least, mut most, mut found) = (key.chars().count(), 0, 0, None);
        for length in 1..=self.behind.len() {
            least += usize::from(stays(self.behind[length - 1]));
            most += self.widths[length - 1];
            if least > wanted {
                break;
            }
            if most < wanted || !ends(&length) {
                continue;
            }
            let folded = fold(&self.behind[..length].iter().collect::<String>());
            steps::count(most);
            if folded == key {
                found = Some(length);
                break;
            }
            if folded.chars().count() > wanted + JOINED {
                break;
            }
        }
        let length = found?;
        let units: usize = self.behind[..length].iter().map(|c| c.len_utf16()).sum();
        Some(Mention { start: self.start, length: 1 + units, called })
    }

    /// The longest mention of everybody.
    #[must_use]
    pub fn everybody(&self) -> Option<Mention> {
        let found = EVERYBODY.iter().filter_map(|word| self.mention(word, Called::Everybody));
        found.max_by_key(|mention| mention.length)
    }
}

/// The `@` of a text that may call somebody, at most [`MAX_MENTIONS`]: those that stand in running text. In
/// code, addresses and mailboxes they do not.
#[must_use]
pub fn calls(text: &str) -> Vec<Call> {
    if !text.contains('@') {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for at in plain_places(text, &chars, |at| begins(&chars, at)) {
        if found.len() == MAX_MENTIONS {
            break;
        }
        let behind: Vec<char> =
            chars[at + 1..].iter().copied().take(WINDOW).take_while(|c| *c != '\n').collect();
        // At most so often.
        let start = chars[..at].iter().map(|c| c.len_utf16()).sum();
        let folded = fold(&behind.iter().collect::<String>());
        let widths = behind.iter().copied().map(width).collect();
        steps::count(at + folded.len());
        found.push(Call { start, behind, widths, folded });
    }
    found
}

/// Whether an `@` at that place may call somebody: it begins a word, and no address goes through it.
fn begins(text: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| text[before]);
    let starts_word = !before.is_some_and(|c| is_of_word(c) || matches!(c, '_' | '@' | '/'));
    let has_name = text.get(at + 1).is_some_and(|c| !c.is_whitespace() && *c != '@');
    text[at] == '@' && starts_word && has_name
}

/// Whether a character is one character in every folded text that it stands in: then texts with more of these
/// than a name has characters need not be folded.
fn stays(c: char) -> bool {
    c.is_ascii_graphic() || matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether a character is of a word that ends only where another kind of character follows. Chinese
/// characters are not: they are written without spaces.
fn is_of_word(c: char) -> bool {
    super::markup::is_word(c)
}

#[cfg(test)]
mod tests {
    use super::{Called, MAX_MENTIONS, Mention, calls};
    use crate::model::ids::UserId;

    /// The text of each mention of these people, as it was typed; the longest name counts.
    fn mentioned(text: &str, names: &[&str]) -> Vec<String> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let longest = calls(text).into_iter().filter_map(|call| {
            let keys = names.iter().map(|name| super::fold(name));
            let people = keys.filter_map(|key| call.mention(&key, Called::Person(UserId(1))));
            people.chain(call.everybody()).max_by_key(|mention| mention.length)
        });
        longest
            .map(|Mention { start, length, .. }| {
                String::from_utf16_lossy(&units[start..start + length])
            })
            .collect()
    }

    #[test]
    fn the_longest_name_that_fits_is_meant() {
        let names = ["Ann", "Ann Lee", "Anna", "张三", "张三丰", "Tomás Rey", "O'Neil", "🐱"];
        for (text, found) in [
            ("@Ann", vec!["@Ann"]),
            ("hi @ann, there", vec!["@ann"]),
            ("@Ann Lee and @Anna", vec!["@Ann Lee", "@Anna"]),
            ("@Ann  Lee", vec!["@Ann  Lee"]),
            ("@Annabel @Ann_", vec!["@Ann"]),
            ("@Ann Leeward", vec!["@Ann"]),
            ("请@张三看一下", vec!["@张三"]),
            ("请@张三丰看一下", vec!["@张三丰"]),
            ("（@张三）", vec!["@张三"]),
            ("@tomás rey!", vec!["@tomás rey"]),
            ("@Toma\u{301}s Rey", vec!["@Toma\u{301}s Rey"]),
            ("@Ａｎｎ", vec!["@Ａｎｎ"]),
            ("@o'neil's", vec!["@o'neil"]),
            ("😀@🐱", vec!["@🐱"]),
            ("@all @here @所有人好 @everyone", vec!["@all", "@here", "@所有人", "@everyone"]),
            ("@allen", vec![]),
            ("mail ann@Ann.example", vec![]),
            ("`@Ann` and `` x @Ann ``", vec![]),
            ("```\n@Ann\n```", vec![]),
            ("https://x.example/@Ann https://x.example/a?b=@Ann", vec![]),
            ("<https://x.example/?@Ann>", vec![]),
            ("[@Ann](https://x.example/)", vec![]),
            ("**@Ann** > ~~@Anna~~", vec!["@Ann", "@Anna"]),
            ("> @Ann\n- @Anna\n1. @张三", vec!["@Ann", "@Anna", "@张三"]),
            ("@ Ann @@Ann", vec![]),
        ] {
            assert_eq!(mentioned(text, &names), found, "{text}");
        }
    }

    #[test]
    fn a_name_that_ends_within_a_character_is_not_looked_for_at_every_place() {
        // Each of these characters is four of the name when it is folded.
        let name = "アパート".repeat(8);
        let keys: Vec<String> =
            (1..=32).map(|length| name.chars().take(length).collect()).collect();
        let text = format!("@{}\n", "㌀".repeat(64)).repeat(MAX_MENTIONS);
        let mut found = 0;
        let steps = crate::model::steps::of(|| {
            for call in calls(&text) {
                let people =
                    keys.iter().filter_map(|key| call.mention(key, Called::Person(UserId(1))));
                found += people.count();
            }
        });
        assert_eq!(found, 8 * MAX_MENTIONS, "those that end where a character ends");
        assert!(steps < 1_000_000, "{steps} steps");
    }

    #[test]
    fn no_more_are_looked_at_than_a_message_may_have() {
        assert_eq!(calls(&"@Ann ".repeat(80)).len(), MAX_MENTIONS);
    }
}
