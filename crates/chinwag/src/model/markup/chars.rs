//! Classes of the characters beside a mark.
//!
//! Chinese and Japanese are written without spaces. So Han, kana and full-width punctuation are a
//! class of their own, which counts as the edge of a word.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// The class of a character. Emoji are `Other`; the edge of a text is `Space`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Punctuation,
    Han,
    Word,
    Other,
}

/// The class of a character, or of the edge of the text.
pub(super) fn class(c: Option<char>) -> Class {
    let Some(c) = c else { return Class::Space };
    if c.is_whitespace() || c == '\u{feff}' {
        return Class::Space;
    }
    if is_han(c) {
        return Class::Han;
    }
    let symbol = matches!(
        c.general_category(),
        GeneralCategory::CurrencySymbol
            | GeneralCategory::ModifierSymbol
            | GeneralCategory::MathSymbol
    );
    match c.general_category_group() {
        GeneralCategoryGroup::Punctuation => Class::Punctuation,
        _ if symbol => Class::Punctuation,
        GeneralCategoryGroup::Letter
        | GeneralCategoryGroup::Number
        | GeneralCategoryGroup::Mark => Class::Word,
        _ => Class::Other,
    }
}

fn is_han(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fd5}' | '\u{3000}'..='\u{303f}' | '\u{3041}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{32d0}'..='\u{32fe}' | '\u{3300}'..='\u{3357}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{fad9}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{323af}')
}
