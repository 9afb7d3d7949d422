//! Everything that can happen to the data, as traits: one for each noun, and [`Store`] over all of them.
//!
//! A method is the size of a use case. A command is one transaction and is answered after it is on
//! disk (promise 1). Who may do what is decided by `model::permissions`. A command asks there inside of its
//! transaction, so that a right that was taken away a moment before does not count any more; and every
//! read takes the person who reads, and answers for what they may not see as for what is not there.
//!
//! A command that changed something passes the [`Event`]s of the change to the [`OnCommit`] hook **in the order of the commits
//! and before the command is answered**. So a caller who gives up loses no event, and the order of a
//! channel's events is the order of its revisions. What is not found is `None`, not an error.
//!
//! On a full disk, commands that remove something (a message, a file, a session, a token, a
//! membership, an old name) or move a read mark still work, in room that is kept for them.

use std::sync::Arc;

use async_trait::async_trait;

use crate::model::events::Event;
use crate::model::instance::Instance;

mod activity;
mod channels;
mod devices;
mod direct;
mod directory;
mod edits;
mod error;
mod exports;
mod forwards;
mod guests;
mod hosting;
mod invites;
mod keeping;
mod members;
mod mentions;
mod messages;
mod order;
mod people;
mod place;
mod reactions;
mod searching;
mod sessions;
mod sign_in_links;
pub mod sqlite;
mod streams;
mod threads;
mod tokens;
mod transcripts;
mod uploads;
mod users;
mod waiting;
mod wiping;

pub use activity::Activities;
pub use channels::{Channels, NewChannel};
pub use devices::{Devices, MAX_DEVICES};
pub use direct::{DirectConversations, NewDirect};
pub use directory::Directory;
pub use edits::{EditOutcome, Edits};
pub use error::{Constraint, Error, Result};
pub use exports::{Exports, Place, WrittenPage};
pub use forwards::Forwards;
pub use guests::{ENDED_AT_ONCE, Ended, Guests};
pub use hosting::{ChannelPatch, Hosting, SWEPT_AT_ONCE};
pub use invites::Invites;
pub use keeping::Keeping;
pub use members::Members;
pub use mentions::Mentions;
pub use messages::{DeleteOutcome, MAX_DIGEST, Messages, NewMessage, PostOutcome};
pub use order::{Grounds, LogFilter, MAX_ENTRIES, Order};
pub use people::{NewPicture, People};
pub use place::{Founding, Newcomer, Places};
pub use reactions::Reactions;
pub use searching::{Searching, Took};
pub use sessions::{NewSession, Proof, Sessions};
pub use sign_in_links::SignInLinks;
pub use streams::Streams;
pub use threads::Threads;
pub use tokens::Tokens;
pub use transcripts::Transcripts;
pub use uploads::Uploads;
pub use users::{NewName, NewPassword, Users};
pub use waiting::{NewWaiting, WaitingRoom};
pub use wiping::{WIPED_AT_ONCE, Wiping};

/// Called once for every event, in the order of the commits, before the command is answered. It must
/// not block.
pub type OnCommit = Arc<dyn Fn(Event) + Send + Sync>;

/// Everything that can happen to the data, and the store as a whole.
#[async_trait]
pub trait Store:
    Users
    + People
    + Sessions
    + Devices
    + Tokens
    + Places
    + Invites
    + WaitingRoom
    + SignInLinks
    + Guests
    + Channels
    + Directory
    + DirectConversations
    + Hosting
    + Members
    + Activities
    + Messages
    + Edits
    + Forwards
    + Keeping
    + Mentions
    + Reactions
    + Searching
    + Order
    + Streams
    + Threads
    + Transcripts
    + Uploads
    + Wiping
    + Exports
    + 'static
{
    /// Which installation this is. It does not change while the store is open.
    fn instance(&self) -> &Instance;

    /// Whether commands are taken. Writes nothing.
    ///
    /// # Errors
    /// `Closed` when no more commands are taken, `Busy` when there was no answer within seconds.
    async fn alive(&self) -> Result<()>;

    /// Waits until no more commands are taken, because the store was closed or cannot go on. Then
    /// the process has to end, and the server to be started again.
    async fn ended(&self);

    /// Sees to it that no file of the folder holds what was deleted before this was called. `false`: a
    /// reader of before, such as a backup, prevents it for now. Nothing happens if nothing was deleted
    /// since the last time.
    ///
    /// # Errors
    /// When the disk cannot, or the store is closed.
    async fn forget_deleted(&self) -> Result<bool>;

    /// Answers what is queued, then closes the store. Every later call returns `Closed`.
    async fn close(&self);
}
