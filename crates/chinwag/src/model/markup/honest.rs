//! Whether the label of a link may be shown in place of its address.
//!
//! A label that names another host than the link's is not believed: the text stays as it was typed.
//! Everything that a reader may take for a host counts: with or without a scheme, numbers,
//! `localhost`, and dots that only look like dots. The web app has the same rule
//! (`web/src/text/honest.ts`).

use std::net::Ipv6Addr;

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use crate::model::steps;

use super::links::{bare_address_end, host_of, safe_href};

/// The longest label of a link, in characters.
const MAX_LABEL: usize = 500;
/// What is drawn like a full stop. A Chinese name may hold such a dot, so it counts before Latin
/// letters and digits only.
const DOTS: &str = "\u{b7}\u{660}\u{6d4}\u{6f0}\u{701}\u{702}\u{1427}\u{16eb}\u{2022}\u{2027}\
                    \u{2219}\u{22c5}\u{2e31}\u{2e33}\u{30fb}\u{a4f8}\u{a60e}\u{10101}\u{10a50}";
/// Endings of files that no host has.
const FILE_ENDINGS: [&str; 17] = [
    "js", "ts", "cs", "go", "java", "htm", "html", "css", "json", "yml", "yaml", "toml", "txt",
    "pdf", "png", "jpg", "jpeg",
];
/// Files whose ending is a country's too: `.md` is Moldova, `.rs` Serbia. Only those that everybody
/// knows are files.
const KNOWN_FILES: [(&str, &[&str]); 4] = [
    ("md", &["architecture", "changelog", "contributing", "readme"]),
    ("rs", &["build", "lib", "main", "mod"]),
    ("py", &["conftest", "main", "manage", "setup"]),
    ("sh", &["build", "install", "run", "setup"]),
];

/// Whether a label may be shown for an address that [`safe_href`] made: it shows something, and
/// every host that it names is the host of the link.
pub(super) fn is_honest_label(label: &[char], href: &str) -> bool {
    if label.len() > MAX_LABEL || !label.iter().copied().any(is_seen) {
        return false;
    }
    steps::count(label.len());
    let seen = label.iter().copied().filter(|c| is_seen(*c) || c.is_whitespace());
    let seen: String = seen.filter(|c| !"*_~`\\".contains(*c)).nfkc().collect();
    let seen: Vec<char> = seen.to_lowercase().replace('\u{3002}', ".").chars().collect();
    let seen = with_plain_dots(&seen);
    let host = host_of(href);
    let is_own = |shown: &str| shown == host || host.strip_prefix("www.") == Some(shown);
    let Some((addressed, rest)) = addresses(&seen) else { return false };
    addressed.iter().all(|shown| is_own(shown))
        && bare_hosts(&rest).all(is_own)
        && !rest.split(|c: char| !(is_of_word(c) || c == ':')).any(is_ipv6)
}

fn is_seen(c: char) -> bool {
    use GeneralCategoryGroup::{Mark, Other};
    !c.is_whitespace() && !matches!(c.general_category_group(), Other | Mark)
}

fn with_plain_dots(label: &[char]) -> Vec<char> {
    let next = |at: usize| label.get(at + 1).copied().unwrap_or_default();
    let plain = |(at, &c): (usize, &char)| {
        let is_dot = DOTS.contains(c) && next(at).is_ascii_alphanumeric();
        if is_dot { '.' } else { c }
    };
    label.iter().enumerate().map(plain).collect()
}

/// The hosts of the addresses with a scheme, and what is left of the label; `None` when such an
/// address could not be linked.
fn addresses(label: &[char]) -> Option<(Vec<String>, String)> {
    let (mut hosts, mut rest, mut at) = (Vec::new(), String::new(), 0);
    while at < label.len() {
        let ahead: String = label[at..].iter().take(8).collect();
        if ahead.starts_with("http://") || ahead.starts_with("https://") {
            let end = bare_address_end(label, at).max(at + 1);
            let href = safe_href(&label[at..end].iter().collect::<String>())?;
            hosts.push(host_of(&href).to_owned());
            rest.push(' ');
            at = end;
        } else {
            rest.push(label[at]);
            at += 1;
        }
    }
    Some((hosts, rest))
}

/// A character of a host's name.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

/// The hosts that stand in a text without a scheme. What stands before an `@` is none.
fn bare_hosts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_inclusive(|c: char| !is_of_word(c));
    let words = words.filter(|word| {
        let before_at = word.strip_suffix('@');
        !before_at.is_some_and(|word| word.ends_with(char::is_alphanumeric))
    });
    let words = words.flat_map(|word| word.trim_end_matches(|c| !is_of_word(c)).split(".."));
    words.filter_map(|word| host_in(word.trim_matches(['.', '-'])))
}

/// The host that a word is, or begins with: the last part of its name is of letters.
fn host_in(word: &str) -> Option<&str> {
    if word == "localhost" || is_ipv4(word) {
        return Some(word);
    }
    let mut name = word;
    loop {
        let (stem, ending) = name.rsplit_once('.')?;
        if ending.starts_with(char::is_alphabetic) && ending.chars().count() >= 2 {
            return (!is_file(stem, ending)).then_some(name);
        }
        name = stem;
    }
}

fn is_file(stem: &str, ending: &str) -> bool {
    let is_ending_of_files = FILE_ENDINGS.contains(&ending) && !stem.starts_with("www.");
    is_ending_of_files
        || KNOWN_FILES.iter().any(|(known, stems)| *known == ending && stems.contains(&stem))
}

/// Four numbers with dots between them, whatever they are: some programs read `010` as eight.
fn is_ipv4(word: &str) -> bool {
    let is_number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    word.split('.').count() == 4 && word.split('.').all(is_number)
}

/// Whether a word is an IPv6 address, which no link has here.
fn is_ipv6(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    word.contains(|c: char| c.is_ascii_hexdigit()) && word.parse::<Ipv6Addr>().is_ok()
}
