//! Roles: what a person is in the whole place, and what they are in one channel.

/// What a person is in the whole place. A higher role may do all that a lower one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees only the channels that they were put into, and the people in them.
    Guest,
    /// Sees public channels, and makes channels.
    Member,
    /// Keeps order everywhere, and lets people in.
    Moderator,
    /// Decides everything, and alone names moderators.
    Owner,
}

impl Role {
    /// All roles, the lowest first.
    pub const ALL: [Self; 4] = [Self::Guest, Self::Member, Self::Moderator, Self::Owner];

    /// The role of a code. `None`: there is no such role.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    /// What the role amounts to now: those who are in charge need a password, and are members as long
    /// as they have none.
    #[must_use]
    pub fn with_password(self, has_password: bool) -> Self {
        if has_password { self } else { self.min(Self::Member) }
    }
}

/// Where a person stands in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seat {
    /// Not in it, and not to come back.
    KeptOut,
    /// Not in it.
    Outside,
    /// In it.
    Inside,
    /// One of its hosts.
    Host,
}

impl Seat {
    /// All seats.
    pub const ALL: [Self; 4] = [Self::KeptOut, Self::Outside, Self::Inside, Self::Host];

    /// Whether the person is in the channel.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::Inside | Self::Host)
    }
}

/// Everything about a person that decides what they may do in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What they are in the whole place.
    pub role: Role,
    /// What they are in the channel.
    pub seat: Seat,
    /// Whether they are muted now, in the channel or everywhere.
    pub muted: bool,
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn codes_are_read_back_and_a_role_in_charge_needs_a_password() {
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(role));
            assert_eq!(role.with_password(true), role);
        }
        assert_eq!(Role::of_code("king"), None);
        assert_eq!(Role::Owner.with_password(false), Role::Member);
        assert_eq!(Role::Moderator.with_password(false), Role::Member);
        assert_eq!(Role::Guest.with_password(false), Role::Guest);
    }
}
