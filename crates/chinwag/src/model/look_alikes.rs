//! What a name looks like: two names with one look are taken for each other.
//!
//! The skeletons of UTS 39 say which characters look alike. A name has two looks, because it is the
//! same name in capitals and in small letters, and some characters look alike in one of the two
//! only: a capital I is drawn like a small l, but not like a capital L or a small i.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::confusable_detection::skeleton;

use super::characters::is_invisible;
use super::folding::spaced;

/// The two looks of a name. It is taken for another name if one of them is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// As it is drawn: `PauIa` (with a capital I) is `paula`. `Lan` is not `Ian`.
    pub drawn: String,
    /// As it is read aloud: `Раula` (with Cyrillic letters) is `PAULA`. `Ian` is not `Lan`.
    pub folded: String,
}

impl Look {
    /// The two looks of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let plain = plain(text);
        // Some small letters have skeletons that their capitals do not have (m looks like rn), so
        // the skeleton is taken again after the letters were made small.
        let drawn = skeleton_of(&small_letters(&skeleton_of(&plain), &['L']));
        let read: String = plain.chars().map(|c| if c == 'I' { 'i' } else { c }).collect();
        let folded = small_letters(&skeleton_of(&small_letters(&skeleton_of(&read), &[])), &[]);
        Self { drawn: spaced(&drawn), folded: spaced(&folded) }
    }

    /// Whether one name is taken for the other.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.drawn == other.drawn || self.folded == other.folded
    }
}

/// Replaces what the tables of UTS 39 do not know: dashes of any length, and small capitals.
fn plain(text: &str) -> String {
    text.nfkc().filter(|&c| !is_invisible(c)).map(plain_char).collect()
}

fn plain_char(c: char) -> char {
    if c.general_category() == GeneralCategory::DashPunctuation {
        return '-';
    }
    match c {
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ꞯ' => 'q',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        _ => c,
    }
}

/// The skeleton of a text, as UTS 39 defines it.
fn skeleton_of(text: &str) -> String {
    skeleton(text).collect()
}

/// Makes all letters small, except those in `kept`.
fn small_letters(text: &str, kept: &[char]) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if kept.contains(&c) {
            folded.push(c);
        } else {
            folded.extend(std::iter::once(c).default_case_fold());
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::Look;

    fn alike(one: &str, other: &str) -> bool {
        Look::of(one).is_like(&Look::of(other))
    }

    #[test]
    fn what_looks_like_a_name_is_like_it() {
        for (held, other) in [
            ("Paula", "Раula"),
            ("Paula", "РАULА"),
            ("PAULA", "Раula"),
            ("Paula", "PauIa"),
            ("Paula", "pauIa"),
            ("Paula", "Pau1a"),
            ("Paula", "Pau|a"),
            ("Paula", "ᴘᴀᴜʟᴀ"),
            ("Paula", "𝐏𝐚𝐮𝐥𝐚"),
            ("Paula", "Ｐａｕｌａ"),
            ("Paula", "Pa\u{200B}ula"),
            ("Bob", "B0b"),
            ("Tom", "Torn"),
            ("TOM", "Torn"),
            ("Ian", "lan"),
            ("Anna-Lena", "Anna–Lena"),
            ("Anna-Lena", "Anna—Lena"),
            ("Anna-Lena", "Anna‑Lena"),
            ("Anna-Lena", "Anna−Lena"),
            ("Anna-Lena", "Anna－Lena"),
            ("a b", "a\u{2003}\u{A0}b"),
            ("Владимир", "Влaдимир"),
            ("general", "genera1"),
            ("王力", "王カ"),
        ] {
            assert!(
                alike(held, other),
                "{held} and {other}: {:?} {:?}",
                Look::of(held),
                Look::of(other)
            );
        }
    }

    #[test]
    fn names_that_differ_are_not_alike() {
        for (one, other) in [
            ("Ian", "Lan"),
            ("IAN", "LAN"),
            ("Ann", "Anna"),
            ("Ann", "Änn"),
            ("Jon", "Jan"),
            ("陈小明", "陈晓明"),
            ("pupil 1", "pupil 2"),
            ("pupil 10", "pupil 1"),
            ("Anna Lena", "Anna-Lena"),
            ("Mia", "Nia"),
        ] {
            assert!(!alike(one, other), "{one} and {other}");
        }
    }
}
