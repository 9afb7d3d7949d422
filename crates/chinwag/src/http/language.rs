//! The language of an answer.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, header};

use super::cookies;
use super::header_text::text;
use crate::model::users::Language;

/// The language of one answer: what the browser asks for, or what the actor chose once they are
/// known. All clones share the choice.
#[derive(Clone)]
pub(super) struct AnswerLanguage {
    browser: Language,
    chosen: Arc<OnceLock<Language>>,
}

impl AnswerLanguage {
    /// Begins with the language that the browser asks for.
    pub(super) fn of_browser(browser: Language) -> Self {
        Self { browser, chosen: Arc::default() }
    }

    /// The language to answer in.
    pub(super) fn language(&self) -> Language {
        self.chosen.get().copied().unwrap_or(self.browser)
    }

    /// Notes the language that the actor chose; the first call counts.
    pub(super) fn choose(&self, language: Language) {
        let _ = self.chosen.set(language);
    }
}

/// The language that a browser asks for: that of the cookie of the sign-in page, else that of
/// `Accept-Language` (RFC 9110, 12.5.4), where Chinese and everything else are told apart.
pub(super) fn browser_language(headers: &HeaderMap) -> Language {
    if let Some(chosen) = cookies::get(headers, cookies::LANGUAGE).and_then(Language::of_code) {
        return chosen;
    }
    let accepted = text(headers, header::ACCEPT_LANGUAGE);
    let mut best = (Language::English, 0.0);
    for range in accepted.unwrap_or_default().split(',').take(16) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok());
        let weight = weight.unwrap_or(1.0);
        let Some(language) = tag.split('-').next().and_then(Language::of_code) else { continue };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Language, browser_language};

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
            assert_eq!(browser_language(&headers), expected, "{accepted}");
        }
    }
}
