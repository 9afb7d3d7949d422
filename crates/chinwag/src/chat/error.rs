//! Why a use case did not happen.

use crate::files;
use crate::model::channels::MAX_MEMBERSHIPS;
use crate::model::invites::MAX_INVITES;
use crate::model::keeping::{MAX_PINS, MAX_SAVED};
use crate::model::order::MAX_OPEN_REPORTS;
use crate::model::reactions::MAX_KINDS;
use crate::model::refusal::{Noun, Refusal};
use crate::model::threads::MAX_FOLLOWS;
use crate::model::users::MAX_ASIDE;
use crate::secrets::NoEntropy;
use crate::store;

/// A refusal, which the caller can do something about, or a fault of the server.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The product says no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The disk takes no more. What was acknowledged is safe.
    #[error("the disk takes no more: {0}")]
    Full(String),
    /// What is on the disk is not what was written there.
    #[error("{0}; stop the server and run `chinwag check`")]
    Damaged(String),
    /// Too much at once, or shutting down; the same request may work a moment later.
    #[error("not available right now: {0}")]
    Unavailable(String),
    /// A fault of the server; clients are told no more than that.
    #[error("{0}")]
    Internal(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Full(_) => Self::Full(error.to_string()),
            store::Error::Busy | store::Error::Closed => Self::Unavailable(error.to_string()),
            store::Error::Corrupt(_) => Self::Damaged(error.to_string()),
            store::Error::Denied(denial) => Self::Refused(denial.into()),
            store::Error::Slow { wait_ms } => {
                let seconds = u64::try_from(wait_ms).unwrap_or(0).div_ceil(1_000);
                Self::Refused(Refusal::Slow { retry_after_s: seconds.max(1) })
            }
            store::Error::NoSuchPerson => Self::Refused(Refusal::NotFound(Noun::User)),
            store::Error::Conflict(store::Constraint::LastHost) => Self::Refused(Refusal::LastHost),
            store::Error::Conflict(store::Constraint::KeptOut) => Self::Refused(Refusal::IsKeptOut),
            store::Error::Conflict(store::Constraint::Invites) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Invite, max: MAX_INVITES })
            }
            store::Error::Conflict(store::Constraint::Memberships) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Membership, max: MAX_MEMBERSHIPS })
            }
            store::Error::Conflict(store::Constraint::Pins) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Pin, max: MAX_PINS })
            }
            store::Error::Conflict(store::Constraint::Follows) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Thread, max: MAX_FOLLOWS })
            }
            store::Error::Conflict(store::Constraint::Saved) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Message, max: MAX_SAVED })
            }
            store::Error::Conflict(store::Constraint::ReactionKinds) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Reaction, max: MAX_KINDS })
            }
            store::Error::Conflict(store::Constraint::SetAside) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::User, max: MAX_ASIDE })
            }
            store::Error::Conflict(store::Constraint::Deactivated) => {
                Self::Refused(Refusal::Deactivated)
            }
            store::Error::Conflict(store::Constraint::OpenReports) => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Report, max: MAX_OPEN_REPORTS })
            }
            store::Error::Conflict(store::Constraint::LastOwner) => {
                Self::Refused(Refusal::LastOwner)
            }
            store::Error::Conflict(_) | store::Error::Io(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<NoEntropy> for Error {
    fn from(error: NoEntropy) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::TooLarge { max_bytes } => Self::Refused(Refusal::TooLarge { max_bytes }),
            // When a sender stops half-way, nobody waits for the answer, and the server has no
            // fault.
            files::Error::Broken(_) => Self::Refused(Refusal::BadFile),
            files::Error::Empty => Self::Refused(Refusal::EmptyFile),
            files::Error::TooManyBegun { max } => {
                Self::Refused(Refusal::TooManyOf { noun: Noun::Upload, max })
            }
            files::Error::Floor => Self::Refused(Refusal::StorageLow),
            files::Error::Held => Self::Refused(Refusal::UploadHeld),
            files::Error::Full(_) => Self::Full(error.to_string()),
            files::Error::Busy | files::Error::TooManyOpen(_) => {
                Self::Unavailable(error.to_string())
            }
            files::Error::Io(_) => Self::Internal(error.to_string()),
        }
    }
}
