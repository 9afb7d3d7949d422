//! Entry points for fuzzers: what a sender says of a file.

use super::uploads::description::{file_name, plain_media_type};

/// Checks the name that is kept for a sent name, and returns it: it has no path, no control
/// characters and none that turn text around, and stays the same when it is sent again.
pub fn upload_name(sent: &str) -> Option<String> {
    let name = file_name(sent)?;
    assert!(!name.is_empty() && name.chars().count() <= 255);
    let odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '\u{202a}'..='\u{202e}');
    assert!(!name.contains(odd), "{name:?}");
    assert_eq!(file_name(&name).as_deref(), Some(&*name), "it changes when it is sent again");
    Some(name)
}

/// Checks the media type that is kept for a sent one, and returns it: a type and a subtype of plain
/// characters.
pub fn upload_media_type(sent: Option<&str>) -> String {
    let kept = plain_media_type(sent);
    assert_eq!(kept.matches('/').count(), 1, "{kept:?}");
    assert!(kept.len() <= 129 && kept.bytes().all(|byte| byte.is_ascii_graphic()), "{kept:?}");
    assert_eq!(plain_media_type(Some(&kept)), kept);
    kept
}
