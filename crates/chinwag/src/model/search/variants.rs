//! Traditional and simplified characters, which find each other. The table is that of Open Chinese Convert, of single
//! characters: words are not needed, as both sides of a comparison become simplified.

use std::collections::HashMap;
use std::sync::OnceLock;

use hanconv::RawDictionary;

/// The characters that most of the table is about: each has its place in a list.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;

struct Table {
    /// The simplified form of each character from [`FIRST`] to [`LAST`].
    listed: Vec<char>,
    others: HashMap<char, char>,
}

/// The simplified form of a traditional character; every other character as it is.
pub(super) fn simplified(c: char) -> char {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let code = u32::from(c);
    if code < FIRST {
        return c;
    }
    let table = TABLE.get_or_init(Table::make);
    if code > LAST {
        return table.others.get(&c).copied().unwrap_or(c);
    }
    let place = usize::try_from(code - FIRST).unwrap_or(usize::MAX);
    table.listed.get(place).copied().unwrap_or(c)
}

impl Table {
    fn make() -> Self {
        let mut all: HashMap<char, char> = HashMap::new();
        for (traditional, simplified) in RawDictionary::TSCharacters.iter() {
            let (mut one, mut other) = (traditional.chars(), simplified.chars());
            if let (Some(from), None, Some(to), None) =
                (one.next(), one.next(), other.next(), other.next())
            {
                all.insert(from, to);
            }
        }
        let found = |c: char| {
            // A simplified form may have one itself.
            let once = all.get(&c).copied().unwrap_or(c);
            all.get(&once).copied().unwrap_or(once)
        };
        let listed = (FIRST..=LAST).filter_map(char::from_u32).map(found).collect();
        let others =
            all.keys().filter(|c| u32::from(**c) > LAST).map(|c| (*c, found(*c))).collect();
        Self { listed, others }
    }
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn every_character_has_one_form() {
        for c in ('\u{2E80}'..='\u{9FFF}').chain('\u{20000}'..='\u{2FFFF}') {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
        let text: String = "發佈會議記錄與臺灣繁體軟體".chars().map(simplified).collect();
        assert_eq!(text, "发布会议记录与台湾繁体软体");
    }
}
