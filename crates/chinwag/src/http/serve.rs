//! The accept loop: one small task for each HTTP connection, with limits of its time and memory.
//!
//! `axum::serve` sets no deadline for the head of a request, so a client that sends its head byte
//! by byte would hold a task for ever.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::either::Either;
use tower_service::Service;

use super::client_address::Peer;
use super::connections::{Connection, Connections, NoSlot};
use super::listener::Listener;
use super::router::Doors;
use super::watched::Watched;
use crate::model::addresses::block;

/// The time for the head of a request, and for the next request on a connection that is kept open.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest head of a request, and how much of a body is read at one time, in bytes. Browsers
/// and proxies send far less.
const HEAD_BYTES: usize = 16 * 1024;
/// The time for requests in progress when the server stops.
const DRAIN: Duration = Duration::from_secs(3);
/// How long a connection waits for a slot while all are taken: idle connections give way within
/// that time.
const FULL_WAIT: Duration = Duration::from_millis(1_500);
/// Pause after an accept that failed, for example because no file descriptors are left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Serves until `stop` turns true, then finishes the requests in progress. It also ends when the
/// task that ends stuck connections does.
pub async fn serve(listener: Listener, doors: Doors, mut stop: watch::Receiver<bool>) {
    let slots = Connections::new(doors.app.site.connections);
    let mut sweeper = tokio::spawn(Arc::clone(&slots).sweep());
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
            ended = &mut sweeper => {
                tracing::error!(?ended, "stuck connections are not ended any more");
                break;
            }
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                // Most likely there are no file descriptors left.
                slots.give_way();
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let is_proxy = doors.app.site.trusted_proxy.iter().any(|net| net.contains(&address));
        let Some(connection) = accept(&slots, (!is_proxy).then(|| block(address))).await else {
            tracing::debug!(%address, "no slot for another connection");
            continue;
        };
        let connection = Arc::new(connection);
        let service = WithPeer {
            router: doors.router.clone(),
            peer: Peer { address: peer, connection: Arc::clone(&connection) },
        };
        let stop = stop.clone();
        // Each kind of stream keeps its type: the shard that takes over a WebSocket needs the TCP
        // stream.
        match stream {
            Either::Left(tcp) => connections.spawn(answer(tcp, connection, service, stop)),
            Either::Right(unix) => connections.spawn(answer(unix, connection, service, stop)),
        };
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drain = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, drain).await.is_err() {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
    sweeper.abort();
}

/// A slot for a connection; `None` when the connection is to be closed at once, so that its client
/// hears of it.
async fn accept(slots: &Arc<Connections>, address: Option<IpAddr>) -> Option<Connection> {
    let until = Instant::now() + FULL_WAIT;
    loop {
        match Connection::open(slots, address) {
            Ok(slot) => return Some(slot),
            Err(NoSlot::ForAddress) => return None,
            // No other connection is accepted meanwhile: they wait in the kernel, in their order.
            Err(NoSlot::InAll) if Instant::now() < until => tokio::time::sleep(ACCEPT_PAUSE).await,
            Err(NoSlot::InAll) => return None,
        }
    }
}

/// Answers the requests of one connection until it ends.
async fn answer(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    connection: Arc<Connection>,
    service: WithPeer,
    mut stop: watch::Receiver<bool>,
) {
    let stream = Watched::new(stream, Arc::clone(&connection));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    tokio::select! {
        end = served.as_mut() => return log(end),
        () = connection.cut() => return,
        _ = stop.wait_for(|stop| *stop) => served.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        end = served => log(end),
        () = connection.cut() => {}
    }
}

fn log(served: hyper::Result<()>) {
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Puts into every request the connection that it came by.
#[derive(Clone)]
struct WithPeer {
    router: Router,
    peer: Peer,
}

impl Service<hyper::Request<Incoming>> for WithPeer {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = <Router as Service<hyper::Request<Body>>>::Future;

    fn poll_ready(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        Service::<hyper::Request<Body>>::poll_ready(&mut self.router, cx)
    }

    fn call(&mut self, request: hyper::Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        self.peer.connection.begin();
        request.extensions_mut().insert(self.peer.clone());
        self.router.call(request)
    }
}
