//! People as others see them: on their card, and in the list of those who keep order.

use super::channels::ChannelKind;
use super::ids::{ChannelId, UserId};
use super::profiles::Profile;
use super::roles::Role;
use super::time::Timestamp;
use super::users::User;

/// The most people on one page of the list.
pub const MAX_LISTED: usize = 100;

/// A person as whoever may know of them sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id, the name and the picture.
    pub user: User,
    /// What they are in the whole place.
    pub role: Role,
    /// What they say of themselves.
    pub profile: Profile,
    /// Whether the account is deactivated.
    pub deactivated: bool,
    /// When they took their name.
    pub created_at: Timestamp,
}

/// The most channels that [`Together`] names.
pub const MAX_TOGETHER: usize = 10;

/// Where the reader and a person are together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// The first channels by name, at most [`MAX_TOGETHER`]; no direct conversations.
    pub channels: Vec<SharedChannel>,
    /// How many there are in all.
    pub total: i64,
}

/// A channel that the reader and a person are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedChannel {
    /// The channel.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// Public or private.
    pub kind: ChannelKind,
    /// Whether the person is one of its hosts.
    pub host: bool,
}

/// A person as those who keep order see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What everybody sees.
    pub person: Person,
    /// The role that they were given. It is above `person.role` as long as they have no password.
    pub named_role: Role,
    /// Whether their name has a password.
    pub has_password: bool,
    /// When they took their name.
    pub created_at: Timestamp,
    /// When one of their sessions was used last; `None` when they have none, or are invisible.
    pub seen_at: Option<Timestamp>,
    /// Since when the account is deactivated, and by whom.
    pub deactivated: Option<(Timestamp, User)>,
    /// Whether their data was removed.
    pub data_removed: bool,
    /// When the visit of a guest ends.
    pub visit_ends_at: Option<Timestamp>,
    /// Until when they may not write anywhere; it may be over.
    pub muted_until: Option<Timestamp>,
}

/// How much somebody wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Messages that stand.
    pub messages: i64,
    /// The files in them.
    pub files: i64,
}

/// What the name of a former member begins with.
const FORMER: &str = "Former member ";

/// The name of a person whose data was removed: their id tells them apart from others. It is kept in
/// English, and whoever shows names says it in the reader's language.
#[must_use]
pub fn former_name(whom: UserId) -> String {
    format!("{FORMER}{}", whom.0)
}

/// The number in the name of a former member. `None`: it is another name.
#[must_use]
pub fn former_number(name: &str) -> Option<&str> {
    let number = name.strip_prefix(FORMER)?;
    (!number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())).then_some(number)
}

/// Which people to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// Everybody.
    #[default]
    Everybody,
    /// Those who were given this role, and are not deactivated.
    Role(Role),
    /// Those whose account is deactivated.
    Deactivated,
}

/// A part of the list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeoplePage {
    /// At most [`MAX_LISTED`]: the owners first, then by role and name, and who is deactivated last.
    pub people: Vec<Listed>,
    /// How many there are in all.
    pub total: i64,
    /// Whether these are the last ones.
    pub complete: bool,
}
