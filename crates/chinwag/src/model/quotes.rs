//! Quotes: a message may quote one earlier message of its channel. It holds the number alone; whoever reads it
//! gets the beginning of the original as it is now.

use super::ids::Number;
use super::time::Timestamp;
use super::users::User;

/// So many characters of the original's text stand in a quote. The app cuts its own rows in the same way
/// (`web/src/state/quotes.ts`).
pub const MAX_BEGINNING: usize = 200;

/// What a message says of the message that it quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The number of the original, in the same channel.
    pub number: Number,
    /// The original as it is now. `None`: it is not kept any more, because the channel was cleared.
    pub original: Option<Original>,
}

/// The message that another one quotes, as far as a quote shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// How often it was edited; 0 when deleted.
    pub edits: i64,
    /// Who wrote it.
    pub author: User,
    /// The number of the message that begins its thread, if it is a reply that the run of the channel does not have.
    pub aside: Option<Number>,
    /// The first [`MAX_BEGINNING`] characters of its text; empty when deleted.
    pub beginning: String,
    /// The name of its first file, if it has files and no text.
    pub file: Option<String>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Whether somebody who keeps order deleted it, and not its author.
    pub removed: bool,
}
