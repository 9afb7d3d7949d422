//! Notices that a shard died: closes its inbox, and tells the host.
//!
//! Otherwise the connections of a thread that panicked would stay open and hear nothing, and requests
//! would wait for answers that never come.

use std::io;
use std::sync::Arc;

use crate::hub::Hub;

/// Watches a shard's thread.
pub(super) struct DeathWatch {
    hub: Arc<Hub>,
    index: usize,
    /// The shard ended because it was told to.
    was_told: bool,
}

impl DeathWatch {
    pub(super) fn new(hub: &Arc<Hub>, index: usize) -> Self {
        Self { hub: Arc::clone(hub), index, was_told: false }
    }

    /// Runs the shard.
    pub(super) fn over(mut self, run: impl FnOnce() -> io::Result<()>) {
        match run() {
            Ok(()) => self.was_told = true,
            Err(error) => tracing::error!(%error, shard = self.index, "polling failed"),
        }
    }
}

impl Drop for DeathWatch {
    /// Runs at the end of the thread, also when it panics.
    fn drop(&mut self) {
        if let Some(inbox) = self.hub.shards.get(self.index) {
            inbox.close();
        }
        if !self.was_told {
            tracing::error!(shard = self.index, "a shard died; the server has to be started again");
            self.hub.died.send_replace(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;

    use crate::Config;
    use crate::command::Command;

    const DEADLINE: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_shard_that_panics_is_told_of_and_leaves_nobody_waiting() {
        let (hub, threads) = crate::shard::start(Config::default()).expect("a shard");
        let (reply, alive) = oneshot::channel();
        hub.to(0, Command::Ping { reply });
        tokio::time::timeout(DEADLINE, alive).await.expect("in time").expect("an answer");

        let mut died = hub.died.subscribe();
        hub.to(0, Command::Panic);
        // Behind it in the same inbox: taken with it, or never.
        let (reply, behind) = oneshot::channel();
        hub.to(0, Command::Ping { reply });
        tokio::time::timeout(DEADLINE, died.wait_for(|died| *died)).await.expect("told").unwrap();
        tokio::time::timeout(DEADLINE, behind).await.expect("in time").expect_err("no answer");
        let (reply, later) = oneshot::channel();
        hub.to(0, Command::Ping { reply });
        tokio::time::timeout(DEADLINE, later).await.expect("in time").expect_err("no answer");
        assert!(threads.into_iter().all(|thread| thread.join().is_err()));
    }

    #[tokio::test]
    async fn a_shard_that_is_told_to_stop_has_not_died() {
        let (hub, threads) = crate::shard::start(Config::default()).expect("a shard");
        hub.to(0, Command::Stop { reason: crate::DisconnectReason::Shutdown });
        let ended = tokio::task::spawn_blocking(|| threads.into_iter().all(|t| t.join().is_ok()));
        assert!(tokio::time::timeout(DEADLINE, ended).await.expect("in time").unwrap());
        assert!(!*hub.died.borrow());
    }
}
