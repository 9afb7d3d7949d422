//! The configured limits: how often each thing may be done.

/// A limit for one person, and one for all people who share an address; 0 is no limit. Where there
/// is none for a person there is none for an address either.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerPerson {
    /// The limit of one person.
    pub person: u32,
    /// The limit of one address.
    pub address: u32,
}

/// How often each thing may be done; 0 switches a limit off, and the default is none at all.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Sign-ins of held names, per address and minute; from browsers that are remembered for the
    /// name, per person and minute instead.
    pub sign_ins: u32,
    /// Wrong passwords, per name, address and minute; ten times as many per name from everywhere;
    /// and as many for one person who is signed in and changes their own.
    pub wrong_passwords: u32,
    /// New names, per address and minute.
    pub new_names: u32,
    /// Changes of one's own name, per person and day.
    pub renames: u32,
    /// Messages (posted and deleted), per second.
    pub messages: PerPerson,
    /// How many messages one person may send at once.
    pub messages_burst: u32,
    /// Text of messages, in kilobytes per second; none where messages have no limit.
    pub message_kb: PerPerson,
    /// Everything else that changes something (topics, joining and leaving, marks, settings,
    /// tokens), per second.
    pub commands: PerPerson,
    /// Topics, per minute; a channel's topic changes no more often than one person may set it.
    pub topics: PerPerson,
    /// New channels, per hour.
    pub new_channels: PerPerson,
    /// Files, per hour.
    pub uploads: PerPerson,
    /// Files that arrive at one time.
    pub uploads_at_once: PerPerson,
    /// Sockets of one person at one time.
    pub connections: u32,
    /// Files that one person has begun to send and not finished.
    pub unfinished_uploads: u32,
    /// Reports of clients that found something wrong, per person and minute.
    pub reports: u32,
}

impl PerPerson {
    pub(super) fn times(self, factor: u32) -> Self {
        Self {
            person: self.person.saturating_mul(factor),
            address: self.address.saturating_mul(factor),
        }
    }

    /// The limit of an address: none where a person has none.
    pub(super) fn address(self) -> u32 {
        if self.person == 0 { 0 } else { self.address }
    }
}
