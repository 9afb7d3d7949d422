//! The directory: all public channels, a page at a time.

use super::channels::Posting;
use super::ids::ChannelId;
use super::time::Timestamp;

/// The most channels of one page.
pub const MAX_LISTED: usize = 100;
/// The most characters that the directory is searched for.
pub const MAX_QUERY: usize = 250;

/// The order of the directory. It does not depend on the reader or their language, so that a page begins
/// where the one before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DirectoryOrder {
    /// By the key of the name: compatibility forms and case make no difference, and what is left is compared
    /// by code point.
    #[default]
    Name,
    /// By age, the oldest first.
    Oldest,
}

/// Which part of the directory to read.
#[derive(Debug, Clone, Default)]
pub struct DirectoryQuery {
    /// Only channels with these letters in their name or topic; all when it is empty.
    pub letters: String,
    /// The order.
    pub order: DirectoryOrder,
    /// Only what comes after this: [`DirectoryPage::next`] of the page before.
    pub after: Option<String>,
    /// At most this many channels, which is clamped to 1 and [`MAX_LISTED`].
    pub limit: usize,
}

/// A page of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryPage {
    /// The channels.
    pub channels: Vec<ListedChannel>,
    /// Where the next page begins; `None` when this is the last one.
    pub next: Option<String>,
}

/// A public channel as the directory lists it for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedChannel {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub topic: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who writes in it.
    pub posting: Posting,
    /// Whether it is archived.
    pub archived: bool,
    /// How many people are in it.
    pub member_count: i64,
    /// Whether the person is in it.
    pub member: bool,
}
