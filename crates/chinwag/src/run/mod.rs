//! Running a server, and stopping it in order.

mod build;
mod error;
mod indexing;
pub mod operator;
mod settings;
mod tasks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use socketio::DisconnectReason;
use tokio::sync::watch;

pub(crate) use build::{Parts, build};
pub use error::StartError;

use crate::chat::Chat;
use crate::clock::{Clock, SteadyClock, SystemClock};
use crate::config::Config;
use crate::http::{Listener, serve};
use crate::secrets::Secret;
use crate::socket::tell_presences;
use indexing::index;
use tasks::Tasks;

/// How often expired data is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// How often the visits of guests are ended that are over. A request is refused at once; this is how late
/// a socket may end.
const VISITS_EVERY: Duration = Duration::from_secs(2);
/// How often what was deleted is forgotten, at most …
const FORGET_EVERY: Duration = Duration::from_secs(10);
/// … and at least: nothing is left of it in the folder within a minute.
const FORGET_WITHIN: Duration = Duration::from_secs(40);
/// The pause between two passes is so many times as long as the last one took: it reads the database.
const FORGET_PART: u32 = 20;
/// How long telling the clients that the server stops may take.
const GOODBYE: Duration = Duration::from_secs(3);

/// Runs the server on that listener by the clocks of the machine; see [`run_by`].
///
/// # Errors
/// When a part could not be started, or could not go on.
pub async fn run(
    config: Config,
    listener: impl Into<Listener>,
    ready: impl FnOnce(Option<FirstPath>),
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    run_by(Arc::new(SystemClock), config, listener, ready, stop).await
}

/// The path that makes the first owner of a place, as long as it has none: whoever opens it. It is in
/// memory only and another one at each start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstPath(pub String);

/// Runs the server by those clocks on that listener. It calls `ready`, with the path for the first owner
/// when there is none, and goes on until `stop` ends; then it finishes the requests in flight, tells the sockets to connect again, and closes
/// the store.
///
/// # Errors
/// When a part could not be started, or could not go on.
pub async fn run_by(
    clock: Arc<dyn Clock>,
    config: Config,
    listener: impl Into<Listener>,
    ready: impl FnOnce(Option<FirstPath>),
    stop: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SteadyClock::over(clock));
    let Parts { chat, live, sockets, doors } = build(&config, Arc::clone(&clock)).await?;
    let (stopping, stopped) = watch::channel(false);
    let mut tasks = Tasks::default();
    tasks.start("accept connections", serve(listener.into(), doors, stopped));
    let presences =
        tasks.start("tell presences", tell_presences(Arc::clone(&chat), Arc::clone(&live)));
    let heads = tasks.start("tell heads", async move { live.tell_heads().await });
    let deleted = Arc::clone(&chat);
    let remover = tasks
        .start("remove deleted channels", async move { deleted.remove_deleted_channels().await });
    let written = Arc::clone(&chat);
    let wiper =
        tasks.start("remove what people wrote", async move { written.remove_written().await });
    let sweeper = tasks.start("remove what is old", sweep(Arc::clone(&chat), Arc::clone(&clock)));
    let visits = tasks.start("end visits", end_visits(Arc::clone(&chat), Arc::clone(&clock)));
    let indexer = tasks.start("index messages", index(Arc::clone(&chat), Arc::clone(&clock)));
    let forgetter = tasks.start("forget what was deleted", forget(Arc::clone(&chat), clock));
    let operator =
        tasks.start("obey the operator", operator::listen(config.data.clone(), Arc::clone(&chat)));
    ready(first_path(&chat)?);
    let ended = tokio::select! {
        () = stop => Ok(()),
        () = sockets.died() => Err(StartError::ShardDied),
        () = chat.store_ended() => Err(StartError::StoreDied),
        task = tasks.died() => Err(StartError::TaskDied(task)),
    };
    tracing::info!("stopping");
    heads.abort();
    presences.abort();
    sweeper.abort();
    remover.abort();
    wiper.abort();
    visits.abort();
    forgetter.abort();
    indexer.abort();
    operator.abort();
    let _ = stopping.send(true);
    let told = tokio::time::timeout(GOODBYE, sockets.close(DisconnectReason::Shutdown));
    let (told, ()) = tokio::join!(told, tasks.finish());
    if told.is_err() {
        tracing::warn!("some sockets were not told in time");
    }
    chat.close().await;
    ended
}

/// The path for the first owner, if there is none.
fn first_path(chat: &Chat) -> Result<Option<FirstPath>, StartError> {
    if chat.place().has_owner {
        return Ok(None);
    }
    let secret = Secret::generate().map_err(std::io::Error::other)?;
    chat.expect_owner(secret.hash());
    Ok(Some(FirstPath(format!("/first/{}", secret.text()))))
}

/// Ends the visits of guests in time.
async fn end_visits(chat: Arc<Chat>, clock: Arc<dyn Clock>) {
    loop {
        if let Err(error) = chat.end_visits().await {
            tracing::error!(%error, "could not end visits");
        }
        clock.pause(VISITS_EVERY).await;
    }
}

/// Sees to it that nothing is left of what was deleted. A pass of before the start may not have come to
/// an end, so the first one does something in any case.
async fn forget(chat: Arc<Chat>, clock: Arc<dyn Clock>) {
    let mut pause = FORGET_EVERY;
    loop {
        clock.pause(pause).await;
        let began = Instant::now();
        if let Err(error) = chat.forget_deleted().await {
            tracing::warn!(%error, "something may be left of what was deleted; trying again");
        }
        pause = (began.elapsed() * FORGET_PART).clamp(FORGET_EVERY, FORGET_WITHIN);
    }
}

async fn sweep(chat: Arc<Chat>, clock: Arc<dyn Clock>) {
    loop {
        if let Err(error) = chat.sweep().await {
            tracing::error!(%error, "could not remove what is old");
        }
        clock.pause(SWEEP_EVERY).await;
    }
}
