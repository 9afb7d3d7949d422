//! Invites: addresses that let people in.

use super::ids::{ChannelId, SecretHash, UserId};
use super::log::Doer;
use super::roles::Role;
use super::time::Timestamp;
use super::users::User;

/// The most characters of what an invite is for.
pub const MAX_LABEL: usize = 64;
/// The most channels that an invite leads into.
pub const MAX_INVITE_CHANNELS: usize = 20;
/// The most people that one invite may let in.
pub const MAX_USES: i64 = 10_000;
/// The most invites of one person that have not ended.
pub const MAX_INVITES: usize = 100;
/// How long an invite lives when nobody says, in milliseconds: 7 days.
pub const INVITE_MS: i64 = 7 * 24 * 3_600_000;
/// The longest visit that an invite may grant, in milliseconds: a year.
pub const MAX_VISIT_MS: i64 = 366 * 24 * 3_600_000;

/// What somebody finds who comes by an invite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// They come in.
    Open,
    /// They wait until they are let in.
    Approval,
    /// Nobody new comes in for now.
    Closed,
}

impl Door {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Approval, Self::Closed];

    /// The one of a code. `None`: there is no such one.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approval => "approval",
            Self::Closed => "closed",
        }
    }
}

/// What an invite grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What it is for, for those who keep invites; may be empty.
    pub label: String,
    /// What it makes of people: members or guests.
    pub role: Role,
    /// Which channels it leads into, at most [`MAX_INVITE_CHANNELS`].
    pub channels: Vec<ChannelId>,
    /// What somebody finds who comes by it.
    pub door: Door,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// How many people it lets in.
    pub max_uses: Option<i64>,
    /// For how long its guests stay, in milliseconds.
    pub visit_ms: Option<i64>,
    /// Until when its guests stay at most.
    pub visit_ends_at: Option<Timestamp>,
}

impl Grant {
    /// When the visit of a guest ends who comes at `at`.
    #[must_use]
    pub fn visit_end(&self, at: Timestamp) -> Option<Timestamp> {
        if self.role != Role::Guest {
            return None;
        }
        let by_length = self.visit_ms.map(|length| at.plus_ms(length));
        match (by_length, self.visit_ends_at) {
            (Some(one), Some(other)) => Some(Timestamp(one.0.min(other.0))),
            (one, other) => one.or(other),
        }
    }
}

/// An invite to be made.
#[derive(Debug, Clone)]
pub struct NewInvite {
    /// What its address ends with.
    pub code: String,
    /// The hash of the code.
    pub hash: SecretHash,
    /// Who makes it.
    pub by: Doer,
    /// What it grants.
    pub grant: Grant,
}

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: i64,
    /// What its address ends with.
    pub code: String,
    /// Who made it.
    pub made_by: User,
    /// When.
    pub made_at: Timestamp,
    /// What it grants.
    pub grant: Grant,
    /// How many people came by it.
    pub uses: i64,
    /// When somebody ended it.
    pub ended_at: Option<Timestamp>,
}

impl Invite {
    /// Whether it lets nobody in any more at `at`.
    #[must_use]
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.ended_at.is_some()
            || self.grant.expires_at.is_some_and(|end| end <= at)
            || self.grant.visit_ends_at.is_some_and(|end| end <= at)
            || self.grant.max_uses.is_some_and(|most| self.uses >= most)
    }
}

/// An invite as whoever comes by it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invite.
    pub invite: Invite,
    /// The first channel that it leads into: its name, its topic and how many are in it.
    pub channel: Option<(String, String, i64)>,
}

/// Somebody who came by an invite, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameBy {
    /// The person.
    pub user: User,
    /// When they came.
    pub at: Timestamp,
}

/// How somebody new comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// By the address alone.
    Address,
    /// By the invite with this hash.
    Invite(SecretHash),
    /// Somebody who may let people in has let them in.
    LetIn(UserId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role) -> Grant {
        Grant {
            label: String::new(),
            role,
            channels: Vec::new(),
            door: Door::Open,
            expires_at: None,
            max_uses: None,
            visit_ms: Some(1_000),
            visit_ends_at: Some(Timestamp(5_500)),
        }
    }

    #[test]
    fn a_visit_ends_by_its_length_or_by_the_hour_and_members_stay() {
        let guests = grant(Role::Guest);
        assert_eq!(guests.visit_end(Timestamp(1_000)), Some(Timestamp(2_000)));
        assert_eq!(guests.visit_end(Timestamp(5_000)), Some(Timestamp(5_500)));
        assert_eq!(grant(Role::Member).visit_end(Timestamp(1_000)), None);
        for door in Door::ALL {
            assert_eq!(Door::of_code(door.code()), Some(door));
        }
    }
}
