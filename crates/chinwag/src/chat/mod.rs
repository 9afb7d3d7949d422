//! The use cases: load, decide with `model/`, one store command. Every door goes through here.
//!
//! One file per noun. What REST refuses, the socket and the plain pages refuse too, because they
//! call the same functions. The only room that calls the store. Events are not published from
//! here one by one: the store hands every change to [`audience::publish`] in commit order, so that
//! no use case can forget it and a caller that gives up cannot lose it.

mod accounts;
mod actor;
pub mod audience;
mod channels;
mod error;
mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod limits;
mod messages;
mod passwords;
mod reports;
mod resumable;
mod sign_in;
mod streams;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

pub use actor::{Actor, Credential, Visitor};
pub use channels::ChannelPage;
pub use error::Error;
pub use files::{NewFile, StoredFile};
pub use limits::{Limits, PerPerson, SocketPlace};
pub use messages::{Draft, Posted, Sender};
pub use reports::Mismatch;
pub use resumable::{NewUpload, Progress, Receiving};
pub use sign_in::{SignIn, SignedIn};

use crate::clock::Clock;
use crate::files::Files;
use crate::model::time::Timestamp;
use crate::store::{self, Store};

/// How old a file without a row is when it is removed, at most.
const ORPHAN_AGE_MS: u64 = 3_600_000;

/// What the use cases answer.
pub type Result<T> = std::result::Result<T, Error>;

/// What the use cases are told by the configuration.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long a session lives without being used, in milliseconds.
    pub session_ms: i64,
    /// The largest file, in bytes.
    pub upload_limit_bytes: u64,
    /// How long a file may wait for its message, in milliseconds.
    pub upload_keep_ms: i64,
    /// How often each thing may be done.
    pub limits: Limits,
}

/// The use cases, with what they stand on.
pub struct Chat {
    store: Arc<dyn Store>,
    files: Files,
    clock: Arc<dyn Clock>,
    rules: Rules,
    meters: limits::Meters,
    passwords: passwords::Passwords,
}

impl Chat {
    /// Puts the use cases on a store and a folder of files.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, files: Files, clock: Arc<dyn Clock>, rules: Rules) -> Self {
        let meters = limits::Meters::new(&rules.limits);
        Self { store, files, clock, rules, meters, passwords: passwords::Passwords::default() }
    }

    /// The largest file, in bytes.
    #[must_use]
    pub fn upload_limit_bytes(&self) -> u64 {
        self.rules.upload_limit_bytes
    }

    /// Removes what has outlived its use: expired sessions, files that no message took.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn sweep(&self) -> Result<()> {
        let now = self.clock.now();
        self.store.sweep_sessions(now).await?;
        for id in self.store.sweep_uploads(now.plus_ms(-self.rules.upload_keep_ms)).await? {
            self.files.remove(id).await;
        }
        self.sweep_unfinished().await?;
        self.sweep_orphans().await
    }

    /// Removes files without a row: their message was deleted while a backup held them, or the
    /// server died between the row and the file. A file is in its place before its row is written,
    /// so a young one may still get it.
    async fn sweep_orphans(&self) -> Result<()> {
        let age = u64::try_from(self.rules.upload_keep_ms).unwrap_or(0).min(ORPHAN_AGE_MS);
        let settled =
            self.files.settled(Duration::from_millis(age), self.clock.system_now()).await?;
        for id in self.store.unknown_uploads(settled).await? {
            // It was in its place when the server died, and its sender may come back for it.
            if self.files.promised(id).await?.is_some() {
                continue;
            }
            tracing::info!(upload = %id, "removing a file that belongs to nothing");
            self.files.remove(id).await;
        }
        Ok(())
    }

    /// Whether the store takes commands. It writes nothing for that: there are no sessions so old.
    ///
    /// # Errors
    /// `Unavailable` when it does not.
    pub async fn alive(&self) -> Result<()> {
        match self.store.sweep_sessions(Timestamp(0)).await {
            Err(error @ (store::Error::Closed | store::Error::Busy)) => Err(error.into()),
            // Any other error is an answer: a full disk, say.
            _ => Ok(()),
        }
    }

    /// Answers what is queued and closes the store.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
