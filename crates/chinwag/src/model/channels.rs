//! Channels and who is in them.

use super::ids::{ChannelId, Number, Revision, UserId};
use super::levels::Level;
use super::readings::Letters;
use super::roles::Role;
use super::time::Timestamp;
use super::users::User;

/// Who can know of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ChannelKind {
    /// Every member of the place sees it in the directory, reads it and may join.
    #[default]
    Public,
    /// Only those who are in it know of it. Members add others.
    Private,
    /// A conversation of people who never change: of two, of a group, or notes to oneself.
    Direct,
}

impl ChannelKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Direct];

    /// The kind of a code. `None`: there is no such kind.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its code, in the database and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }
}

impl ChannelKind {
    /// What holds for a member who chose no level. Whoever writes directly to somebody means them.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Public | Self::Private => Level::Mentions,
            Self::Direct => Level::All,
        }
    }
}

/// Who writes in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Posting {
    /// Everybody who is in it, or comes in by writing.
    #[default]
    Everybody,
    /// Its hosts, in its threads too.
    Hosts,
    /// Its hosts, and everybody in its threads: a channel of announcements.
    OpenThreads,
}

impl Posting {
    /// The choice of a code. `None`: there is no such choice.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Everybody, Self::Hosts, Self::OpenThreads]
            .into_iter()
            .find(|posting| posting.code() == code)
    }

    /// Its code, on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Hosts => "hosts",
            Self::OpenThreads => "open_threads",
        }
    }
}

/// What decides what may be done in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChannelState {
    /// Who can know of it.
    pub kind: ChannelKind,
    /// Who writes in it.
    pub posting: Posting,
    /// Whether only hosts may do anything in it for now.
    pub locked: bool,
    /// Whether it is archived: it stays readable, and nothing new comes into it.
    pub archived: bool,
    /// Whether everybody but the hosts is muted.
    pub all_muted: bool,
    /// How many seconds everybody but the hosts waits between two messages; 0 for no wait.
    pub slow_s: u32,
    /// Whether newcomers are put into it.
    pub newcomers: bool,
    /// Whether only those who run it pin messages.
    pub hosts_pin: bool,
}

/// A channel as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The channel's id.
    pub id: ChannelId,
    /// The name as it was typed; empty for a direct conversation that nobody named.
    pub name: String,
    /// What may be done in it.
    pub state: ChannelState,
    /// The topic: what it is for; at most 250 characters, may be empty.
    pub topic: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The person who created it.
    pub created_by: User,
    /// Whose direct conversation it is, by name; nobody for a channel.
    pub people: Vec<User>,
    /// How many people are in it.
    pub member_count: i64,
    /// Who locked it, if it is locked.
    pub locked_by: Option<User>,
    /// Who muted everybody but the hosts, if somebody did.
    pub muted_by: Option<User>,
    /// Since when it is archived.
    pub archived_at: Option<Timestamp>,
    /// The newest change of its content or its own facts; 0 when there was none yet.
    pub revision: Revision,
    /// The newest message's number; 0 when nothing was posted yet.
    pub last_number: Number,
    /// The newest row of its run: of what is not in threads alone.
    pub last_in_run: Number,
    /// Messages up to this number are not kept any more; 0 while all are.
    pub floor: Number,
    /// The newest message that is not deleted, when that is among the newest few.
    pub last_message: Option<MessageSummary>,
}

impl Channel {
    /// Whether there was a message of that number, which is not kept any more.
    #[must_use]
    pub const fn has_cleared(&self, number: Number) -> bool {
        number.0 > 0 && number.0 <= self.floor.0
    }
}

/// What a list knows of a channel's newest message: never its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageSummary {
    /// The message's number.
    pub number: Number,
    /// When it was posted.
    pub created_at: Timestamp,
}

/// A channel as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// What everybody sees.
    pub channel: Channel,
    /// The membership; `None` when the person is not in it.
    pub membership: Option<Membership>,
    /// The revision of the person's own stream with which the membership changed last (joined,
    /// left, read mark); 0 when there never was one.
    pub own_revision: Revision,
}

/// One person's membership of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// When the person joined.
    pub joined_at: Timestamp,
    /// Whether the person is one of the hosts.
    pub host: bool,
    /// Until when the person may not write there; `None` when they may.
    pub muted_until: Option<Timestamp>,
    /// Whether the person hides this direct conversation.
    pub hidden: bool,
    /// How much of it the person wants to be told of.
    pub level: Level,
    /// How far the person has read.
    pub read: ReadMark,
    /// How many messages by others above the mark are not deleted; [`MANY_UNREAD`] stands for that
    /// many and more.
    pub unread: i64,
    /// How many of these call the person; [`MANY_UNREAD`] stands for that many and more. Whom the person
    /// set aside does not count.
    pub mentions: i64,
}

/// A person in a channel, as somebody else who sees the channel is told of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: User,
    /// What they are in the whole place.
    pub role: Role,
    /// Whether they are one of the hosts.
    pub host: bool,
    /// Until when they may not write in the channel. Only those who run the channel are told.
    pub muted_until: Option<Timestamp>,
    /// When the visit of a guest ends, or ended. Only those who run the channel are told.
    pub visit_ends_at: Option<Timestamp>,
    /// When one of their sessions was used last. Guests are not told, nor anybody of people who are invisible,
    /// or of whom one blocked the other.
    pub last_here: Option<Timestamp>,
}

/// The most members of one page.
pub const MAX_MEMBERS_PAGE: usize = 200;

/// Which members of a channel to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersQuery {
    /// Only those whose names these letters find.
    pub letters: Letters,
    /// Only those after this member, who is the last of the page before. Whoever is no member, or none any more, begins
    /// anew.
    pub after: Option<UserId>,
    /// At most this many, which is clamped to 1 and [`MAX_MEMBERS_PAGE`].
    pub limit: usize,
}

impl MembersQuery {
    /// Everybody, from the first on.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self { letters: Letters::of(""), after: None, limit }
    }
}

/// A page of the members of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersPage {
    /// Hosts first, then by name.
    pub members: Vec<Member>,
    /// How many there are in all, whatever was looked for.
    pub total: i64,
    /// Whether this is the last page.
    pub complete: bool,
}

/// Newcomers are put into at most this many channels.
pub const MAX_NEWCOMER_CHANNELS: usize = 20;
/// The longest pause of slow mode, in seconds.
pub const MAX_SLOW_S: u32 = 3_600;
/// The end of a mute that has none: the last moment of the year 9999.
pub const FOR_GOOD: Timestamp = Timestamp(253_402_300_799_999);
/// The most channels that one person is in. Each is a room of each of their sockets.
pub const MAX_MEMBERSHIPS: usize = 4_000;
/// Unread messages are counted up to this number; it is shown as "999+".
pub const MANY_UNREAD: i64 = 1_000;

/// How far a person has read in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMark {
    /// The newest message that counts as read.
    pub number: Number,
    /// The revision of the person's own stream with which the mark moved last. Of two marks the
    /// one with the later step holds, also when its number is lower.
    pub step: Revision,
}

/// Why a read mark is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// The person read messages: the mark never goes down.
    Read,
    /// The person set the mark: it goes where they set it, also down.
    Mark,
}

/// A read mark and what is unread above it, as of a revision of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadState {
    /// The channel.
    pub channel: ChannelId,
    /// The mark.
    pub read: ReadMark,
    /// As in [`Membership::unread`].
    pub unread: i64,
    /// As in [`Membership::mentions`].
    pub mentions: i64,
    /// The channel's revision that `unread` was counted at.
    pub channel_revision: Revision,
}
