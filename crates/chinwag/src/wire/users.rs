//! People on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::profiles::Profile;
use super::time::rfc3339;
use crate::model;

/// A person as everybody may see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Their id.
    pub id: i64,
    /// The display name as it was typed.
    pub name: String,
    /// The id of their picture, in `/pictures/{id}/{side}`; left out when they have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<String>,
    /// How the Chinese characters of the name are read, where people are looked for by their names: a word of
    /// Pinyin without tones for each character, with a space between two; empty for other characters, and with
    /// commas between several readings. Left out elsewhere, and for a name without such characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading: Option<String>,
}

impl User {
    /// A person as they are shown where people are looked for.
    #[must_use]
    pub fn with_reading(user: &model::users::User) -> Self {
        Self { reading: model::readings::reading(&user.name), ..user.into() }
    }
}

impl From<&model::users::User> for User {
    fn from(user: &model::users::User) -> Self {
        let picture = user.picture.map(|picture| picture.to_string());
        Self { id: user.id.0, name: user.name.clone(), picture, reading: None }
    }
}

/// What a person is in the whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees only the channels that they were put into.
    Guest,
    /// Sees public channels, and makes channels.
    Member,
    /// Keeps order everywhere, and lets people in.
    Moderator,
    /// Decides everything.
    Owner,
}

impl From<Role> for model::roles::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Guest => Self::Guest,
            Role::Member => Self::Member,
            Role::Moderator => Self::Moderator,
            Role::Owner => Self::Owner,
        }
    }
}

impl From<model::roles::Role> for Role {
    fn from(role: model::roles::Role) -> Self {
        match role {
            model::roles::Role::Guest => Self::Guest,
            model::roles::Role::Member => Self::Member,
            model::roles::Role::Moderator => Self::Moderator,
            model::roles::Role::Owner => Self::Owner,
        }
    }
}

/// The language of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// The language that the browser asks for.
    Auto,
    /// English.
    En,
    /// 简体中文.
    Zh,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is set.
    Auto,
    /// Dark text on white.
    Light,
    /// Light text on black.
    Dark,
}

/// What a person chose.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Settings {
    /// The language of texts.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Whether Enter sends and Shift+Enter starts a line.
    pub enter_sends: bool,
    /// Whether others see them as if they were never here.
    pub invisible: bool,
}

/// Settings to change; what is left out stays.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// The language of texts.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Whether Enter sends and Shift+Enter starts a line.
    pub enter_sends: Option<bool>,
    /// Whether others see them as if they were never here.
    pub invisible: Option<bool>,
}

impl SettingsPatch {
    /// The settings with these changes made.
    #[must_use]
    pub fn apply(self, old: model::users::Settings) -> model::users::Settings {
        let old = Settings::from(old);
        Settings {
            language: self.language.unwrap_or(old.language),
            theme: self.theme.unwrap_or(old.theme),
            enter_sends: self.enter_sends.unwrap_or(old.enter_sends),
            invisible: self.invisible.unwrap_or(old.invisible),
        }
        .into()
    }
}

impl From<model::users::Settings> for Settings {
    fn from(settings: model::users::Settings) -> Self {
        use model::users as m;
        Self {
            language: match settings.language {
                m::LanguageChoice::Auto => Language::Auto,
                m::LanguageChoice::English => Language::En,
                m::LanguageChoice::Chinese => Language::Zh,
            },
            theme: match settings.theme {
                m::Theme::Auto => Theme::Auto,
                m::Theme::Light => Theme::Light,
                m::Theme::Dark => Theme::Dark,
            },
            enter_sends: settings.enter_sends,
            invisible: settings.invisible,
        }
    }
}

impl From<Theme> for model::users::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Auto => Self::Auto,
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

impl From<Settings> for model::users::Settings {
    fn from(settings: Settings) -> Self {
        use model::users as m;
        Self {
            language: match settings.language {
                Language::Auto => m::LanguageChoice::Auto,
                Language::En => m::LanguageChoice::English,
                Language::Zh => m::LanguageChoice::Chinese,
            },
            theme: settings.theme.into(),
            enter_sends: settings.enter_sends,
            invisible: settings.invisible,
        }
    }
}

/// How the reader sets a person aside, for themselves alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AsideKind {
    /// What they write is folded.
    Mute,
    /// The same, and no direct messages go between the two, either way.
    Block,
}

impl From<model::users::Aside> for AsideKind {
    fn from(aside: model::users::Aside) -> Self {
        match aside {
            model::users::Aside::Mute => Self::Mute,
            model::users::Aside::Block => Self::Block,
        }
    }
}

impl From<AsideKind> for model::users::Aside {
    fn from(kind: AsideKind) -> Self {
        match kind {
            AsideKind::Mute => Self::Mute,
            AsideKind::Block => Self::Block,
        }
    }
}

/// A person whom the reader set aside.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SetAside {
    /// Their id.
    pub id: i64,
    /// How.
    pub kind: AsideKind,
}

/// A person as they see themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// Their id.
    pub id: i64,
    /// The display name as it was typed.
    pub name: String,
    /// When the name was taken.
    pub created_at: String,
    /// Whether the name is protected by a password.
    pub has_password: bool,
    /// Their picture, as others see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub picture: Option<String>,
    /// What they are in the whole place.
    pub role: Role,
    /// The role that they were given. One in charge begins when they set a password.
    pub named_role: Role,
    /// What they say of themselves.
    pub profile: Profile,
    /// Whom they do not want to read, at most 200 people. Nobody else is told.
    pub aside: Vec<SetAside>,
    /// When their visit ends; `null` when it does not.
    #[schema(required)]
    pub visit_ends_at: Option<String>,
    /// Until when they may not write anywhere; it may be over. `null` when they are not muted.
    #[schema(required)]
    pub muted_until: Option<String>,
    /// The id of whoever muted them everywhere, whom they ask; `null` when it is not known any more.
    #[schema(required)]
    pub muted_by: Option<i64>,
    /// The channel that was visited last.
    #[schema(required)]
    pub last_channel: Option<i64>,
    /// What the person chose.
    pub settings: Settings,
    /// The reader's own revision with which any of this changed last; of two answers the one with
    /// the higher value is the newer.
    pub revision: i64,
}

impl From<&model::users::Account> for Me {
    fn from(account: &model::users::Account) -> Self {
        Self {
            id: account.user.id.0,
            name: account.user.name.clone(),
            created_at: rfc3339(account.created_at),
            has_password: account.password_hash.is_some(),
            picture: account.user.picture.map(|picture| picture.to_string()),
            role: account.role().into(),
            named_role: account.named_role.into(),
            profile: (&account.profile).into(),
            aside: account
                .aside
                .iter()
                .map(|&(whom, how)| SetAside { id: whom.0, kind: how.into() })
                .collect(),
            visit_ends_at: account.visit_ends_at.map(rfc3339),
            muted_until: account.muted_until.map(rfc3339),
            muted_by: account.muted_by.map(|by| by.0),
            last_channel: account.last_channel.map(|id| id.0),
            settings: account.settings.into(),
            revision: account.revision.0,
        }
    }
}

/// Another name for oneself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameChange {
    /// The new display name: at most 32 characters. It keeps the rules of a name that is taken at the
    /// door.
    pub name: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password, when there is one.
    pub current: Option<String>,
    /// The new password: 8 to 200 characters.
    pub new: String,
}

/// People that were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    /// By name; at most 50.
    pub people: Vec<User>,
}
