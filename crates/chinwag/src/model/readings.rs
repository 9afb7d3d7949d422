//! Finding people by what somebody types of their name: the beginnings of its words, and of the readings of
//! Chinese characters in Pinyin, all of which count. `zs`, `zhangsan`, `zhang s` and `张s` find 张三.

use caseless::Caseless;
use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// The most letters that somebody may type.
pub const MAX_LETTERS: usize = 80;

/// What somebody typed, without case, accents, spaces and punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letters(Vec<char>);

/// A part of a name that is begun as a whole, a word or one Chinese character: what may be typed for it, its own
/// letters first, then its readings.
struct Unit(Vec<Vec<char>>);

impl Letters {
    /// The letters of a text.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        Self(typed.chars().filter(|c| !is_between(*c)).flat_map(plain).collect())
    }

    /// Whether nothing was typed: every name is found then.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the letters are all of a name, as it is written.
    #[must_use]
    pub fn are(&self, name: &str) -> bool {
        name.chars().filter(|c| !is_between(*c)).flat_map(plain).eq(self.0.iter().copied())
    }

    /// Whether the letters find a name.
    #[must_use]
    pub fn find(&self, name: &str) -> bool {
        self.may_begin_in(name) && self.begin_in(&units(name))
    }

    /// Whether something in a name begins with the first letter. Most names are not looked at further.
    fn may_begin_in(&self, name: &str) -> bool {
        let Some(first) = self.0.first() else { return true };
        let mut inside = false;
        name.chars().any(|c| {
            let begins = !inside || is_read(c);
            inside = !is_between(c) && !is_read(c);
            begins
                && (plain(c).next() == Some(*first)
                    || readings(c).any(|reading| reading.starts_with(*first)))
        })
    }

    /// Whether the letters are the beginnings of units that stand one behind the other. Each letter is looked at
    /// once for each unit, so no name takes long.
    fn begin_in(&self, units: &[Unit]) -> bool {
        let all = self.0.len();
        // How many letters may have been used up by the unit before.
        let mut before = vec![false; all + 1];
        for unit in units {
            before[0] = true;
            let mut ends = vec![false; all + 1];
            for from in (0..all).filter(|from| before[*from]) {
                for typed in &unit.0 {
                    let same =
                        typed.iter().zip(&self.0[from..]).take_while(|(a, b)| a == b).count();
                    ends[from + 1..=from + same].fill(true);
                }
            }
            if ends[all] {
                return true;
            }
            before = ends;
        }
        all == 0
    }
}

/// How the Chinese characters of a name are read, without tones: a word for each character of the name, with a
/// space between two. It is empty for a character that is not read, and has a comma between several readings.
/// `None`: nothing in the name is read.
#[must_use]
pub fn reading(name: &str) -> Option<String> {
    let mut all = String::new();
    let mut is_read = false;
    for (index, c) in name.chars().enumerate() {
        if index > 0 {
            all.push(' ');
        }
        let mut told: Vec<&str> = Vec::new();
        for reading in readings(c).filter(|_| !c.is_ascii()) {
            if !told.contains(&reading) {
                told.push(reading);
            }
        }
        is_read |= !told.is_empty();
        all.push_str(&told.join(","));
    }
    is_read.then_some(all)
}

fn units(name: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut inside = false;
    for c in name.chars() {
        if is_between(c) {
            inside = false;
            continue;
        }
        let read = is_read(c);
        match units.last_mut().filter(|_| inside && !read) {
            Some(Unit(spellings)) => {
                spellings.iter_mut().for_each(|typed| typed.extend(plain(c)));
            }
            None => {
                let own = std::iter::once(plain(c).collect());
                units.push(Unit(own.chain(readings(c).flat_map(spelled)).collect()));
            }
        }
        inside = !read;
    }
    units
}

/// The ways to type a reading: there is no ü on most keyboards.
fn spelled(reading: &'static str) -> impl Iterator<Item = Vec<char>> {
    let ways: &[&str] = if reading.contains(['ü', 'v']) { &["v", "u", "yu"] } else { &[""] };
    ways.iter().map(move |way| reading.replace(['ü', 'v'], way).chars().collect())
}

/// All readings of a character, without tones.
fn readings(c: char) -> impl Iterator<Item = &'static str> {
    let all = c.to_pinyin_multi().into_iter().flatten();
    all.map(|reading| reading.plain())
}

/// Whether a character is one that has readings: it is written without spaces.
fn is_read(c: char) -> bool {
    !c.is_ascii() && c.to_pinyin_multi().is_some()
}

/// Whether a character stands between words, and is not typed to find one.
fn is_between(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    use GeneralCategoryGroup::{Other, Punctuation, Separator};
    matches!(c.general_category_group(), Punctuation | Separator | Other)
}

/// A character without case and accents.
fn plain(c: char) -> impl Iterator<Item = char> {
    let ascii = c.is_ascii().then(|| c.to_ascii_lowercase());
    let other = (!c.is_ascii()).then(|| {
        std::iter::once(c).nfkd().default_case_fold().nfkd().filter(|c| !is_combining_mark(*c))
    });
    ascii.into_iter().chain(other.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Letters, reading};

    #[test]
    fn names_are_found_by_the_beginnings_of_words_and_readings() {
        for (name, found, not) in [
            (
                "张三",
                vec![
                    "", "z", "zs", "zhangsan", "zhang s", "zhsan", "张", "张s", "z三", "三", "san",
                ],
                vec!["s z", "hang", "zhangsanf", "李"],
            ),
            ("单伟", vec!["shan", "dan", "chan", "单", "shanw"], vec!["w d"]),
            ("吕布", vec!["lv", "lu", "lü", "lyu", "lvb", "lyubu"], vec!["luu"]),
            (
                "Zsófia Kovács",
                vec!["zs", "zsof", "zsófia k", "kov", "zk", "KOVÁCS"],
                vec!["sofia", "zsofiak z"],
            ),
            ("Ann Lee", vec!["a", "ann", "ann l", "al", "lee"], vec!["nn", "annlex"]),
            ("O'Neil", vec!["o'n", "oneil", "neil"], vec!["eil"]),
            ("阿不都·买买提", vec!["abd", "mmt", "abudumaimaiti"], vec!["amt"]),
            ("Tom 张", vec!["tz", "tomzh", "zhang"], vec!["omz"]),
            ("🐱 cat", vec!["🐱", "cat", "🐱c"], vec!["at"]),
            ("ﬁne", vec!["fi", "fine"], vec!["ne"]),
        ] {
            for typed in found {
                assert!(Letters::of(typed).find(name), "{typed} in {name}");
            }
            for typed in not {
                assert!(!Letters::of(typed).find(name), "{typed} in {name}");
            }
        }
    }

    #[test]
    fn a_name_is_told_with_its_readings() {
        for (name, told) in [
            ("重庆", Some("zhong,chong,tong qing")),
            ("吕a布", Some("lü  bu")),
            ("Ann", None),
            ("", None),
        ] {
            assert_eq!(reading(name).as_deref(), told, "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_found_by_its_beginning(name in "[a-cA ÀÉ张三单吕·'（🐱ﬁ-]{0,12}", letters in 0..6_usize) {
            let begun: String = name.chars().take(letters).collect();
            prop_assert!(Letters::of(&begun).find(&name), "{begun} in {name}");
            let read = reading(&name).map(|reading| reading.split(' ').count());
            prop_assert!(read.is_none_or(|count| count == name.chars().count()));
        }
    }
}
