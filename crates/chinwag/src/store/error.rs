//! What a method of the store returns when it fails.

use crate::model::invites::Door;
use crate::model::permissions::Denial;
use crate::model::place::WayIn;

/// Why a method of the store failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The person may not do that.
    #[error("denied: {0:?}")]
    Denied(Denial),
    /// The channel has slow mode, and the person wrote in it a moment ago.
    #[error("slow mode: {wait_ms} ms to wait")]
    Slow {
        /// How long they wait.
        wait_ms: i64,
    },
    /// There is no such person, or they are not in the channel.
    #[error("there is no such person")]
    NoSuchPerson,
    /// A constraint forbids it.
    #[error("conflict on {0:?}")]
    Conflict(Constraint),
    /// Too many commands are waiting.
    #[error("the store is busy")]
    Busy,
    /// No room on the disk, or it may not be written to.
    #[error("the disk takes no more: {0}")]
    Full(String),
    /// The data is damaged.
    #[error("the data is damaged: {0}")]
    Corrupt(String),
    /// Any other error of the disk or the database.
    #[error("storage failed: {0}")]
    Io(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl Error {
    /// Whether the store did what it should and says no. A command refuses before it writes anything.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Denied(_) | Self::Slow { .. } | Self::Conflict(_))
    }
}

/// The constraints that a command can violate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A person follows as many threads as they may.
    Follows,
    /// Another person holds the name: its key is the same.
    UserName,
    /// The name is kept for another person, who gave it up lately.
    UserNameKept,
    /// The name looks like one that another person holds or that is kept for them.
    UserLook,
    /// Another channel has the name: its key is the same.
    ChannelName,
    /// The name looks like that of another channel.
    ChannelLook,
    /// The person has [`MAX_OPEN_REPORTS`](crate::model::order::MAX_OPEN_REPORTS) open reports.
    OpenReports,
    /// The person has set [`MAX_ASIDE`](crate::model::users::MAX_ASIDE) people aside.
    SetAside,
    /// The account is deactivated.
    Deactivated,
    /// The person is the last owner of the place.
    LastOwner,
    /// The person is the last host of the channel.
    LastHost,
    /// The person is kept out of the channel.
    KeptOut,
    /// Newcomers are put into as many channels as they may be.
    Newcomers,
    /// The place has an owner already.
    HasOwner,
    /// The name waits at the door for somebody else.
    NameWaits,
    /// Nobody new comes in that way.
    WayIn(WayIn),
    /// Somebody new needs a password.
    PasswordNeeded,
    /// The invite has ended, or there is none.
    Invite,
    /// Nobody new comes in by that invite for now, or they wait until they are let in.
    InviteDoor(Door),
    /// The visit of the guest has not ended.
    VisitGoesOn,
    /// As many names wait as may, from that address or in all.
    Waiting,
    /// The person has [`MAX_INVITES`](crate::model::invites::MAX_INVITES) invites already.
    Invites,
    /// The message has [`MAX_KINDS`](crate::model::reactions::MAX_KINDS) other kinds of reactions.
    ReactionKinds,
    /// The channel has [`MAX_PINS`](crate::model::keeping::MAX_PINS) pinned messages already.
    Pins,
    /// The person has saved [`MAX_SAVED`](crate::model::keeping::MAX_SAVED) messages already.
    Saved,
    /// The person is in [`MAX_MEMBERSHIPS`](crate::model::channels::MAX_MEMBERSHIPS) channels already.
    Memberships,
}

/// What a method of the store returns.
pub type Result<T> = std::result::Result<T, Error>;
