//! The use cases: load, decide with `model/`, one store command. REST, the sockets and the plain
//! pages all go through here.
//!
//! There is one file per noun. What REST refuses, the sockets and the plain pages refuse too,
//! because they call the same functions. No other room of the server calls the store. Use cases do
//! not publish events: the store hands every change to [`audience::publish`] in commit order, so
//! that no use case can forget it and a caller that gives up cannot lose it.

mod accounts;
mod activity;
mod actor;
pub mod audience;
mod callable;
mod channels;
mod devices;
mod direct;
mod directory;
mod edits;
mod entry;
mod error;
mod exports;
mod files;
mod forgetting;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guests;
mod hosting;
mod invites;
mod keeping;
mod limits;
mod messages;
mod order;
mod passwords;
mod people;
mod place;
mod presence;
mod projectors;
mod reach;
mod reactions;
mod reports;
mod search;
mod sign_in;
mod sign_in_links;
mod streams;
mod threads;
mod tokens;
mod transcripts;
mod uploads;
mod waiting;
mod wiping;

use std::sync::{Arc, OnceLock, RwLock};

pub use actor::{Actor, Credential, Visitor};
pub use channels::{ChannelAddress, ChannelDraft, ChannelPage, MAX_ADDED};
pub use devices::EndedVisit;
pub use edits::EditMessage;
pub use entry::Waits;
pub use error::Error;
pub use exports::Export;
pub use files::StoredFile;
pub use hosting::ChannelChanges;
pub use invites::InviteDraft;
pub use limits::{DoorPlace, Limits, PerPerson, SocketPlace};
pub use messages::{PostMessage, Posted, Sender};
pub use place::Foundation;
pub use projectors::{BEAT_S, Projection, Projectors};
pub use reach::Subject;
pub use reports::Mismatch;
pub use sign_in::{Entered, SignIn, SignedIn};
pub use transcripts::Transcript;
pub use uploads::{Checksum, NewUpload, Progress, Quota, Receiving};

use crate::clock::Clock;
use crate::files::Files;
use crate::model::ids::SecretHash;
use crate::model::place::Place;
use crate::model::time::Timestamp;
pub use crate::store::LogFilter;
use crate::store::Store;

/// How long a browser keeps its device key without being used: the longest life of a cookie (RFC
/// 6265bis, 5.5), 400 days.
const DEVICE_MS: i64 = 400 * 24 * 3_600_000;

/// How long an invite that has ended is still listed, in milliseconds: 90 days.
const INVITE_KEEP_MS: i64 = 90 * 24 * 3_600_000;

/// The answer of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// The settings that use cases depend on.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long a session lives without being used, in milliseconds.
    pub session_ms: i64,
    /// The largest file, in bytes.
    pub upload_limit_bytes: u64,
    /// How long a file may wait for its message, in milliseconds.
    pub upload_keep_ms: i64,
    /// How much files may take.
    pub quota: Quota,
    /// How often each thing may be done.
    pub limits: Limits,
}

/// The use cases, with what they need.
pub struct Chat {
    store: Arc<dyn Store>,
    files: Files,
    clock: Arc<dyn Clock>,
    rules: Rules,
    meters: limits::Meters,
    passwords: passwords::Passwords,
    /// Told when a channel was deleted or cleared.
    deleted: tokio::sync::Notify,
    /// Told when what a person wrote is to be removed.
    wiping: tokio::sync::Notify,
    /// What is known of the place, as the store has it.
    place: RwLock<Arc<Place>>,
    /// What opens the page that makes the first owner.
    first: OnceLock<SecretHash>,
    /// What is shown on projectors.
    projectors: Arc<Projectors>,
    codes: projectors::CodeMeters,
}

impl Chat {
    /// Puts the use cases on a store and a folder of files.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, files: Files, clock: Arc<dyn Clock>, rules: Rules) -> Self {
        let meters = limits::Meters::new(&rules.limits);
        let (passwords, place) = (passwords::Passwords::default(), RwLock::default());
        let (deleted, wiping) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
        let first = OnceLock::new();
        let codes = projectors::CodeMeters::default();
        let projectors = Arc::new(Projectors::new(Arc::clone(&clock)));
        Self {
            store,
            files,
            clock,
            rules,
            meters,
            passwords,
            deleted,
            wiping,
            place,
            first,
            projectors,
            codes,
        }
    }

    /// Shows invites on those projectors, whose people the events of the store are told to.
    #[must_use]
    pub fn with_projectors(self, projectors: Arc<Projectors>) -> Self {
        Self { projectors, ..self }
    }

    /// Removes what is not needed any more: expired sessions, old names that are not kept any more,
    /// statuses that are over, old reports and entries of the log, and files that no message took.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.clock.now();
        let (idle, dead) = (now.plus_ms(-self.rules.session_ms), now.plus_ms(-DEVICE_MS));
        self.store.sweep_sessions(now, idle, dead).await?;
        self.store.sweep_old_names(now).await?;
        self.store.sweep_statuses(now).await?;
        // What could not be removed before is tried again.
        self.deleted.notify_one();
        self.wiping.notify_one();
        self.store.sweep_waiting(now).await?;
        self.store.sweep_sign_in_links(now).await?;
        self.store.sweep_invites(now.plus_ms(-INVITE_KEEP_MS)).await?;
        self.sweep_order().await?;
        self.sweep_uploads().await
    }

    /// Now, by the wall clock that this server follows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the store takes commands.
    pub async fn is_alive(&self) -> bool {
        self.store.alive().await.is_ok()
    }

    /// Waits until the store takes no more commands: it was closed, or it cannot go on.
    pub async fn store_ended(&self) {
        self.store.ended().await;
    }

    /// Answers what is queued and closes the store.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
