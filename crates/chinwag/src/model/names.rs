//! Display names and channel names: what they may contain, and when two of them are one name.
//!
//! A name is kept as it was typed, trimmed and in NFC. Its length is counted in Unicode scalar
//! values of that form: a count that every client and database can repeat, which grapheme clusters
//! are not. Two names with one [`key`](Name::key) are one name.

use std::ops::Deref;

use unicode_normalization::UnicodeNormalization;

use super::characters::{
    has_a_use, is_control, is_invisible, is_mark, is_unassigned, turns_direction,
};
use super::folding::fold;
use super::look_alikes::Look;
use super::markup::MAX_MARKS;
use super::mentions::EVERYBODY;

/// What the web app writes beside a person's own name or instead of it.
const RESERVED: [&str; 3] = ["you", "您", "你"];

/// How whoever's data was removed is called, in each language; a number follows.
const FORMER: [&str; 2] = ["Former member", "前成员"];

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing is left after trimming.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// The most.
        max: usize,
    },
    /// A control character (a line break, NUL, …).
    Control,
    /// A character that turns the direction of text around it.
    Direction,
    /// A character that nobody can see.
    Invisible,
    /// A character that Unicode does not define for general use.
    Unassigned,
    /// It starts with a mark that needs a letter before it.
    LeadingMark,
    /// More marks on one letter than allowed: they would cover what stands around the name.
    Stacked {
        /// The most.
        max: usize,
    },
    /// It reads like what the product itself writes, such as `Paula (you)`.
    Reserved,
    /// It reads like the name of whoever's data was removed.
    Former,
}

/// A display name that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(Name);

/// A channel name that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelName(Name);

impl DisplayName {
    /// The most characters.
    pub const MAX: usize = 32;

    /// Checks a name as it was typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        let name = Name::parse(typed, Self::MAX)?;
        if is_reserved(&name.look) { Err(NameProblem::Reserved) } else { Ok(Self(name)) }
    }

    /// Checks the rules that only new names have to keep. Names from before such a rule go on.
    ///
    /// # Errors
    /// The first of them that it breaks.
    pub fn check_new(&self) -> Result<(), NameProblem> {
        let calls_all = |word: &&str| Look::of(word).folded == self.0.look.folded;
        if EVERYBODY.iter().any(calls_all) {
            return Err(NameProblem::Reserved);
        }
        self.0.check_new()?;
        if is_former(&self.0.text) { Err(NameProblem::Former) } else { Ok(()) }
    }
}

/// The most characters of a name with the date of a visit.
const MAX_OF_VISIT: usize = 64;

impl DisplayName {
    /// The name that a guest's messages show after their name was freed: with the date of their visit, and
    /// from the second of that date on with a number.
    ///
    /// # Errors
    /// When the date makes no name of it.
    pub fn of_visit(held: &str, date: &str, nth: u32) -> Result<Self, NameProblem> {
        let text = match nth {
            1 => format!("{held} ({date})"),
            nth => format!("{held} ({date}, {nth})"),
        };
        Name::parse(&text, MAX_OF_VISIT).map(Self)
    }
}

impl ChannelName {
    /// The most characters.
    pub const MAX: usize = 64;

    /// Checks a name as it was typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        Name::parse(typed, Self::MAX).map(Self)
    }
}

/// The name of the whole place that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceName(Name);

impl PlaceName {
    /// The most characters.
    pub const MAX: usize = 48;

    /// Checks a name as it was typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        let name = Name::parse(typed, Self::MAX)?;
        name.check_new()?;
        Ok(Self(name))
    }
}

impl Deref for PlaceName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.0
    }
}

impl Deref for DisplayName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.0
    }
}

impl Deref for ChannelName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.0
    }
}

/// Whether a name reads like the product's own words: alone, or in brackets at the end.
fn is_reserved(look: &Look) -> bool {
    RESERVED.iter().any(|word| {
        let (alone, behind) = (Look::of(word), Look::of(&format!("({word})")));
        look.folded == alone.folded || look.folded.ends_with(&behind.folded)
    })
}

