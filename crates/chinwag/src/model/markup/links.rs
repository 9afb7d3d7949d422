//! Addresses in a text: where they begin and end, and whether they may become links.
//!
//! Only http, https and mailto are linked. A host that is not plain ASCII stays text here: the pages
//! without script do not need it, and a library would be needed to fold it.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use super::MAX_ADDRESS;
use crate::model::steps;

/// How deep parentheses may be nested in the address of a labelled link.
const MAX_PARENTHESES: usize = 8;

/// The form of an address that may be linked; `None` when the text is no such address.
pub(super) fn safe_href(address: &str) -> Option<String> {
    steps::count(address.len());
    if address.chars().count() > MAX_ADDRESS || address.contains(is_never_in_address) {
        return None;
    }
    let (scheme, rest) = address.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        "mailto" => {
            let (who, host) = rest.split_once('@')?;
            let plain = !who.is_empty() && !host.is_empty() && rest.is_ascii();
            return plain.then(|| format!("mailto:{rest}"));
        }
        _ => return None,
    };
    let rest = rest.strip_prefix("//")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = match authority.split_once(':') {
        None => (authority, None),
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
    };
    let host = host.to_ascii_lowercase();
    if !is_plain_host(&host) || path.contains('\\') {
        return None;
    }
    let port = port.filter(|port| *port != own_port).map(|port| format!(":{port}"));
    let root = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{host}{}{root}{}", port.unwrap_or_default(), encoded(path)))
}

/// The host of an address that [`safe_href`] made. For a mailbox it is the part behind the `@`.
pub(super) fn host_of(href: &str) -> &str {
    let after = href.split_once("://").map_or(href, |(_, rest)| rest);
    if let Some(mailbox) = after.strip_prefix("mailto:") {
        return mailbox.rsplit('@').next().unwrap_or_default();
    }
    after.split([':', '/', '?', '#']).next().unwrap_or_default()
}

/// Whether it is a host of letters, digits, dots, hyphens and underscores. Forms of IPv4 addresses
/// that browsers read in another way are not.
fn is_plain_host(host: &str) -> bool {
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let plain = labels.iter().all(|label| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    });
    let last = labels.last().copied().unwrap_or_default();
    let is_number = last.starts_with(|c: char| c.is_ascii_digit());
    plain && (!is_number || host.parse::<std::net::Ipv4Addr>().is_ok())
}

fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut bytes = [0; 4];
    for c in path.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for byte in c.encode_utf8(&mut bytes).bytes() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

fn is_never_in_address(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '>' | '"' | '`' | '\u{feff}')
        || matches!(c.general_category(), GeneralCategory::Control | GeneralCategory::Format)
}

/// Whether the character ends an address that was typed bare; Chinese punctuation does.
fn ends_bare(c: char) -> bool {
    is_never_in_address(c)
        || matches!(c, '|' | '\\' | '^' | '\u{2014}' | '\u{2018}'..='\u{201f}' | '\u{2026}'
            | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
            | '\u{ff5b}'..='\u{ff65}')
}

/// The end of an address that was typed bare at `start`. Closing brackets and the punctuation of a
/// sentence are not part of it.
pub(super) fn bare_address_end(text: &[char], start: usize) -> usize {
    let mut open = Vec::new();
    let limit = text.len().min(start + MAX_ADDRESS + 1);
    let mut end = start;
    while end < limit && !ends_bare(text[end]) {
        let c = text[end];
        let opener = match c {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        if opener.is_some() && open.pop() != opener {
            break;
        }
        if matches!(c, '(' | '[' | '{') {
            open.push(c);
        }
        end += 1;
    }
    steps::count(end - start);
    while end > start && ".,;:!?'*_~&".contains(text[end - 1]) {
        end -= 1;
    }
    end
}

/// Reads the address in parentheses at `start`, where the `(` is, and the index after it. An address
/// with a title stays text.
pub(super) fn destination_at(text: &[char], start: usize) -> Option<(String, usize)> {
    if text.get(start) != Some(&'(') {
        return None;
    }
    let limit = text.len().min(start + MAX_ADDRESS + 2);
    let mut depth = 0_usize;
    for end in start + 1..limit {
        steps::count(1);
        match text[end] {
            '(' => depth += 1,
            ')' if depth == 0 => {
                let typed: String = text[start + 1..end].iter().collect();
                let angled = typed.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
                return Some((angled.map(str::to_owned).unwrap_or(typed), end + 1));
            }
            ')' => depth -= 1,
            '\\' => return None,
            c if c.is_whitespace() => return None,
            _ => {}
        }
        if depth > MAX_PARENTHESES {
            return None;
        }
    }
    None
}

/// Reads an address or a mailbox in angle brackets at `start`, where the `<` is: the shown text, the
/// address, and the index after it.
pub(super) fn autolink_at(text: &[char], start: usize) -> Option<(String, String, usize)> {
    let limit = text.len().min(start + MAX_ADDRESS + 2);
    let end = (start + 1..limit).find(|&at| matches!(text[at], '<' | '>'));
    steps::count(end.unwrap_or(limit) - start);
    let end = end?;
    if text[end] != '>' {
        return None;
    }
    let shown: String = text[start + 1..end].iter().collect();
    let lower = shown.to_ascii_lowercase();
    let has_scheme = ["http://", "https://", "mailto:"].iter().any(|s| lower.starts_with(s));
    let address = if has_scheme {
        shown.clone()
    } else {
        let (who, host) = shown.split_once('@')?;
        let is_mailbox = !who.is_empty()
            && who
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b))
            && host.contains('.')
            && is_plain_host(host)
            && !host.contains('_');
        is_mailbox.then(|| format!("mailto:{shown}"))?
    };
    Some((shown, safe_href(&address)?, end + 1))
}
