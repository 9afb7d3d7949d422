//! Why a server ends.

use crate::store;
use crate::store::sqlite::OpenError;

/// Why the server did not start, or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder is held, damaged, or of a newer version.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The store opened but does not answer.
    #[error("could not read the data: {0}")]
    Read(#[from] store::Error),
    /// What is known of the place could not be read.
    #[error("could not read the data: {0}")]
    Place(String),
    /// The store ended while the server ran.
    #[error(
        "the store cannot go on, so the server ends; what was acknowledged is on disk. The log says \
         more. Start it again"
    )]
    StoreDied,
    /// A folder or a thread could not be made.
    #[error("could not start: {0}")]
    Io(#[from] std::io::Error),
    /// A thread that owns sockets died. Every acknowledged message is safe.
    #[error("a thread that owns sockets died, so the server ends; start it again")]
    ShardDied,
    /// A task that runs as long as the server does ended. Every acknowledged message is safe.
    #[error("the task \"{0}\" ended, so the server ends; the log says more. Start it again")]
    TaskDied(&'static str),
}
