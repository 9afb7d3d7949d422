//! `/healthz`: whether the parts that everything goes through answer.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::router::App;

/// How long a part may take to answer.
const WITHIN: Duration = Duration::from_secs(3);
/// How long an answer counts: whoever asks often costs no more than one who asks once a second.
const FRESH: Duration = Duration::from_secs(1);

/// Asks every thread that owns sockets for a sign of life.
pub type SocketPulse =
    Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// The last look.
#[derive(Default)]
pub(super) struct Health {
    last: Mutex<Option<(Instant, Result<(), &'static str>)>>,
}

/// `GET /healthz`
pub(super) async fn healthz(State(app): State<Arc<App>>) -> (StatusCode, String) {
    let mut last = app.health.last.lock().await;
    let looked = match *last {
        Some((at, looked)) if at.elapsed() < FRESH => looked,
        _ => {
            let looked = look(&app).await;
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

async fn look(app: &App) -> Result<(), &'static str> {
    let store = timeout(WITHIN, app.chat.is_alive());
    let (store, sockets) = tokio::join!(store, (app.pulse)(WITHIN));
    match (store, sockets) {
        (Ok(true), true) => Ok(()),
        (Ok(true), false) => Err("a thread that owns sockets"),
        _ => Err("the thread that writes"),
    }
}
