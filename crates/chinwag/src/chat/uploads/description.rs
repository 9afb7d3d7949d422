//! What a sender says of a file: its name and its media type, made harmless.

use crate::model::characters::turns_direction;

/// The longest file name, in characters.
const MAX_NAME: usize = 255;
/// The media type of a file of unknown kind.
const UNKNOWN: &str = "application/octet-stream";
/// The media types of pictures that are recognised by their bytes.
const RECOGNISED: [&str; 8] = [
    "image/png",
    "image/apng",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/heif",
];

/// The last part of a path, without characters that a file system or a header trips over. `None`
/// when nothing is left.
pub(in crate::chat) fn file_name(sent: &str) -> Option<String> {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    // A character that turns direction can make `gpj.exe` look like `exe.jpg`.
    let plain = last.chars().filter(|c| !c.is_control() && !turns_direction(*c));
    let name: String = plain.skip_while(|c| c.is_whitespace()).take(MAX_NAME).collect();
    // Windows drops white space and dots from the end, in any mixture.
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    (!name.is_empty()).then(|| name.to_owned())
}

/// `type/subtype` in lower case and without parameters, or [`UNKNOWN`].
pub(in crate::chat) fn plain_media_type(sent: Option<&str>) -> String {
    let sent = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part.len() <= 64
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match sent.split_once('/') {
        Some((kind, subtype)) if token(kind) && token(subtype) => sent.to_ascii_lowercase(),
        _ => UNKNOWN.to_owned(),
    }
}

/// The media type of a file that was not recognised by its bytes: what it claims to be, unless it
/// claims to be of a kind that would have been recognised.
pub(super) fn unless_recognised(claimed: String) -> String {
    if RECOGNISED.contains(&claimed.as_str()) { UNKNOWN.to_owned() } else { claimed }
}

#[cfg(test)]
mod tests {
    use super::{file_name, plain_media_type};

    #[test]
    fn names_lose_their_path_and_what_deceives() {
        assert_eq!(file_name("码头用语对照表.xlsx").as_deref(), Some("码头用语对照表.xlsx"));
        assert_eq!(file_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(file_name("C:\\Users\\a\\b.txt").as_deref(), Some("b.txt"));
        assert_eq!(file_name("a\u{202e}gpj.exe\r\n").as_deref(), Some("agpj.exe"));
        assert_eq!(file_name("/"), None);
        assert_eq!(file_name(" a. . ").as_deref(), Some("a"));
        assert_eq!(file_name(" . ."), None);
        assert_eq!(file_name(&"x".repeat(300)).map(|name| name.len()), Some(255));
    }

    #[test]
    fn a_media_type_is_plain_or_unknown() {
        assert_eq!(plain_media_type(Some("Text/Plain; charset=utf-8")), "text/plain");
        for odd in [None, Some(""), Some("text"), Some("a/b\r\nx: y"), Some("a b/c")] {
            assert_eq!(plain_media_type(odd), "application/octet-stream");
        }
    }
}
