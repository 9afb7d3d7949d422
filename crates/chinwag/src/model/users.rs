//! People, their accounts and their settings.

use super::ids::{ChannelId, PictureId, Revision, UserId};
use super::profiles::Profile;
use super::roles::Role;
use super::time::Timestamp;

/// How long a name that somebody gave up is kept for them, in milliseconds: 30 days.
pub const OLD_NAME_MS: i64 = 30 * 24 * 3_600_000;
/// The most old names that are kept for one person. When they give up more, the ones that they gave
/// up first are free: otherwise whoever takes one name after the other holds all of them.
pub const MAX_OLD_NAMES: usize = 10;

/// The most people whom one person sets aside.
pub const MAX_ASIDE: usize = 200;

/// How somebody sets another person aside, for themselves alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aside {
    /// What they write is folded.
    Mute,
    /// The same, and no direct messages go between the two, either way.
    Block,
}

impl Aside {
    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mute => "mute",
            Self::Block => "block",
        }
    }

    /// What a code stands for.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Mute, Self::Block].into_iter().find(|aside| aside.code() == code)
    }
}

/// The code of a choice that is left to the browser or the system.
const AUTO: &str = "auto";

/// A person as everybody may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The display name as it was typed.
    pub name: String,
    /// Their picture; `None` where they have none, and where no face is shown.
    pub picture: Option<PictureId>,
}

/// A person as the server and the person themselves see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What everybody sees.
    pub user: User,
    /// When the name was taken.
    pub created_at: Timestamp,
    /// Argon2id in PHC form; `None` when the name has no password.
    pub password_hash: Option<String>,
    /// Since when the person's data is removed.
    pub data_removed_at: Option<Timestamp>,
    /// The channel that was visited last.
    pub last_channel: Option<ChannelId>,
    /// What the person chose.
    pub settings: Settings,
    /// The revision of the person's own stream with which any of this changed last.
    pub revision: Revision,
    /// The role that the person was given; see [`Account::role`].
    pub named_role: Role,
    /// When the visit of a guest ends.
    pub visit_ends_at: Option<Timestamp>,
    /// What the person says of themselves.
    pub profile: Profile,
    /// Since when the account is deactivated.
    pub deactivated_at: Option<Timestamp>,
    /// Until when the person may not write anywhere; it may be over.
    pub muted_until: Option<Timestamp>,
    /// Who muted them everywhere, as long as the log has it. It is whom they ask.
    pub muted_by: Option<UserId>,
    /// Whom the person does not want to read, by their ids. Nobody else is told.
    pub aside: Vec<(UserId, Aside)>,
}

impl Account {
    /// What the person is now: those who are in charge need a password.
    #[must_use]
    pub fn role(&self) -> Role {
        self.named_role.with_password(self.password_hash.is_some())
    }

    /// Whether the account is in use at `at`: not deactivated, and no visit that is over.
    #[must_use]
    pub fn is_active(&self, at: Timestamp) -> bool {
        self.deactivated_at.is_none() && self.visit_ends_at.is_none_or(|end| end > at)
    }

    /// Whether the person may not write anywhere at `at`.
    #[must_use]
    pub fn is_muted(&self, at: Timestamp) -> bool {
        self.muted_until.is_some_and(|until| until > at)
    }
}

/// What a person chose. It is kept with the account, so that it is the same in every browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The language of texts.
    pub language: LanguageChoice,
    /// Light or dark.
    pub theme: Theme,
    /// Whether Enter sends and Shift+Enter starts a line, instead of the other way round.
    pub enter_sends: bool,
    /// Whether others see them as if they were never here.
    pub invisible: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let (language, theme) = (LanguageChoice::Auto, Theme::Auto);
        Self { language, theme, enter_sends: false, invisible: false }
    }
}

/// A choice of language: one, or the one that the browser asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LanguageChoice {
    /// The language that the browser asks for.
    Auto,
    /// English.
    English,
    /// 简体中文.
    Chinese,
}

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 简体中文.
    Chinese,
}

impl Language {
    /// The language of a two-letter code (ISO 639-1).
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// Its two-letter code (ISO 639-1).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

impl LanguageChoice {
    /// The choice of a code; of an unknown one what the browser asks for.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match Language::of_code(code) {
            Some(Language::English) => Self::English,
            Some(Language::Chinese) => Self::Chinese,
            None => Self::Auto,
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => AUTO,
            Self::English => Language::English.code(),
            Self::Chinese => Language::Chinese.code(),
        }
    }

    /// The language to show, where `browser` is the one that the browser asks for.
    #[must_use]
    pub fn or(self, browser: Language) -> Language {
        match self {
            Self::Auto => browser,
            Self::English => Language::English,
            Self::Chinese => Language::Chinese,
        }
    }
}

/// A choice of colours: light, dark, or what the system prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// What the system prefers.
    Auto,
    /// Dark text on white.
    Light,
    /// Light text on black.
    Dark,
}

impl Theme {
    /// The theme of a code; of an unknown one what the system says.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => AUTO,
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
