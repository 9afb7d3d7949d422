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
mod devices;
mod error;
mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod limits;
mod messages;
mod passwords;
mod quota;
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
pub use quota::Quota;
pub use reports::Mismatch;
pub use resumable::{Checksum, NewUpload, Progress, Receiving};
pub use sign_in::{SignIn, SignedIn};

use crate::clock::Clock;
use crate::files::Files;
use crate::store::Store;

/// How old a file without a row is when it is removed, at most.
const ORPHAN_AGE_MS: u64 = 3_600_000;

/// How long a browser keeps its device key without being used: the longest life of a cookie (RFC
/// 6265bis, 5.5), 400 days.
const DEVICE_MS: i64 = 400 * 24 * 3_600_000;

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
    /// How much files may take.
    pub quota: Quota,
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
        let (idle, dead) = (now.plus_ms(-self.rules.session_ms), now.plus_ms(-DEVICE_MS));
        self.store.sweep_sessions(now, idle, dead).await?;
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
            // Somebody is about to write its row.
            let Some(held) = self.files.hold(id).await else { continue };
            // It was in its place when the server died, and its sender may come back for it; or that
            // one did since the rows were looked at.
            if self.files.promised(id).await?.is_some() || self.store.upload(id).await?.is_some() {
                continue;
            }
            let _until_removed = held;
            tracing::info!(upload = %id, "removing a file that belongs to nothing");
            self.files.remove(id).await;
        }
        Ok(())
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
