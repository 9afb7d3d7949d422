//! The TCP stream inside a connection that was upgraded.

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;

/// A function that takes the stream out of an upgraded connection, with the bytes that were read of
/// it already, or gives the connection back as it was.
pub type IntoTcp = fn(Upgraded) -> Result<(TcpStream, Bytes), Upgraded>;

/// The TCP stream inside an upgraded connection, whichever of hyper's servers accepted it.
///
/// # Errors
/// The connection as it was, when it is over anything else.
pub fn tcp_stream(upgraded: Upgraded) -> Result<(TcpStream, Bytes), Upgraded> {
    let upgraded = match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => return Ok((parts.io.into_inner(), parts.read_buf)),
        Err(upgraded) => upgraded,
    };
    let parts = upgraded.downcast::<TokioIo<TcpStream>>()?;
    Ok((parts.io.into_inner(), parts.read_buf))
}
