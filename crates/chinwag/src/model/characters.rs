//! Kinds of characters that names and texts distinguish.
//!
//! The tables are Unicode's. Where no library has a property, its ranges are here, with the name of
//! the property. Nothing here knows what a name is.

use unicode_normalization::char::canonical_combining_class;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// Zero-width joiner.
pub(super) const ZWJ: char = '\u{200D}';
/// Zero-width non-joiner.
pub(super) const ZWNJ: char = '\u{200C}';
const BLACK_FLAG: char = '\u{1F3F4}';
const CANCEL_TAG: char = '\u{E007F}';

/// Whether a character turns the direction of the text around it: the property `Bidi_Control`.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}')
}

/// Whether nothing is drawn for a character: the property `Default_Ignorable_Code_Point`, and a few
/// others (interlinear annotation, the object replacement character, the blank Braille cell).
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        | '\u{FFF9}'..='\u{FFFC}' | '\u{2800}')
}

/// Whether it is a control character or a line or paragraph separator.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether it is for private use, unassigned, or no character at all.
pub(super) fn is_unassigned(c: char) -> bool {
    matches!(c.general_category(), GeneralCategory::PrivateUse | GeneralCategory::Unassigned)
}

/// Whether it is a mark, which is drawn on the character before it.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark
    )
}

/// Whether the invisible character at `at` changes there what readers see: a joiner between letters
/// that join, a selector or a tag of an emoji.
pub(super) fn has_a_use(text: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|index| text[index]);
    let after = text.get(at + 1).copied();
    match text[at] {
        ZWJ | ZWNJ => joins_letters(before, after) || (text[at] == ZWJ && joins_emoji(text, at)),
        '\u{FE0E}' | '\u{FE0F}' => before.is_some_and(|c| c.is_emoji_char()),
        // Mongolian letters change their form by what follows them.
        '\u{180B}'..='\u{180F}' => before.is_some_and(is_mongolian),
        '\u{E0020}'..=CANCEL_TAG => is_in_flag(text, at),
        _ => false,
    }
}

/// Whether a joiner between these two is part of the spelling. Persian writes a non-joiner between
/// letters; the Indic scripts write both kinds around a virama, and older Malayalam ends words with
/// one after it.
fn joins_letters(before: Option<char>, after: Option<char>) -> bool {
    const VIRAMA: u8 = 9;
    let Some(before) = before.filter(|&c| script_has_joiners(c)) else { return false };
    canonical_combining_class(before) == VIRAMA || after.is_some_and(script_has_joiners)
}

/// Whether it is a letter or a mark of a script whose spelling uses joiners, by blocks: Arabic to
/// Thaana and N'Ko, the Indic scripts to Sinhala, Tibetan, Myanmar, Khmer, Mongolian, and the later
/// blocks of Arabic.
fn script_has_joiners(c: char) -> bool {
    let in_block = matches!(c, '\u{0600}'..='\u{08FF}' | '\u{0900}'..='\u{0DFF}'
        | '\u{0F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{1900}'..='\u{1CFF}'
        | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10A00}'..='\u{10FFF}' | '\u{11000}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}');
    in_block && !is_invisible(c) && (c.is_alphabetic() || is_mark(c))
}

fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18AA}')
}

/// Whether a joiner at `at` is between two emoji. The first may have a selector, or be a skin tone
/// or the end of tags.
fn joins_emoji(text: &[char], at: usize) -> bool {
    let mut before = text[..at].iter().rev().copied();
    let mut last = before.next();
    if matches!(last, Some('\u{FE0E}' | '\u{FE0F}')) {
        last = before.next();
    }
    last.is_some_and(|c| is_picture(c) || c == CANCEL_TAG)
        && text.get(at + 1).copied().is_some_and(is_picture)
}

/// Whether it is an emoji, but no digit and no sign of the keyboard.
fn is_picture(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

/// Whether the tag at `at` is part of the flag of a region: a black flag, tags, and an end tag.
fn is_in_flag(text: &[char], at: usize) -> bool {
    let is_tag = |c: &char| matches!(*c, '\u{E0020}'..='\u{E007E}');
    let begins = text[..at].iter().rev().find(|c| !is_tag(c)) == Some(&BLACK_FLAG);
    let ends = text[at..].iter().find(|c| !is_tag(c)) == Some(&CANCEL_TAG);
    begins && ends
}