/// Whether a name reads like that of whoever's data was removed, whatever stands between the words and the
/// number. The number may be of letters that look like digits.
fn is_former(text: &str) -> bool {
    let signs = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let looks = |text: &str| {
        let Look { drawn, folded } = Look::of(text);
        [signs(&drawn), signs(&folded)]
    };
    let digits = looks("0123456789");
    let looks_of_name = looks(text);
    FORMER.iter().any(|words| {
        let looks_of_words = looks(words);
        looks_of_name.iter().zip(looks_of_words).zip(&digits).any(|((name, words), digits)| {
            let number = name.strip_prefix(&words);
            number.is_some_and(|number| {
                let is_digit = |c: char| c.is_numeric() || digits.contains(c);
                !number.is_empty() && number.chars().all(is_digit)
            })
        })
    })
}

/// What is known of every checked name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    text: String,
    key: String,
    look: Look,
}

impl Name {
    /// As it was typed, in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What makes it unique: two names with one key are one name.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it looks like.
    #[must_use]
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// Checks the rules that only new names have to keep. Names from before such a rule go on.
    ///
    /// # Errors
    /// The first of them that it breaks.
    pub fn check_new(&self) -> Result<(), NameProblem> {
        let mut marks = 0;
        for c in self.text.chars() {
            marks = if is_mark(c) { marks + 1 } else { 0 };
            if marks > MAX_MARKS {
                return Err(NameProblem::Stacked { max: MAX_MARKS });
            }
        }
        Ok(())
    }

    fn parse(typed: &str, max: usize) -> Result<Self, NameProblem> {
        // One character more than allowed is enough to see that it is too long.
        let text: Vec<char> = typed.trim().nfc().take(max + 1).collect();
        if text.len() > max {
            return Err(NameProblem::TooLong { max });
        }
        let Some(&first) = text.first() else { return Err(NameProblem::Empty) };
        for at in 0..text.len() {
            check(&text, at)?;
        }
        if is_mark(first) {
            return Err(NameProblem::LeadingMark);
        }
        let text: String = text.into_iter().collect();
        let key = fold(&text);
        if key.is_empty() {
            return Err(NameProblem::Empty);
        }
        let look = Look::of(&text);
        Ok(Self { text, key, look })
    }
}

