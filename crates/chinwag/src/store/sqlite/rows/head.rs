//! Where a channel stands.

use crate::model::ids::{Number, Revision};

/// The newest revision and number of a channel.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) revision: Revision,
    pub(crate) last_number: Number,
}
