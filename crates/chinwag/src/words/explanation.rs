//! What a client is told of an error.

use super::codes::Code;
use crate::model::users::Language;

/// The code, the status, and a sentence that says what was wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The HTTP status.
    pub status: u16,
    /// What a program decides by.
    pub code: Code,
    /// The field that it is about, by its name on the wire.
    pub field: Option<&'static str>,
    /// What was wrong and what to do.
    pub detail: String,
    /// When it may work again, in seconds.
    pub retry_after_s: Option<u64>,
}

impl Explanation {
    /// The code with its usual sentence.
    #[must_use]
    pub fn new(code: Code, language: Language) -> Self {
        Self::saying(code, code.sentence(language).to_owned())
    }

    /// The code with another sentence.
    pub(super) fn saying(code: Code, detail: String) -> Self {
        Self { status: code.status(), code, field: None, detail, retry_after_s: None }
    }

    /// Puts a value where the sentence has `{name}`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &impl ToString) -> Self {
        self.detail = self.detail.replacen(&format!("{{{name}}}"), &value.to_string(), 1);
        self
    }

    /// A field that breaks a rule.
    pub(super) fn invalid(field: &'static str, detail: String) -> Self {
        Self::saying(Code::Invalid, detail).about(field)
    }

    /// Names the field that it is about.
    pub(super) fn about(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// Says when the same request may work, in seconds.
    pub(crate) fn again_in(self, seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }
}

/// One of two texts, by language.
pub(super) fn pick(language: Language, english: &str, chinese: &str) -> String {
    match language {
        Language::English => english.to_owned(),
        Language::Chinese => chinese.to_owned(),
    }
}
