//! Invites: addresses that let people in.

use super::channels::Channel;
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
    /// Whether its maker may still make it.
    pub holds: bool,
}

impl Invite {
    /// Whether it lets nobody in any more at `at`.
    #[must_use]
    pub fn is_over(&self, at: Timestamp) -> bool {
        !self.holds
            || self.ended_at.is_some()
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

/// An invite as a projector shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projected {
    /// The invite.
    pub invite: Invite,
    /// The first channel that it leads into.
    pub channel: Option<Channel>,
    /// Who came by it and may still come in, the last first.
    pub here: Vec<CameBy>,
    /// How many they are.
    pub count: i64,
}

/// The signs of a short code: letters and digits without those that look alike (0 O 1 I L).
pub const CODE_SIGNS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// How many signs a short code has.
pub const CODE_LENGTH: usize = 6;

/// A short code, which works as long as its invite is shown on a projector. Each sign is an index into
/// [`CODE_SIGNS`].
#[derive(Clone, Copy)]
pub struct ShortCode([u8; CODE_LENGTH]);

impl ShortCode {
    /// The code of a number below 31^6.
    #[must_use]
    pub fn of_number(mut number: u64) -> Self {
        let mut signs = [0; CODE_LENGTH];
        for sign in &mut signs {
            *sign = u8::try_from(number % 31).unwrap_or(0);
            number /= 31;
        }
        Self(signs)
    }

    /// Reads a code as people type it: capitals or not, with spaces or dashes anywhere. `None`: no code has
    /// that form.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut signs = [0; CODE_LENGTH];
        let mut count = 0;
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let sign = u8::try_from(c.to_ascii_uppercase()).ok()?;
            let at = CODE_SIGNS.iter().position(|known| *known == sign)?;
            *signs.get_mut(count)? = u8::try_from(at).ok()?;
            count += 1;
        }
        (count == CODE_LENGTH).then_some(Self(signs))
    }

    /// The code, as it is shown and read out, without a space.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|at| char::from(CODE_SIGNS[usize::from(*at) % 31])).collect()
    }

    /// Whether two codes are the same. Every sign is looked at, whether or not one before it differs.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(0, |differs, (mine, theirs)| differs | (mine ^ theirs)) == 0
    }
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
    fn a_short_code_is_read_as_people_type_it_and_has_no_signs_that_look_alike() {
        assert!(!CODE_SIGNS.iter().any(|sign| b"0O1IL".contains(sign)));
        let code = ShortCode::parse("7q4 k2p").unwrap();
        assert_eq!(code.text(), "7Q4K2P");
        for same in ["7Q4K2P", " 7q4-k2p ", "7 Q 4 K 2 P"] {
            assert!(ShortCode::parse(same).is_some_and(|other| other.is(&code)), "{same}");
        }
        for none in ["", "7Q4 K2", "7Q4 K2PP", "7Q4 K20", "7Q4 KIP", "七Q4K2P", "7Q4K2P\u{7f}"] {
            assert!(ShortCode::parse(none).is_none(), "{none}");
        }
        assert!(!ShortCode::parse("7Q4K2Q").unwrap().is(&code));
        assert!(!ShortCode::of_number(0).is(&ShortCode::of_number(31_u64.pow(6) - 1)));
        assert_eq!(ShortCode::of_number(31_u64.pow(6) - 1).text(), "ZZZZZZ");
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
