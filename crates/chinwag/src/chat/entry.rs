//! What coming in has in common, by whatever door.

use super::Error;
use crate::model::ids::SecretHash;
use crate::model::place::WayIn;
use crate::model::refusal::Refusal;
use crate::secrets::{InviteCode, Secret};
use crate::store::{Constraint, Error as StoreError};

/// Somebody whose name waits at the door.
pub struct Waits {
    /// The name.
    pub name: String,
    /// The secret for the cookie of their browser, by which they are found again.
    pub secret: Secret,
}

/// The hash of the code of an invite. `None`: no code has that form.
pub(super) fn invite_hash(code: &str) -> Option<SecretHash> {
    InviteCode::parse(code).map(|code| code.hash())
}

/// Why somebody new does not come in.
pub(super) fn not_in(error: StoreError) -> Error {
    let StoreError::Conflict(constraint) = error else { return error.into() };
    let refusal = match constraint {
        Constraint::UserNameKept => Refusal::NameKept,
        Constraint::UserLook => Refusal::NameAlike,
        Constraint::UserName | Constraint::NameWaits => Refusal::NameHeld,
        Constraint::WayIn(WayIn::Invite) => Refusal::InviteNeeded,
        Constraint::WayIn(_) | Constraint::InviteDoor(_) => Refusal::DoorClosed,
        Constraint::Invite => Refusal::InviteEnded,
        Constraint::PasswordNeeded => Refusal::PasswordNeeded,
        Constraint::Waiting => Refusal::DoorCrowded,
        Constraint::HasOwner => Refusal::HasOwner,
        other => return StoreError::Conflict(other).into(),
    };
    refusal.into()
}
