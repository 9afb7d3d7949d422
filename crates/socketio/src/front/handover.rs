//! After the answer 101 the stream leaves hyper and goes to its shard.
//!
//! A plain TCP stream is moved, with the bytes that hyper had already read of it. Any other stream
//! (TLS, a listener of the host's own) is copied through a pair of local sockets, which is slower and
//! otherwise the same.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::runtime::Handle;

use crate::command::{Command, Opening};
use crate::link::Protocol;
use crate::places::Place;
use crate::stream::Stream;
use crate::wire::websocket::{Opcode, put_frame};
use crate::{Config, DisconnectReason};

use super::Front;

impl<P: Protocol> Front<P> {
    /// Waits for the upgrade and hands the stream over.
    pub(super) fn hand_over(
        &self,
        upgrade: OnUpgrade,
        shard: u8,
        opening: impl FnOnce(Stream, Bytes) -> Opening + Send + 'static,
    ) {
        let hub = std::sync::Arc::clone(&self.shared.hub);
        let runtime = self.shared.runtime.clone();
        self.shared.runtime.spawn(async move {
            match take(upgrade, &hub.config, &runtime).await {
                Ok((stream, early)) => {
                    hub.to(shard, Command::Open(Box::new(opening(stream, early))));
                }
                // The client went away, or the proxy in front does not support upgrades.
                Err(error) => tracing::debug!(%error, "an upgrade did not come about"),
            }
        });
    }

    /// Accepts a WebSocket and closes it at once.
    pub(super) fn turn_away(&self, upgrade: OnUpgrade, place: Place) {
        let hub = std::sync::Arc::clone(&self.shared.hub);
        self.shared.runtime.spawn(async move {
            if let Err(error) = say_goodbye(upgrade, &hub.config).await {
                tracing::debug!(%error, "a WebSocket that was turned away went first");
            }
            drop(place);
        });
    }
}

/// The stream and the bytes that came with the request.
async fn take(
    upgrade: OnUpgrade,
    config: &Config,
    runtime: &Handle,
) -> io::Result<(Stream, Bytes)> {
    let upgraded = upgraded(upgrade, config.handshake_timeout).await?;
    match (config.into_tcp)(upgraded) {
        Ok((stream, early)) => {
            Ok((Stream::tcp(stream.into_std()?, config.send_buffer_bytes)?, early))
        }
        Err(upgraded) => Ok((bridge(upgraded, runtime)?, Bytes::new())),
    }
}

async fn upgraded(upgrade: OnUpgrade, limit: Duration) -> io::Result<Upgraded> {
    tokio::time::timeout(limit, upgrade)
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        .map_err(io::Error::other)
}

/// Sends the close frame over a WebSocket that was accepted only for that, and waits until the other
/// side has finished: closing earlier could lose the close frame.
async fn say_goodbye(upgrade: OnUpgrade, config: &Config) -> io::Result<()> {
    let mut stream = TokioIo::new(upgraded(upgrade, config.handshake_timeout).await?);
    let mut goodbye = Vec::with_capacity(4);
    let code = DisconnectReason::TransportClosed.close_code();
    put_frame(&mut goodbye, Opcode::Close, &code.to_be_bytes());
    stream.write_all(&goodbye).await?;
    stream.shutdown().await?;
    let rest = async {
        let mut ignored = [0; 512];
        while stream.read(&mut ignored).await? > 0 {}
        Ok(())
    };
    tokio::time::timeout(config.linger, rest).await.unwrap_or(Ok(()))
}

/// Copies in both directions until both are done.
fn bridge(upgraded: Upgraded, runtime: &Handle) -> io::Result<Stream> {
    let (near, far) = std::os::unix::net::UnixStream::pair()?;
    far.set_nonblocking(true)?;
    let mut far = UnixStream::from_std(far)?;
    runtime.spawn(async move {
        let mut upgraded = TokioIo::new(upgraded);
        if let Err(error) = tokio::io::copy_bidirectional(&mut upgraded, &mut far).await {
            tracing::debug!(%error, "a bridged connection broke");
        }
    });
    Stream::bridge(near)
}
