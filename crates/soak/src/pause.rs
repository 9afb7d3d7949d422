//! How long the tool's clients wait: for answers, before trying again, for everything to settle.

use std::time::Duration;

/// An answer that takes longer is none: the request is sent again, under the same key.
pub(crate) const ANSWER: Duration = Duration::from_secs(15);
/// Between two tries while the server is away.
pub(crate) const RETRY: Duration = Duration::from_millis(25);
/// Until every reader has what the server has, once nobody writes any more. The slowest way to
/// learn of a change is the tick of heads, 30 s after a channel's last event.
pub(crate) const SETTLE: Duration = Duration::from_secs(60);
/// From starting the binary to its first word.
pub(crate) const START: Duration = Duration::from_secs(60);
