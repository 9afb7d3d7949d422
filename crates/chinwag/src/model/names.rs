//! Display names and channel names: what they may contain, and when two are one.

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing is left after trimming.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// The most.
        max: usize,
    },
    /// A control character (a line break, NUL, …).
    Control,
    /// A character that turns the direction of text around it.
    Direction,
    /// A character that nobody can see.
    Invisible,
    /// A character that Unicode does not define for general use.
    Unassigned,
    /// It starts with a mark that needs a letter before it.
    LeadingMark,
}

/// A display name that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName {
    text: String,
    key: String,
}

/// A channel name that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelName {
    text: String,
    key: String,
}

impl DisplayName {
    /// The most characters.
    pub const MAX: usize = 32;

    /// Checks a name as it was typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        let text = typed.trim().to_owned();
        if text.is_empty() {
            Err(NameProblem::Empty)
        } else {
            Ok(Self { key: text.to_lowercase(), text })
        }
    }

    /// As it was typed, in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What makes it unique: two names with one key are one name.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl ChannelName {
    /// The most characters.
    pub const MAX: usize = 64;

    /// Checks a name as it was typed.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        let text = typed.trim().to_owned();
        if text.is_empty() {
            Err(NameProblem::Empty)
        } else {
            Ok(Self { key: text.to_lowercase(), text })
        }
    }

    /// As it was typed, in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What makes it unique: two names with one key are one name.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}