fn check(text: &[char], at: usize) -> Result<(), NameProblem> {
    let c = text[at];
    if is_control(c) {
        Err(NameProblem::Control)
    } else if turns_direction(c) {
        Err(NameProblem::Direction)
    } else if is_invisible(c) && !has_a_use(text, at) {
        Err(NameProblem::Invisible)
    } else if is_unassigned(c) {
        Err(NameProblem::Unassigned)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(typed: &str) -> Option<NameProblem> {
        DisplayName::parse(typed).err()
    }

    #[test]
    fn a_name_is_kept_as_typed_and_trimmed() {
        let name = DisplayName::parse("  Ada  Lovelace\u{3000}").expect("fine");
        assert_eq!(name.as_str(), "Ada  Lovelace");
        assert_eq!(name.key(), "ada lovelace");
    }

    #[test]
    fn names_that_look_alike_are_one() {
        let key = |typed: &str| ChannelName::parse(typed).expect("fine").key().to_owned();
        for (one, other) in [
            ("Ann", "ann"),
            ("Ann", "Ａｎｎ"),
            ("Straße", "STRASSE"),
            ("Ångström", "A\u{30A}ngstro\u{308}m"),
            ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
            ("a b", "a\u{3000}\u{A0} b"),
            ("❤", "❤\u{FE0F}"),
            ("ﬁne", "FINE"),
        ] {
            assert_eq!(key(one), key(other), "{one} and {other}");
        }
        assert_ne!(key("Ann"), key("Anna"));
        assert_ne!(key("Ann"), key("Änn"));
    }

    #[test]
    fn any_script_and_emoji_are_welcome() {
        for name in [
            "陈小明",
            "Владимир",
            "علی‌رضا",
            "क्‍ष",
            "ശ്രീ",
            "한글",
            "ไทย",
            "👨‍👩‍👧",
            "👩🏽‍💻",
            "❤️",
            "1️⃣",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "🇩🇪",
            "a/b?c#d%e&f+\"",
            "אבג",
            "🏳️‍🌈",
            "ᠮᠣᠩᠭᠣᠯ",
        ] {
            assert_eq!(problem(name), None, "{name}");
        }
    }

    #[test]
    fn each_rule_is_named() {
        use NameProblem::*;
        for (name, why) in [
            ("", Empty),
            (" \u{3000}\n", Empty),
            ("a\0b", Control),
            ("a\nb", Control),
            ("a\u{2028}b", Control),
            ("a\u{202E}b", Direction),
            ("a\u{2066}b", Direction),
            ("a\u{200F}b", Direction),
            ("a\u{200B}b", Invisible),
            ("Pa\u{FFFC}ula", Invisible),
            ("a\u{200D}b", Invisible),
            ("a\u{200C}b", Invisible),
            ("\u{200D}", Invisible),
            ("a\u{FE0F}", Invisible),
            ("a\u{AD}b", Invisible),
            ("\u{3164}", Invisible),
            ("a\u{E0041}", Invisible),
            ("👩\u{200D}", Invisible),
            ("\u{E000}", Unassigned),
            ("\u{0378}", Unassigned),
            ("\u{10FFFF}", Unassigned),
            ("\u{0301}a", LeadingMark),
        ] {
            assert_eq!(problem(name), Some(why), "{}", name.escape_unicode());
        }
    }

    #[test]
    fn a_new_name_stacks_no_more_marks_than_a_text_shows() {
        let new = |typed: &str| ChannelName::parse(typed).expect("fine").check_new();
        for name in ["Zoë", "ผู้ใช้", "Nguyễn", "👩🏽\u{200D}🚀", &format!("a{}b", "\u{E49}".repeat(8))]
        {
            assert_eq!(new(name), Ok(()), "{name}");
        }
        for marks in [9, 60] {
            let name = format!("a{}", "\u{E49}".repeat(marks));
            assert_eq!(new(&name), Err(NameProblem::Stacked { max: 8 }));
        }
    }

    #[test]
    fn what_the_product_writes_is_nobodys_name() {
        for name in [
            "Paula (you)",
            "Paula (YOU)",
            "Paula（您）",
            "Paula (уоu)",
            "you",
            "You",
            "您",
            "(you)",
        ] {
            assert_eq!(DisplayName::parse(name), Err(NameProblem::Reserved), "{name}");
            assert!(ChannelName::parse(name).is_ok(), "{name}");
        }
        for name in ["Paula (yours)", "youssef", "(you) Paula", "Paula you"] {
            assert!(DisplayName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn nobody_takes_the_name_of_a_former_member() {
        let new = |typed: &str| DisplayName::parse(typed).expect("fine").check_new();
        for name in [
            "Former member 3",
            "former MEMBER 17",
            "FORMER MEMBER 0",
            "Ｆｏｒｍｅｒ　ｍｅｍｂｅｒ　３",
            "Former  member 3",
            "Formermember3",
            "Former-member #3",
            "Fоrmer mеmber 3",
            "Former member l0",
            "Former member ٣",
            "Former member ③",
            "Forrner rnember 3",
            "前成员 3",
            "前成员3",
            "前成员　１２",
            "前成员（3）",
        ] {
            assert_eq!(new(name), Err(NameProblem::Former), "{name}");
            assert!(ChannelName::parse(name).expect("fine").check_new().is_ok(), "{name}");
        }
        for name in ["Former member", "Former members 3", "A former member 3", "前成员", "成员 3"]
        {
            assert_eq!(new(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn length_is_counted_after_composing() {
        assert_eq!(problem(&"é".repeat(32)), None);
        assert_eq!(problem(&"e\u{301}".repeat(32)), None);
        assert_eq!(problem(&"é".repeat(33)), Some(NameProblem::TooLong { max: 32 }));
        assert!(ChannelName::parse(&"é".repeat(64)).is_ok());
        assert!(ChannelName::parse(&"é".repeat(65)).is_err());
    }

    proptest! {
        #[test]
        fn parsing_what_was_parsed_changes_nothing(typed in "\\PC{0,40}") {
            if let Ok(name) = ChannelName::parse(&typed) {
                prop_assert_eq!(ChannelName::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn no_text_is_too_strange(typed in any::<String>()) {
            let _any = DisplayName::parse(&typed);
        }
    }
}
