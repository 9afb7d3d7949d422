//! After the 101: the stream leaves hyper and goes to its shard.
//!
//! A plain TCP stream goes there itself, with whatever hyper had already read of it. Anything else
//! (TLS, a listener of the host's own) is copied through a pair of local sockets: slower, the same
//! for everybody else.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::{TcpStream, UnixStream};
use tokio::runtime::Handle;

use crate::hub::{Command, Opening};
use crate::link::Protocol;
use crate::shard::Stream;

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
            let (limit, send_buffer) = (hub.config.handshake_timeout, hub.config.send_buffer_bytes);
            match take(upgrade, limit, send_buffer, &runtime).await {
                Ok((stream, early)) => {
                    hub.to(shard, Command::Open(Box::new(opening(stream, early))));
                }
                // The client went away, or the server in front does not do upgrades.
                Err(error) => tracing::debug!(%error, "an upgrade did not come about"),
            }
        });
    }
}

/// The stream and the bytes that came with the request.
async fn take(
    upgrade: OnUpgrade,
    limit: Duration,
    send_buffer: usize,
    runtime: &Handle,
) -> io::Result<(Stream, Bytes)> {
    let upgraded = tokio::time::timeout(limit, upgrade)
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        .map_err(io::Error::other)?;
    match into_tcp(upgraded) {
        Ok((stream, early)) => Ok((Stream::tcp(stream.into_std()?, send_buffer)?, early)),
        Err(upgraded) => Ok((bridge(upgraded, runtime)?, Bytes::new())),
    }
}

/// The TCP stream inside, whichever of hyper's servers accepted it.
fn into_tcp(upgraded: Upgraded) -> Result<(TcpStream, Bytes), Upgraded> {
    let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => return Ok((parts.io.into_inner(), parts.read_buf)),
        Err(upgraded) => upgraded,
    };
    let parts = upgraded.downcast::<TokioIo<TcpStream>>()?;
    Ok((parts.io.into_inner(), parts.read_buf))
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
