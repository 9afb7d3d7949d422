//! How long the clients wait.

use std::time::Duration;

/// How long a client waits for an answer before it sends the request again, under the same key.
pub(crate) const ANSWER: Duration = Duration::from_secs(15);
/// The pause between two tries while the server is away.
pub(crate) const RETRY: Duration = Duration::from_millis(25);
/// How long it may take, after the last write, until every reader has what the server has. The
/// slowest way to learn of a change is the `heads` event, 30 s after a channel's last event.
pub(crate) const SETTLE: Duration = Duration::from_secs(60);
/// How long the binary may take to start, and to stop.
pub(crate) const START: Duration = Duration::from_secs(60);
