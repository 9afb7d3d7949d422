//! The byte stream of a WebSocket: TCP, or the near end of a bridge to anything else.

use std::io::{self, IoSlice, Read, Write};
use std::net::Shutdown;

use mio::event::Source;
use mio::net::{TcpStream, UnixStream};
use mio::{Interest, Registry, Token};

/// A stream that a shard polls.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    Bridge(UnixStream),
}

impl Stream {
    /// Takes over a TCP stream and fixes its send buffer. Otherwise the kernel would hold megabytes
    /// for a slow reader, outside the bounds of the settings.
    pub(crate) fn tcp(stream: std::net::TcpStream, send_buffer: usize) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let socket = socket2::SockRef::from(&stream);
        socket.set_tcp_nodelay(true)?;
        socket.set_send_buffer_size(send_buffer)?;
        Ok(Self::Tcp(TcpStream::from_std(stream)))
    }

    /// Takes over one end of a pair of sockets.
    pub(crate) fn bridge(stream: std::os::unix::net::UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self::Bridge(UnixStream::from_std(stream)))
    }

    /// Registers both directions once, edge-triggered, so that no change of interest costs a call.
    pub(crate) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        self.source().register(registry, token, Interest::READABLE | Interest::WRITABLE)
    }

    pub(crate) fn reregister(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        self.source().reregister(registry, token, Interest::READABLE | Interest::WRITABLE)
    }

    pub(crate) fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.source().deregister(registry)
    }

    fn source(&mut self) -> &mut dyn Source {
        match self {
            Self::Tcp(stream) => stream,
            Self::Bridge(stream) => stream,
        }
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            Self::Bridge(stream) => stream.read(buffer),
        }
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(data),
            Self::Bridge(stream) => stream.write(data),
        }
    }

    pub(crate) fn write_vectored(&mut self, data: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write_vectored(data),
            Self::Bridge(stream) => stream.write_vectored(data),
        }
    }

    /// Ends the direction of writing.
    pub(crate) fn finish(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Self::Bridge(stream) => stream.shutdown(Shutdown::Write),
        }
    }
}
