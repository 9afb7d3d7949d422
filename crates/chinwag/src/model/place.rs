//! The place as a whole: what it is called, and how somebody new comes in.

use super::invites::Invite;
use super::names::PlaceName;
use super::roles::Role;
use super::time::Timestamp;

/// How somebody new comes in. Whoever has a name already signs in as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WayIn {
    /// Whoever opens the address takes a name and is in.
    #[default]
    Open,
    /// Only by an invite.
    Invite,
    /// Whoever opens the address takes a name and waits until they are let in.
    Approval,
    /// Nobody, not even by an invite.
    Closed,
}

impl WayIn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Invite, Self::Approval, Self::Closed];

    /// The one of a code. `None`: there is no such one.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Approval => "approval",
            Self::Closed => "closed",
        }
    }
}

/// Who calls everybody in a channel by a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Callers {
    /// Everybody in the channel but guests.
    #[default]
    Members,
    /// Those who run the channel.
    Hosts,
}

impl Callers {
    /// The one of a code. `None`: there is no such one.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Members, Self::Hosts].into_iter().find(|callers| callers.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Hosts => "hosts",
        }
    }
}

/// How long authors change their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditTime {
    /// As long as they like.
    #[default]
    Always,
    /// For a day.
    Day,
    /// For an hour.
    Hour,
    /// For a quarter of an hour.
    Quarter,
    /// Not at all.
    Never,
}

impl EditTime {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Always, Self::Day, Self::Hour, Self::Quarter, Self::Never];

    /// The one of a code. `None`: there is no such one.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|time| time.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Quarter => "quarter",
            Self::Never => "never",
        }
    }

    /// Whether a message that was posted at `posted` may be changed at `now`.
    #[must_use]
    pub const fn allows(self, posted: Timestamp, now: Timestamp) -> bool {
        let minutes = match self {
            Self::Always => return true,
            Self::Day => 24 * 60,
            Self::Hour => 60,
            Self::Quarter => 15,
            Self::Never => return false,
        };
        now.0 - posted.0 <= minutes * 60_000
    }
}

/// The most characters of the line about the place.
pub const MAX_ABOUT: usize = 120;

/// What is known of the place as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What it is called; `None` as long as no owner said.
    pub name: Option<String>,
    /// One line about it; may be empty.
    pub about: String,
    /// How somebody new comes in.
    pub way_in: WayIn,
    /// Whether somebody new needs a password.
    pub needs_password: bool,
    /// Whether it has an owner.
    pub has_owner: bool,
    /// The lowest role that makes channels: `Member` or `Moderator`.
    pub channel_makers: Role,
    /// How long authors change their messages.
    pub editing: EditTime,
    /// Who calls everybody in a channel.
    pub callers: Callers,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            name: None,
            about: String::new(),
            way_in: WayIn::default(),
            needs_password: false,
            has_owner: false,
            channel_makers: Role::Member,
            editing: EditTime::default(),
            callers: Callers::default(),
        }
    }
}

/// What the owner changes about the place; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlaceChange {
    /// What it is called.
    pub name: Option<PlaceName>,
    /// One line about it, of at most [`MAX_ABOUT`] characters.
    pub about: Option<String>,
    /// How somebody new comes in.
    pub way_in: Option<WayIn>,
    /// Whether somebody new needs a password.
    pub needs_password: Option<bool>,
    /// The lowest role that makes channels: `Member` or `Moderator`.
    pub channel_makers: Option<Role>,
    /// How long authors change their messages.
    pub editing: Option<EditTime>,
    /// Who calls everybody in a channel.
    pub callers: Option<Callers>,
}

/// How long a sign-in link lives, in milliseconds: 30 minutes.
pub const SIGN_IN_LINK_MS: i64 = 30 * 60_000;

/// How long a name waits at the door, in milliseconds: a day. Whoever was refused is told so for as long.
pub const WAITING_MS: i64 = 24 * 3_600_000;
/// The most names that wait from one address.
pub const MAX_WAITING_OF_ADDRESS: usize = 200;
/// The most names that wait in all.
pub const MAX_WAITING: usize = 1_000;
/// The most characters that somebody who waits says.
pub const MAX_SAYS: usize = 200;

/// A name at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// What they say; may be empty.
    pub says: String,
    /// Since when.
    pub asked_at: Timestamp,
    /// The invite that they came by, if they did: what it is for.
    pub invite: Option<String>,
    /// Somebody whose name is one sign away, and whether they are in charge.
    pub resembles: Option<(String, bool)>,
}

/// The door of a channel, for those who keep it: how its guests come, who waits, and who is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelDoor {
    /// How many guests are in the channel whose visit goes on.
    pub guests: i64,
    /// The invites that bring guests into it and have not ended, the newest first.
    pub invites: Vec<Invite>,
    /// The names that wait by one of them, in the order in which they came.
    pub waiting: Vec<Waiting>,
    /// How many names there are that wait.
    pub total: i64,
}

/// How it stands with a name at the door, for the browser that asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AtTheDoor {
    /// It waits.
    Waits {
        /// The name.
        name: String,
        /// Who made the invite that they came by.
        host: Option<String>,
        /// Its code.
        invite: Option<String>,
    },
    /// It was refused.
    Refused {
        /// The name.
        name: String,
        /// Who refused.
        by: Option<String>,
        /// The code of the invite that they came by.
        invite: Option<String>,
    },
    /// They were let in, and can come for their session.
    LetIn {
        /// The name.
        name: String,
    },
    /// There is no such name at the door, or not any more.
    Gone,
}

#[cfg(test)]
mod tests {
    use super::{EditTime, WayIn};
    use crate::model::time::Timestamp;

    #[test]
    fn codes_are_read_back() {
        for way in WayIn::ALL {
            assert_eq!(WayIn::of_code(way.code()), Some(way));
        }
        assert_eq!(WayIn::of_code("window"), None);
        for time in EditTime::ALL {
            assert_eq!(EditTime::of_code(time.code()), Some(time));
        }
    }

    #[test]
    fn the_time_for_edits_ends_with_its_last_minute() {
        let after = |time: EditTime, ms| time.allows(Timestamp(7), Timestamp(7 + ms));
        assert!(after(EditTime::Quarter, 900_000) && !after(EditTime::Quarter, 900_001));
        assert!(after(EditTime::Hour, 3_600_000) && !after(EditTime::Hour, 3_600_001));
        assert!(after(EditTime::Day, 86_400_000) && !after(EditTime::Day, 86_400_001));
        assert!(after(EditTime::Always, i64::MAX / 2) && !after(EditTime::Never, 0));
    }
}
