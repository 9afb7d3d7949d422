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

/// A name that was found. Of each text every second part, beginning with the second, is what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// The name as it was chosen.
    pub name: Vec<String>,
    /// How it is read, if it was found by that; otherwise empty.
    pub reading: Vec<String>,
}

/// A part of a name that is begun as a whole: a word, or one Chinese character.
struct Unit {
    text: Vec<char>,
    /// What may be typed for it: its own letters first, then its readings.
    spellings: Vec<Spelling>,
}

/// A way to type a unit, and the reading of which it is one.
struct Spelling {
    typed: Vec<char>,
    reading: Option<&'static str>,
}

/// How a unit was found: by which of its spellings, and by how many letters of it.
#[derive(Clone, Copy)]
struct Step {
    spelling: usize,
    letters: usize,
}

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
        self.may_begin_in(name) && self.steps(&units(name)).is_some()
    }

    /// What of a name the letters find. Nothing, if they do not find it.
    #[must_use]
    pub fn parts(&self, name: &str) -> Parts {
        let units = units(name);
        let steps = self.steps(&units).unwrap_or_default();
        let at =
            |index: usize| steps.iter().find(|(unit, _)| *unit == index).map(|(_, step)| *step);
        let mut parts = Parts { name: vec![String::new()], reading: Vec::new() };
        let by_reading =
            |(unit, step): &(usize, Step)| units[*unit].spellings[step.spelling].reading.is_some();
        let is_read = steps.iter().any(by_reading);
        let mut left = name.chars();
        for (index, unit) in units.iter().enumerate() {
            let step = at(index);
            let own = step.filter(|step| unit.spellings[step.spelling].reading.is_none());
            // What stands between the words.
            while left.clone().next().is_some_and(is_between) {
                parts.name.extend(left.next().map(String::from));
                join(&mut parts.name);
            }
            add(&mut parts.name, &unit.text, own.map_or(0, |step| unit.shown(step.letters)));
            left.by_ref().take(unit.text.len()).for_each(drop);
            if is_read {
                if index > 0 {
                    add(&mut parts.reading, &[' '], 0);
                }
                let (text, letters) = unit.read(step);
                add(&mut parts.reading, &text, letters);
            }
        }
        add(&mut parts.name, &left.collect::<Vec<_>>(), 0);
        parts
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

    /// The units that the letters are the beginnings of, one behind the other. Each letter is looked at once
    /// for each unit, so no name takes long.
    fn steps(&self, units: &[Unit]) -> Option<Vec<(usize, Step)>> {
        let all = self.0.len();
        if all == 0 {
            return Some(Vec::new());
        }
        // For each unit: how the letters up to there are reached with it.
        let mut reached: Vec<Vec<Option<Step>>> = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let mut ends = vec![None; all + 1];
            for from in 0..all {
                let begins = from == 0
                    || index.checked_sub(1).is_some_and(|before| reached[before][from].is_some());
                if !begins {
                    continue;
                }
                for (spelling, Spelling { typed, .. }) in unit.spellings.iter().enumerate() {
                    let same =
                        typed.iter().zip(&self.0[from..]).take_while(|(a, b)| a == b).count();
                    for letters in 1..=same {
                        ends[from + letters].get_or_insert(Step { spelling, letters });
                    }
                }
            }
            reached.push(ends);
            if let Some(steps) = back(&reached, all) {
                return Some(steps);
            }
        }
        None
    }
}

/// The steps that reached all letters with the last unit.
fn back(reached: &[Vec<Option<Step>>], all: usize) -> Option<Vec<(usize, Step)>> {
    let (mut left, mut steps) = (all, Vec::new());
    for (index, ends) in reached.iter().enumerate().rev() {
        let step = ends[left]?;
        steps.push((index, step));
        left -= step.letters;
        if left == 0 {
            break;
        }
    }
    Some(steps)
}

impl Unit {
    /// How many of its characters so many of its own letters are.
    fn shown(&self, letters: usize) -> usize {
        let mut left = letters;
        self.text
            .iter()
            .take_while(|c| {
                let goes_on = left > 0;
                left = left.saturating_sub(plain(**c).count());
                goes_on
            })
            .count()
    }

