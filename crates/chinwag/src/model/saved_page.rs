//! The list of what a person saved.

use super::ids::Revision;
use super::keeping::Saved;
use super::messages::Message;

/// A part of the list of what a person saved, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedPage {
    /// What they saved, with the messages in their present form. What they may not see any more is left out.
    pub saved: Vec<(Saved, Message)>,
    /// Where the next part begins; `None` when there is none.
    pub next: Option<Revision>,
}
