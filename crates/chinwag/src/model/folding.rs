//! Folding: texts that differ in case, in compatibility forms or in white space become one.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use super::characters::is_invisible;

/// Folds a text. The key of a name is its text, folded: compatibility forms and case become one,
/// white space becomes one space, and what nobody sees is left out.
#[must_use]
pub fn fold(text: &str) -> String {
    // Folding can produce what normalising changes again, and the other way round; two passes
    // settle all of Unicode today, and a third would only confirm it.
    let once = fold_once(text);
    fold_once(&once)
}

fn fold_once(text: &str) -> String {
    let folded: String =
        text.nfkc().default_case_fold().nfkc().filter(|&c| !is_invisible(c)).collect();
    spaced(&folded)
}

/// How many characters a character becomes at most when a text that it stands in is folded: together with others
/// it may become fewer.
pub(super) fn width(c: char) -> usize {
    if c.is_ascii() {
        return 1;
    }
    let once: String = std::iter::once(c).nfkc().default_case_fold().nfkc().collect();
    let again = once.chars().nfkc().default_case_fold().nfkc().count();
    once.chars().count().max(again)
}

/// Makes white space of any kind and length one space, and removes it at the ends.
pub(super) fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }

    #[test]
    fn folding_every_character_twice_is_folding_it_once() {
        // Above these there are ideographs, tags and private use, which nothing folds.
        for c in '\0'..='\u{1FFFF}' {
            let folded = fold(&c.to_string());
            assert_eq!(fold(&folded), folded, "{}", c.escape_unicode());
        }
    }
}
