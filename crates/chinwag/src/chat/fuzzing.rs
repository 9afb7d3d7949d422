//! Entry point for fuzzers: what somebody says of a file that she sends.

use super::files::{file_name, plain_media_type};

/// The name that is kept of one that was sent, if any: without path, control characters and
/// characters that turn text around, and the same again when it is sent again.
pub fn upload_name(sent: &str) -> Option<String> {
    let name = file_name(sent)?;
    assert!(!name.is_empty() && name.chars().count() <= 255);
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '\u{202a}'..='\u{202e}');
    assert!(!name.contains(odd), "{name:?}");
    assert_eq!(file_name(&name).as_deref(), Some(&*name), "sent again it is another");
    Some(name)
}

/// The media type that is kept of one that was sent: a type and a subtype of plain characters.
pub fn upload_media_type(sent: Option<&str>) -> String {
    let kept = plain_media_type(sent);
    assert_eq!(kept.matches('/').count(), 1, "{kept:?}");
    assert!(kept.len() <= 129 && kept.bytes().all(|byte| byte.is_ascii_graphic()), "{kept:?}");
    assert_eq!(plain_media_type(Some(&kept)), kept);
    kept
}
