//! The floor: what the machine itself can do.
//!
//! A server that speaks just enough of the wire for this generator and does nothing but write
//! each message's frame to every connection, one write per delivery, from one thread. No
//! people, no permissions, no store, no batching: a real server's cost per delivery is
//! compared with this one's, measured in the same run.

mod connection;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use serde::Deserialize;
use slab::Slab;

use crate::wire::{frame, packet};
use connection::{Connection, Step};

/// The token of the listening socket; connections take their place in the slab.
const LISTENER: Token = Token(usize::MAX - 1);
/// The read buffer, shared by all connections.
const BUFFER_BYTES: usize = 64 << 10;

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
pub(crate) fn serve(address: SocketAddr) -> Result<()> {
    let mut listener =
        TcpListener::bind(address).with_context(|| format!("cannot bind {address}"))?;
    let poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("floor on http://{}", listener.local_addr()?);
    let channel = Channel::default();
    let mut floor =
        Floor { poll, listener, connections: Slab::new(), channel, posted: VecDeque::new() };
    floor.run()
}

impl Floor {
    fn run(&mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
                _ => {}
            }
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
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut stream, Token(entry.key()), interest)?;
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

/// What a message is posted as.
#[derive(Deserialize)]
struct Posted {
    text: String,
}

fn text_of(body: &[u8]) -> Option<String> {
    serde_json::from_slice(body).ok().map(|posted: Posted| posted.text)
}
