//! The server under load: where it is, and how to dial it.
//!
//! The kernel gives a client address about 28,000 ports. Towards a server on the loopback network the
//! generator therefore dials from 127.0.0.2, 127.0.0.3 and so on, a fixed number of connections from
//! each. It chooses the port too: the kernel would try one after the other against all that are
//! taken, which was 9 of 10 seconds of a herd's processor time.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use mio::net::TcpStream;
use socket2::{Domain, Protocol, Socket, Type};

/// Connections that share one source address, each with up to two sockets at a time.
const PER_SOURCE: usize = 10_000;
/// The ports to dial from, on each source address.
const PORTS: Range<u16> = 10_000..60_000;
/// How many ports are tried for one connection, in case others have taken them.
const TRIES: usize = 1000;
/// Counts the ports given out.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A server, reached without TLS.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    address: SocketAddr,
    host: String,
}

impl Target {
    /// Reads `http://host[:port]`.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let Some(rest) = url.strip_prefix("http://") else {
            bail!("{url}: only http:// is spoken; aim at the server itself, not at its TLS proxy");
        };
        let host = rest.trim_end_matches('/').to_owned();
        if host.is_empty() || host.contains('/') {
            bail!("{url}: expected http://host[:port] without a path");
        }
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let name = if has_port { host.clone() } else { format!("{host}:80") };
        let address = name
            .to_socket_addrs()
            .with_context(|| format!("{url}: cannot find the host"))?
            .next()
            .with_context(|| format!("{url}: the host has no address"))?;
        Ok(Self { address, host })
    }

    /// Where to connect.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `Host` header.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Starts to connect, as the connection number `number` of this process.
    pub(crate) fn dial(&self, number: usize) -> io::Result<TcpStream> {
        let socket =
            Socket::new(Domain::for_address(self.address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        // Closing resets the connection. Otherwise it would hold its port for another minute, and the
        // next run would not find enough ports.
        socket.set_linger(Some(Duration::ZERO))?;
        if let Some(source) = self.source(number) {
            bind(&socket, source)?;
        }
        match socket.connect(&self.address.into()) {
            Ok(()) => {}
            Err(error) if in_progress(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(TcpStream::from_std(socket.into()))
    }

    fn source(&self, number: usize) -> Option<IpAddr> {
        let IpAddr::V4(address) = self.address.ip() else { return None };
        let last = u8::try_from(2 + number / PER_SOURCE).unwrap_or(254).min(254);
        address.is_loopback().then_some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
    }
}

/// Binds to the next free port of that address.
fn bind(socket: &Socket, source: IpAddr) -> io::Result<()> {
    let mut result = Ok(());
    for _ in 0..TRIES {
        let next = NEXT.fetch_add(1, Ordering::Relaxed) % PORTS.len();
        let port = PORTS.start.saturating_add(u16::try_from(next).unwrap_or(0));
        result = socket.bind(&SocketAddr::new(source, port).into());
        match &result {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            _ => break,
        }
    }
    result
}

/// Whether this error only says that the connection is being made.
fn in_progress(error: &io::Error) -> bool {
    const EINPROGRESS: i32 = 115;
    error.kind() == io::ErrorKind::WouldBlock || error.raw_os_error() == Some(EINPROGRESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_a_wrong_one_is_named() {
        assert_eq!(Target::parse("http://127.0.0.1:8080").unwrap().host(), "127.0.0.1:8080");
        assert_eq!(Target::parse("http://127.0.0.1/").unwrap().address.port(), 80);
        for wrong in ["https://127.0.0.1", "127.0.0.1:80", "http://", "http://127.0.0.1/chat"] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn many_connections_are_spread_over_source_addresses() {
        let target = Target::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(target.source(0), Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2))));
        assert_eq!(target.source(49_999), Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 6))));
    }
}
