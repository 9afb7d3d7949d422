//! The front of a server: it answers HTTP requests, starts the threads and stops them.
//!
//! `request` decides what a request is and who may make it, `handover` takes the stream of an
//! upgraded connection to its shard, `problem` is the answer to a refused request. The front is
//! generic over the protocol on top; nothing here knows a Socket.IO packet.

mod handover;
mod problem;
mod request;

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::body::RequestBody;
use crate::command::Command;
use crate::link::{Protocol, Shared};
use crate::{Config, DisconnectReason, Stats};

/// Time that a shutdown gives, after the linger, to handlers that still run.
const GRACE: Duration = Duration::from_secs(2);

/// A server of some protocol over Engine.IO.
pub(crate) struct Front<P: Protocol> {
    pub shared: Arc<Shared<P>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    next_shard: AtomicUsize,
    /// Connections must join a namespace in time.
    joins: bool,
}

impl<P: Protocol> Front<P> {
    /// Starts the threads. Must be called inside a Tokio runtime, where the handlers will run.
    pub(crate) fn start(mut config: Config, protocol: P, joins: bool) -> io::Result<Self> {
        if !joins {
            // Nobody ever joins: there is one limit.
            config.max_unjoined_payload_bytes = config.max_payload_bytes;
        }
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        let (hub, threads) = crate::shard::start(config)?;
        Ok(Self {
            shared: Shared::new(protocol, hub, runtime),
            threads: Mutex::new(threads),
            next_shard: AtomicUsize::new(0),
            joins,
        })
    }

    /// Answers one HTTP request.
    pub(crate) async fn serve<B: RequestBody>(
        &self,
        req: Request<B>,
        peer: IpAddr,
    ) -> Response<Full<Bytes>> {
        self.answer(req, peer).await.unwrap_or_else(|problem| problem.into_response())
    }

    /// Waits until a shard ends without having been told to.
    pub(crate) async fn died(&self) {
        let mut died = self.shared.hub.died.subscribe();
        // The hub outlives this wait, so it cannot fail.
        let _ = died.wait_for(|died| *died).await;
    }

    /// Whether every shard answers within that time.
    pub(crate) async fn answers(&self, within: Duration) -> bool {
        let shards = &self.shared.hub.shards;
        let mut answers = Vec::with_capacity(shards.len());
        for inbox in shards {
            let (reply, answer) = oneshot::channel();
            inbox.push(Command::Ping { reply });
            answers.push(answer);
        }
        let all = async {
            for answer in answers {
                if answer.await.is_err() {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(within, all).await.unwrap_or(false)
    }

    /// The shard for the next connection.
    fn next_shard(&self) -> u8 {
        let shards = self.shared.hub.shards.len();
        // There are at most 255 shards.
        (self.next_shard.fetch_add(1, Ordering::Relaxed) % shards) as u8
    }

    /// Refuses new connections, ends the others, and waits for the threads and the handlers.
    pub(crate) async fn close(&self, reason: DisconnectReason) {
        self.shared.closing.store(true, Ordering::Release);
        for inbox in &self.shared.hub.shards {
            inbox.push(Command::Stop { reason });
        }
        let threads = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        // The threads end by themselves within the linger, which bounds this wait.
        let joined = tokio::task::spawn_blocking(move || {
            threads.into_iter().filter_map(|thread| thread.join().err()).count()
        });
        match joined.await {
            Ok(0) => {}
            Ok(count) => tracing::error!(count, "shards had panicked"),
            Err(error) => tracing::error!(%error, "waiting for the shards failed"),
        }
        if tokio::time::timeout(GRACE, self.shared.tasks.done()).await.is_err() {
            tracing::warn!("handlers still run after the shutdown");
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for inbox in &self.shared.hub.shards {
            inbox.counters.add_to(&mut stats);
            stats.inbox += inbox.len() as u64;
        }
        stats
    }
}

impl<P: Protocol> Drop for Front<P> {
    /// A server that is dropped without being closed takes its threads with it.
    fn drop(&mut self) {
        for inbox in &self.shared.hub.shards {
            inbox.push(Command::Stop { reason: DisconnectReason::Shutdown });
        }
    }
}
