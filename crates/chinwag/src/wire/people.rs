//! People as others see them, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::ChannelKind;
use super::profiles::Profile;
use super::time::{rfc3339, rfc3339_minute};
use super::users::{AsideKind, Role, User};
use crate::model::people;

/// A channel that the reader and a person are in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedChannel {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Public or private.
    pub kind: ChannelKind,
    /// Whether the person is one of its hosts.
    pub host: bool,
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
    /// When they took their name.
    pub created_at: String,
    /// The channels that the reader and the person are in together: the first by name, at most 10.
    pub together: Vec<SharedChannel>,
    /// How many such channels there are in all.
    pub together_total: i64,
}

impl Person {
    /// The person as somebody sees them who is in those channels with them.
    #[must_use]
    pub fn new(person: &people::Person, together: &people::Together) -> Self {
        let shared = |channel: &people::SharedChannel| SharedChannel {
            id: channel.id.0,
            name: channel.name.clone(),
            kind: channel.kind.into(),
            host: channel.host,
        };
        Self {
            created_at: rfc3339(person.created_at),
            together: together.channels.iter().map(shared).collect(),
            together_total: together.total,
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
    /// Whether their data was removed: they do not come back.
    pub data_removed: bool,
    /// When the visit of a guest ends.
    #[schema(required)]
    pub visit_ends_at: Option<String>,
    /// Until when they may not write anywhere; it may be over. `null` when they are not muted.
    #[schema(required)]
    pub muted_until: Option<String>,
}

impl From<&people::Listed> for ListedPerson {
    fn from(listed: &people::Listed) -> Self {
        Self {
            user: (&listed.person.user).into(),
            role: listed.person.role.into(),
            named_role: listed.named_role.into(),
            has_password: listed.has_password,
            created_at: rfc3339(listed.created_at),
            last_here: listed.seen_at.map(rfc3339_minute),
            deactivated_at: listed.deactivated.as_ref().map(|(since, _)| rfc3339(*since)),
            deactivated_by: listed.deactivated.as_ref().map(|(_, by)| by.into()),
            data_removed: listed.data_removed,
            visit_ends_at: listed.visit_ends_at.map(rfc3339),
            muted_until: listed.muted_until.map(rfc3339),
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

/// Sets a person aside, for oneself alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AsideChange {
    /// How.
    pub kind: AsideKind,
}
