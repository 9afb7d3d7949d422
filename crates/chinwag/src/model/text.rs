//! The text of messages and topics.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing is left after trimming.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// The most.
        max: usize,
    },
    /// A control character that has no place in text.
    Control,
}

/// The text of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// The most characters.
    pub const MAX: usize = 10_000;

    /// Checks a text. `may_be_empty` is for a message that carries files.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str, may_be_empty: bool) -> Result<Self, TextProblem> {
        let text = typed.trim();
        if text.is_empty() && !may_be_empty {
            Err(TextProblem::Empty)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The checked text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a channel is for: one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

impl Topic {
    /// The most characters.
    pub const MAX: usize = 250;

    /// Checks a topic; an empty one is fine.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, TextProblem> {
        Ok(Self(typed.trim().to_owned()))
    }

    /// The checked topic.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
