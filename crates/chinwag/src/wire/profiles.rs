//! What people say of themselves, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::object;
use super::time::{parse_rfc3339, rfc3339};
use crate::model::profiles;

/// What a person is up to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Status {
    /// An emoji; empty if there is none.
    pub emoji: String,
    /// A few words; empty if there is only an emoji.
    pub text: String,
    /// When it ends; `null` when it stays. Whoever shows it shows it until then.
    #[schema(required)]
    pub until: Option<String>,
    /// Whether they want no notifications as long as it lasts; then it has an end.
    pub quiet: bool,
}

/// What a person says of themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Profile {
    /// A few words about them; empty if there are none.
    pub about: String,
    /// The name of their time zone, such as `Europe/Vienna`; empty if they do not tell it.
    pub zone: String,
    /// What they are up to; `null` when they do not say.
    #[schema(required)]
    pub status: Option<Status>,
}

impl From<&profiles::Profile> for Profile {
    fn from(profile: &profiles::Profile) -> Self {
        let status = profile.status.as_ref().map(|status| Status {
            emoji: status.emoji.clone(),
            text: status.text.clone(),
            until: status.until.map(rfc3339),
            quiet: status.quiet,
        });
        Self { about: profile.about.clone(), zone: profile.zone.clone(), status }
    }
}

/// What to say of oneself instead; what is left out is empty.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// A few words: at most 250 characters.
    #[serde(default)]
    pub about: String,
    /// The name of a time zone, such as `Europe/Vienna`.
    #[serde(default)]
    pub zone: String,
    /// What one is up to.
    #[serde(default, deserialize_with = "object::optional")]
    pub status: Option<StatusChange>,
}

/// A status to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// An emoji.
    #[serde(default)]
    pub emoji: String,
    /// A few words: at most 80 characters.
    #[serde(default)]
    pub text: String,
    /// When it ends; left out when it stays.
    #[serde(default)]
    pub until: Option<String>,
    /// Whether one wants no notifications as long as it lasts. Then it needs an end.
    #[serde(default)]
    pub quiet: bool,
}

impl ProfileChange {
    /// The profile. `None` when the end of the status is no time.
    #[must_use]
    pub fn profile(self) -> Option<profiles::Profile> {
        let Self { about, zone, status } = self;
        let Some(StatusChange { emoji, text, until, quiet }) = status else {
            return Some(profiles::Profile { about, zone, status: None });
        };
        let until = match until {
            None => None,
            Some(until) => Some(parse_rfc3339(&until)?),
        };
        let status = Some(profiles::Status { emoji, text, until, quiet });
        Some(profiles::Profile { about, zone, status })
    }
}
