//! `/healthz`: whether the parts that every request depends on answer.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::chat::Chat;

/// How long a part may take to answer.
const WITHIN: Duration = Duration::from_secs(3);
/// How long a result is used again, so that frequent requests cost no more than one a second.
const FRESH: Duration = Duration::from_secs(1);

/// Whether every thread that owns sockets answers within a time.
pub type SocketPulse =
    Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Nothing, or the name of the part that does not answer.
type Seen = Result<(), &'static str>;

/// Looks at the parts, and remembers what it saw for [`FRESH`].
#[derive(Clone)]
pub(super) struct Health {
    chat: Arc<Chat>,
    sockets: SocketPulse,
    last: Arc<Mutex<Option<(Instant, Seen)>>>,
}

impl Health {
    pub(super) fn new(chat: Arc<Chat>, sockets: SocketPulse) -> Self {
        Self { chat, sockets, last: Arc::default() }
    }

    /// # Errors
    /// The name of the part that does not answer.
    async fn look(&self) -> Seen {
        let store = timeout(WITHIN, self.chat.is_alive());
        let (store, sockets) = tokio::join!(store, (self.sockets)(WITHIN));
        match (store, sockets) {
            (Ok(true), true) => Ok(()),
            (Ok(true), false) => Err("a thread that owns sockets"),
            _ => Err("the thread that writes"),
        }
    }
}

/// `GET /healthz`
pub(super) async fn healthz(State(health): State<Health>) -> (StatusCode, String) {
    let mut last = health.last.lock().await;
    let looked = match *last {
        Some((at, looked)) if at.elapsed() < FRESH => looked,
        _ => {
            let looked = health.look().await;
            *last = Some((Instant::now(), looked));
            looked
        }
    };
    match looked {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(part) => {
            tracing::error!(part, "a part of the server does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{part} does not answer\n"))
        }
    }
}
