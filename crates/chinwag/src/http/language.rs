//! The language of an answer.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, header};

use super::cookies;
use crate::model::users::Language;

/// The language of the answer: what the browser asks for, until somebody is found who chose one.
#[derive(Clone)]
pub(super) struct Speech {
    asked: Language,
    chosen: Arc<OnceLock<Language>>,
}

impl Speech {
    /// The language that the browser asks for, as long as nobody is found who chose another.
    pub(super) fn asked(asked: Language) -> Self {
        Self { asked, chosen: Arc::default() }
    }

    /// The language to answer in.
    pub(super) fn language(&self) -> Language {
        self.chosen.get().copied().unwrap_or(self.asked)
    }

    /// Somebody was found who chose this one.
    pub(super) fn choose(&self, language: Language) {
        let _ = self.chosen.set(language);
    }
}

/// The language that a browser asks for: the cookie of the sign-in page, else `Accept-Language`
/// (RFC 9110, 12.5.4), of which only the order of Chinese and the rest matters.
pub(super) fn asked(headers: &HeaderMap) -> Language {
    match cookies::get(headers, cookies::LANGUAGE) {
        Some("zh") => return Language::Chinese,
        Some("en") => return Language::English,
        _ => {}
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (Language::English, 0.0);
    for range in accepted.unwrap_or_default().split(',').take(16) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
        let weight = weight.unwrap_or(1.0);
        let language = match tag.split('-').next() {
            Some("zh") => Language::Chinese,
            Some("en") => Language::English,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Language, asked};

    #[test]
    fn the_language_follows_the_browser() {
        let cases = [
            ("", Language::English),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
            ("de,fr;q=0.9", Language::English),
            ("de,zh-Hant;q=0.5,en;q=0.1", Language::Chinese),
            (";;;,q=,zh;q=x", Language::Chinese),
        ];
        for (accepted, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("accept-language", accepted.parse().unwrap());
            assert_eq!(asked(&headers), expected, "{accepted}");
        }
    }
}
