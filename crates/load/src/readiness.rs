//! Waiting until sockets can be read or written, as all connections of the generator do.

use std::io;
use std::time::Duration;

use mio::event::Source;
use mio::{Events, Interest, Poll, Registry, Token};

/// Registers a new connection for both directions.
pub(crate) fn register(
    registry: &Registry,
    stream: &mut impl Source,
    token: Token,
) -> io::Result<()> {
    registry.register(stream, token, Interest::READABLE | Interest::WRITABLE)
}

/// Waits for events, at most for `longest`. A signal that interrupts the wait gives no events.
pub(crate) fn wait(
    poll: &mut Poll,
    events: &mut Events,
    longest: Option<Duration>,
) -> io::Result<()> {
    match poll.poll(events, longest) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            events.clear();
            Ok(())
        }
        result => result,
    }
}

/// Whether a call has to be repeated when the socket is ready.
pub(crate) fn not_yet(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected | io::ErrorKind::Interrupted
    )
}
