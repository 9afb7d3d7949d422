//! Changing a message that was posted.

use super::ids::UploadId;
use super::mentions::Mention;
use super::text::MessageText;
use super::time::Timestamp;

/// The most earlier versions that are kept of a message: the newest ones.
pub const MAX_VERSIONS: usize = 20;

/// How a message is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// How often it was edited as far as the author knows: whoever knows an older form is told, and changes
    /// nothing. `None`: whatever it is now.
    pub edits: Option<i64>,
    /// Its new text.
    pub text: MessageText,
    /// Whom its new text calls.
    pub mentions: Vec<Mention>,
    /// Which of its files stay; `None`: all.
    pub files: Option<Vec<UploadId>>,
}

/// A form that a message had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Since when it had this form.
    pub at: Timestamp,
    /// Its text.
    pub text: String,
}
