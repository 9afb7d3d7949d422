//! People as others see them, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::object;
use super::time::{rfc3339, timestamp};
use super::users::{Role, User};
use crate::model::time::Timestamp;
use crate::model::{people, profiles};

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
}

impl ProfileChange {
    /// The profile. `None` when the end of the status is no time.
    #[must_use]
    pub fn profile(self) -> Option<profiles::Profile> {
        let Self { about, zone, status } = self;
        let Some(StatusChange { emoji, text, until }) = status else {
            return Some(profiles::Profile { about, zone, status: None });
        };
        let until = match until {
            None => None,
            Some(until) => Some(timestamp(&until)?),
        };
        let status = Some(profiles::Status { emoji, text, until });
        Some(profiles::Profile { about, zone, status })
    }
}

/// A person as others see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    /// The id, the name and the picture.
    #[serde(flatten)]
    pub user: User,
    /// What they are in the whole place.
    pub role: Role,
    /// Whether their account is deactivated: what they wrote stays, and they do not come back.
    pub deactivated: bool,
    /// What they say of themselves.
    #[serde(flatten)]
    pub profile: Profile,
}

impl From<&people::Person> for Person {
    fn from(person: &people::Person) -> Self {
        Self {
            user: (&person.user).into(),
            role: person.role.into(),
            deactivated: person.deactivated,
            profile: (&person.profile).into(),
        }
    }
}

/// A person as those who keep order see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedPerson {
    /// The id, the name and the picture.
    #[serde(flatten)]
    pub user: User,
    /// What they are in the whole place now.
    pub role: Role,
    /// The role that they were given. One in charge begins when they have a password.
    pub named_role: Role,
    /// Whether their name has a password: without one only their own browsers get in.
    pub has_password: bool,
    /// When they took their name.
    pub created_at: String,
    /// When they were here last, to the minute; `null` when they are signed in nowhere.
    #[schema(required)]
    pub last_here: Option<String>,
    /// Since when the account is deactivated; `null` when it is not.
    #[schema(required)]
    pub deactivated_at: Option<String>,
    /// Who deactivated it.
    #[schema(required)]
    pub deactivated_by: Option<User>,
    /// When the visit of a guest ends.
    #[schema(required)]
    pub visit_ends_at: Option<String>,
}

impl From<&people::Listed> for ListedPerson {
    fn from(listed: &people::Listed) -> Self {
        const MINUTE_MS: i64 = 60_000;
        let minute = |at: Timestamp| rfc3339(Timestamp(at.0 - at.0.rem_euclid(MINUTE_MS)));
        Self {
            user: (&listed.person.user).into(),
            role: listed.person.role.into(),
            named_role: listed.named_role.into(),
            has_password: listed.has_password,
            created_at: rfc3339(listed.created_at),
            last_here: listed.seen_at.map(minute),
            deactivated_at: listed.deactivated.as_ref().map(|(since, _)| rfc3339(*since)),
            deactivated_by: listed.deactivated.as_ref().map(|(_, by)| by.into()),
            visit_ends_at: listed.visit_ends_at.map(rfc3339),
        }
    }
}

/// A part of the list of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleList {
    /// At most 100: the owners first, then by role and name, and who is deactivated last.
    pub people: Vec<ListedPerson>,
    /// How many there are in all.
    pub total: i64,
    /// Whether these are the last ones. When not, ask again for those after the last.
    pub complete: bool,
}

impl From<&people::PeoplePage> for PeopleList {
    fn from(page: &people::PeoplePage) -> Self {
        Self {
            people: page.people.iter().map(ListedPerson::from).collect(),
            total: page.total,
            complete: page.complete,
        }
    }
}

/// Another role for a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The role.
    pub role: Role,
}

/// The file that becomes one's picture.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureChange {
    /// The id of a file that one sent and that is in no message. The file itself is not kept.
    pub upload: String,
}
