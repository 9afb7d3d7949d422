//! The floor: what the machine itself can do.
//!
//! The floor is a server that speaks just enough of the protocol for this generator. It does nothing
//! but write each message's frame to every connection, one write per delivery, from one thread:
//! without people, permissions, store or batching. A real server's cost per delivery is compared with
//! the floor's, measured in the same run.

mod connection;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use serde::Deserialize;
use slab::Slab;

use crate::readiness;
use crate::wire::{frame, packet};
use connection::{Connection, Step};

/// The token of the listening socket; connections take their place in the slab.
const LISTENER: Token = Token(usize::MAX - 1);
/// The read buffer, shared by all connections.
const BUFFER_BYTES: usize = 64 << 10;

/// The floor.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8099")]
    listen: SocketAddr,
}

/// The one channel there is.
#[derive(Debug, Default)]
struct Channel {
    revision: u64,
    members: Vec<usize>,
}

/// The server.
struct Floor {
    poll: Poll,
    listener: TcpListener,
    connections: Slab<Connection>,
    channel: Channel,
    posted: VecDeque<String>,
}

/// Serves until the process is ended; prints the address when it listens.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut floor = Floor::bind(options.listen)?;
    println!("floor on http://{}", floor.listener.local_addr()?);
    floor.run()
}

impl Floor {
    fn bind(address: SocketAddr) -> Result<Self> {
        let mut listener =
            TcpListener::bind(address).with_context(|| format!("cannot bind {address}"))?;
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let (connections, posted) = (Slab::new(), VecDeque::new());
        Ok(Self { poll, listener, connections, channel: Channel::default(), posted })
    }

    fn run(&mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            readiness::wait(&mut self.poll, &mut events, None)?;
            for event in &events {
                match event.token() {
                    LISTENER => self.accept()?,
                    Token(number) => self.serve(number, &mut buffer),
                }
            }
            while let Some(text) = self.posted.pop_front() {
                self.deliver(&text);
            }
        }
    }

    fn accept(&mut self) -> Result<()> {
        loop {
            let mut stream = match self.listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error).context("cannot accept"),
            };
            stream.set_nodelay(true)?;
            let entry = self.connections.vacant_entry();
            readiness::register(self.poll.registry(), &mut stream, Token(entry.key()))?;
            entry.insert(Connection::new(stream));
        }
    }

    fn serve(&mut self, number: usize, buffer: &mut [u8]) {
        let Some(connection) = self.connections.get_mut(number) else { return };
        let steps = connection.ready(buffer, self.channel.revision);
        for step in steps {
            match step {
                Step::Joined => self.channel.members.push(number),
                Step::Posted(body) => self.posted.extend(text_of(&body)),
                Step::Closed => {
                    self.channel.members.retain(|member| *member != number);
                    self.connections.remove(number);
                    return;
                }
            }
        }
    }

    /// The loop that everything is compared with.
    fn deliver(&mut self, text: &str) {
        self.channel.revision += 1;
        let frame: Arc<[u8]> =
            frame::server_text(packet::message(self.channel.revision, text).as_bytes()).into();
        for member in &self.channel.members {
            self.connections[*member].write(&frame);
        }
    }
}

/// The body of a post.
#[derive(Deserialize)]
struct Posted {
    text: String,
}

fn text_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice(body).ok().map(|posted: Posted| posted.text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::pace::Load;
    use crate::people::Crowd;
    use crate::swarm::{Dialect, Plan, Swarm};
    use crate::target::Target;

    /// A floor on a thread of its own, for as long as the test runs.
    fn start() -> Target {
        let mut floor = Floor::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = floor.listener.local_addr().unwrap();
        std::thread::spawn(move || floor.run());
        Target::parse(&format!("http://{address}")).unwrap()
    }

    #[test]
    fn everybody_hears_every_message_once_and_in_order_under_every_load() {
        let target = start();
        let crowd = Crowd::gather(&target, 30, 1).unwrap();
        let mut swarm = Swarm::connect(&target, crowd, Dialect::SocketIo).unwrap();
        for load in [Load::InFlight(1), Load::InFlight(8), Load::Rate(100.0)] {
            let length = Duration::from_millis(200);
            let plan = Plan { load, length, text_bytes: 80, pid: Some(std::process::id()) };
            let outcome = swarm.run(&plan).unwrap();
            assert!(outcome.is_flawless(), "{outcome}");
            assert!(outcome.sent > 0);
            assert_eq!(outcome.deliveries, outcome.sent * 30);
        }
    }

    #[test]
    fn a_herd_that_was_cut_off_is_back_current_and_hears() {
        use std::time::Instant;

        let target = start();
        let crowd = Crowd::gather(&target, 30, 1).unwrap();
        let mut crowd = Swarm::connect(&target, crowd, Dialect::SocketIo).unwrap().leave();
        let cut = Instant::now();
        let plan = crate::herd::Plan {
            cut,
            open: cut,
            spread: Duration::from_millis(700),
            since: vec![0],
            text_bytes: 80,
            pid: Some(std::process::id()),
        };
        let back = crate::herd::bring_back(&target, &mut crowd, &plan).unwrap();
        assert!(back.is_flawless(), "{back}");
        assert_eq!((back.people, back.current, back.deaf), (30, 30, 0));
        assert!(back.last_s >= 0.5, "nobody comes before half a second: {back}");
    }

    #[test]
    fn posts_that_nobody_hears_are_sent_and_lost_to_nobody() {
        let target = start();
        let crowd = Crowd::gather(&target, 4, 1).unwrap();
        let mut swarm = Swarm::silent(&target, crowd, Dialect::SocketIo).unwrap();
        let length = Duration::from_millis(200);
        let plan = Plan { load: Load::Rate(100.0), length, text_bytes: 80, pid: None };
        let outcome = swarm.run(&plan).unwrap();
        assert!(outcome.is_flawless(), "{outcome}");
        assert_eq!((outcome.sent, outcome.deliveries), (20, 0));
    }

    #[test]
    fn sends_are_counted_as_they_are_answered() {
        let target = start();
        let crowd = Crowd::gather(&target, 4, 1).unwrap();
        let length = Duration::from_millis(200);
        let sent = crate::sends::measure(&target, &crowd, 0, length, 80, None).unwrap();
        assert!(sent.kept > 0);
        assert!(sent.refusals.is_empty());
    }
}
