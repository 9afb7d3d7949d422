//! Adding messages to the index for searching, behind their commits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::chat::Chat;
use crate::clock::Clock;

/// New messages gather for so long, so that many are added at once. Until then a search looks through them.
const GATHER: Duration = Duration::from_millis(200);
/// A batch of so many messages was full, or nearly: more of them wait.
const MANY: usize = 150;
/// The pause between two full batches is so many times as long as a batch took: the writer is free for others meanwhile.
const PART: u32 = 2;
/// It is never longer than this.
const LONGEST: Duration = Duration::from_millis(200);
/// After a failure, such as a full disk.
const AGAIN: Duration = Duration::from_secs(10);
/// How often it is logged how far the index of an existing folder is.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Indexes what is not, for as long as the server runs.
pub(super) async fn index(chat: Arc<Chat>, clock: Arc<dyn Clock>) {
    let mut progress = Progress { is_told: false, told: Instant::now() };
    loop {
        chat.unindexed().await;
        progress.tell(&chat).await;
        let began = Instant::now();
        let pause = match chat.index_some().await {
            Ok(many) if many >= MANY => (began.elapsed() * PART).min(LONGEST),
            Ok(_) => GATHER,
            Err(error) => {
                tracing::warn!(%error, "messages could not be indexed; they are looked through until then");
                AGAIN
            }
        };
        progress.tell(&chat).await;
        clock.pause(pause).await;
    }
}

/// What was logged of how far the index of an existing folder is.
struct Progress {
    is_told: bool,
    told: Instant,
}

impl Progress {
    async fn tell(&mut self, chat: &Chat) {
        if self.is_told && self.told.elapsed() < TELL_EVERY {
            return;
        }
        match chat.indexed().await {
            Ok(Some(index)) => {
                tracing::info!(
                    done = index.done,
                    all = index.all,
                    "messages are being indexed for searching"
                );
                (self.is_told, self.told) = (true, Instant::now());
            }
            Ok(None) if self.is_told => {
                tracing::info!("all messages are indexed for searching");
                self.is_told = false;
            }
            Ok(None) | Err(_) => {}
        }
    }
}