    /// How it is read, and how many characters of that were typed.
    fn read(&self, step: Option<Step>) -> (Vec<char>, usize) {
        let found = step.map(|step| (&self.spellings[step.spelling], step.letters));
        match found {
            // Of `yu` for `ü`, what was typed is as much of the reading.
            Some((Spelling { reading: Some(reading), .. }, letters)) => {
                let reading: Vec<char> = reading.chars().collect();
                let most = reading.len();
                (reading, letters.min(most))
            }
            _ => {
                let first = self.spellings.iter().find_map(|spelling| spelling.reading);
                let text = first.map_or_else(|| self.text.clone(), |first| first.chars().collect());
                let letters = step.map_or(0, |step| self.shown(step.letters));
                (text, if first.is_some() { 0 } else { letters })
            }
        }
    }
}

/// Adds a text to parts, of which so many characters were typed.
fn add(parts: &mut Vec<String>, text: &[char], typed: usize) {
    if parts.len().is_multiple_of(2) {
        parts.push(String::new());
    }
    let (found, rest) = text.split_at(typed.min(text.len()));
    if !found.is_empty() {
        parts.push(found.iter().collect());
        parts.push(String::new());
    }
    if parts.is_empty() {
        parts.push(String::new());
    }
    if let Some(last) = parts.last_mut() {
        last.extend(rest);
    }
}

/// Makes what was pushed behind a text a part of it.
fn join(parts: &mut Vec<String>) {
    if let Some(pushed) = parts.pop() {
        match parts.last_mut() {
            Some(last) => last.push_str(&pushed),
            None => parts.push(pushed),
        }
    }
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
            Some(Unit { text, spellings }) => {
                text.push(c);
                spellings.iter_mut().for_each(|spelling| spelling.typed.extend(plain(c)));
            }
            None => {
                let own = Spelling { typed: plain(c).collect(), reading: None };
                let spellings = std::iter::once(own).chain(readings(c).flat_map(spelled)).collect();
                units.push(Unit { text: vec![c], spellings });
            }
        }
        inside = !read;
    }
    units
}

/// The ways to type a reading: there is no ü on most keyboards.
fn spelled(reading: &'static str) -> impl Iterator<Item = Spelling> {
    let umlaut = reading.find(['ü', 'v']);
    let ways: &[&str] = if umlaut.is_some() { &["v", "u", "yu"] } else { &[""] };
    ways.iter().map(move |way| {
        let typed = reading.replace(['ü', 'v'], way).chars().collect();
        Spelling { typed, reading: Some(reading) }
    })
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

    use super::Letters;

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
    fn what_was_typed_is_told_apart() {
        for (name, typed, parts, reading) in [
            ("张三", "zs", vec!["张三"], vec!["", "z", "hang ", "s", "an"]),
            ("张三", "张s", vec!["", "张", "三"], vec!["zhang ", "s", "an"]),
            ("张三", "三", vec!["张", "三", ""], vec![]),
            ("单伟", "shan", vec!["单伟"], vec!["", "shan", " wei"]),
            ("吕布", "lyu", vec!["吕布"], vec!["", "lü", " bu"]),
            ("Zsófia Kovács", "zso", vec!["", "Zsó", "fia Kovács"], vec![]),
            ("Zsófia Kovács", "z k", vec!["", "Z", "sófia ", "K", "ovács"], vec![]),
            ("(Ann) Lee!", "l", vec!["(Ann) ", "L", "ee!"], vec![]),
            ("Tom 张", "tz", vec!["", "T", "om 张"], vec!["", "T", "om ", "z", "hang"]),
            ("Ann", "", vec!["Ann"], vec![]),
        ] {
            let found = Letters::of(typed).parts(name);
            let shown = |parts: &[String]| {
                parts.iter().map(|part| part.replace('v', "ü")).collect::<Vec<_>>()
            };
            let is = |part: &str| part.replace('v', "ü");
            assert_eq!(
                shown(&found.name),
                parts.into_iter().map(is).collect::<Vec<_>>(),
                "{typed} in {name}"
            );
            assert_eq!(shown(&found.reading), reading, "{typed} in {name}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_lost(name in "[a-cA ÀÉ张三单吕·'（🐱ﬁ-]{0,12}", typed in "[a-cz张sé -]{0,6}") {
            let letters = Letters::of(&typed);
            let parts = letters.parts(&name);
            prop_assert_eq!(parts.name.concat(), name.clone());
            prop_assert_eq!(letters.is_empty() || parts.name.len() + parts.reading.len() > 1, letters.find(&name) || letters.is_empty());
        }
    }
}
