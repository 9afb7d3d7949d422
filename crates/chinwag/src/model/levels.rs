//! How much of a channel somebody wants to be told of.

/// How much of a channel its member wants to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Everything that is written there.
    All,
    /// What calls them.
    Mentions,
    /// Nothing. What is unread does not show in the list; mentions still count there.
    Nothing,
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 3] = [Self::All, Self::Mentions, Self::Nothing];

    /// The level of a code. `None`: there is no such level.
    #[must_use]
    pub fn of_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Its code, in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::Mentions => 1,
            Self::All => 2,
        }
    }
}
