//! Names for files in an archive. Those that people gave are not trusted: a name leads nowhere else, and
//! means nothing to any system.

/// The longest name of a file, in bytes.
const MAX_NAME: usize = 120;
/// The longest ending that is kept when a name is cut, in bytes, with its dot.
const MAX_ENDING: usize = 12;

/// A name without what leads elsewhere or means something to a system.
pub(super) fn safe(name: &str) -> String {
    let harmless = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' | '\u{7f}' => '_',
        // Marks that turn the direction of text hide the ending of a name.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let clean: String = name.chars().map(harmless).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let short = shorten(clean);
    if short.is_empty() { "_".to_owned() } else { short }
}

/// A name of at most [`MAX_NAME`] bytes, with its ending.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.len() <= MAX_ENDING { ending } else { "" };
    let mut cut = MAX_NAME - ending.len();
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", &name[..cut])
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, safe};

    #[test]
    fn no_name_leads_elsewhere() {
        for (name, told) in [
            ("notes.txt", "notes.txt"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\Windows\\x.exe", "C__Windows_x.exe"),
            ("/", "_"),
            ("...", "_"),
            (" . ", "_"),
            ("a\u{202e}txt.exe", "a_txt.exe"),
            ("a\0b\nc", "a_b_c"),
            ("物理 笔记.pdf", "物理 笔记.pdf"),
            ("trailing. ", "trailing"),
        ] {
            assert_eq!(safe(name), told, "{name:?}");
        }
        let long = safe(&format!("{}.pdf", "物".repeat(255)));
        assert!(long.len() <= MAX_NAME && long.ends_with("物.pdf"), "{long}");
        assert!(safe(&format!("a.{}", "b".repeat(300))).len() <= MAX_NAME);
    }
}
