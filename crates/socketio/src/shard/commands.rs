//! Carrying out the commands in the inbox, in order.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use bytes::{Bytes, BytesMut};

use crate::command::Command;
use crate::frame::Frame;
use crate::id::{Address, SocketId};
use crate::target::{Target, To};
use crate::{DisconnectMode, DisconnectReason};

use super::rooms::Rooms;
use super::state::Shard;

/// Bytes up to which successive frames for the same target become one: a send buffer's worth.
const JOINED_BYTES: usize = 64 * 1024;

impl Shard {
    pub(super) fn run_commands(&mut self, commands: &mut Vec<Command>) {
        let mut commands = commands.drain(..).peekable();
        while let Some(command) = commands.next() {
            match command {
                Command::Emit { to, .. } if self.rooms.is_for_nobody(&to) => {}
                Command::Emit { to, frame } => {
                    let (bytes, events) = join_frames(&self.rooms, &to, frame, &mut commands);
                    self.emit(&to, bytes, events);
                }
                other => self.command(other),
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open(opening) => self.open(*opening),
            Command::Poll { at, reply } => self.poll(at, reply),
            Command::PollGone { at } => self.poll_gone(at),
            Command::Post { at, records, reply } => self.post(at, records, reply),
            Command::Resume { at } => self.at(at, Self::resume),
            Command::Send { at, frame } => self.at(at, |shard, slot| {
                if shard.connections[slot].is_open() {
                    shard.send(slot, frame.0);
                }
            }),
            Command::Enter { at, namespace, id } => self.enter(at, &namespace, id),
            Command::Accept { at, id } => self.accept(at, id),
            Command::Exit { at, id, last } => self.exit(at, id, last),
            Command::Close { at, reason } => self.at(at, |shard, slot| shard.close(slot, reason)),
            Command::Emit { to, frame } => self.emit(&to, frame.0, 1),
            Command::Join { select, room } => {
                self.selected(&select).into_iter().for_each(|socket| self.join(socket, &room));
            }
            Command::Leave { select, room } => {
                let sockets = self.selected(&select);
                sockets.into_iter().for_each(|socket| self.rooms.leave(socket, &room));
            }
            Command::Disconnect { select, mode, reason } => {
                let sockets = self.selected(&select);
                sockets.into_iter().for_each(|socket| self.kick(socket, mode, reason));
            }
            Command::Stop { reason } => self.stop(reason),
            Command::Ping { reply } => {
                // The code that asked may have given up.
                let _ = reply.send(());
            }
            #[cfg(test)]
            Command::Panic => panic!("as the test asked"),
        }
    }

    fn at(&mut self, at: Address, run: impl FnOnce(&mut Self, usize)) {
        if let Some(slot) = self.slot(at) {
            run(self, slot);
        }
    }

    /// The sockets that a target selects.
    pub(super) fn selected(&self, target: &Target) -> Vec<u32> {
        let excepted = self.rooms.excepted(target, |id| self.find_socket(id));
        let wanted = |socket: &u32| excepted.binary_search(socket).is_err();
        if let To::Socket(id) = target.to {
            let in_namespace =
                |socket: &u32| self.rooms.sockets[*socket as usize].namespace == target.namespace;
            return self.find_socket(id).filter(in_namespace).filter(wanted).into_iter().collect();
        }
        self.rooms.members(target).iter().map(|member| member.socket).filter(wanted).collect()
    }

    /// The socket of this id, found by the location that the id names.
    pub(super) fn find_socket(&self, id: SocketId) -> Option<u32> {
        let (shard, slot) = id.location(self.hub.key);
        if shard != self.index {
            return None;
        }
        let sockets = &self.connections.get(slot as usize)?.sockets;
        sockets.iter().copied().find(|socket| self.rooms.sockets[*socket as usize].id == id)
    }

    /// Adds a socket that waits for the host's answer.
    fn enter(&mut self, at: Address, namespace: &Arc<str>, id: SocketId) {
        let Some(slot) = self.slot(at) else { return };
        let connection = &mut self.connections[slot];
        if !connection.is_open() {
            return;
        }
        let socket = self.rooms.enter(namespace, id, slot as u32);
        // Most connections have one socket; a vector grows to four by itself.
        connection.sockets.reserve_exact(1);
        connection.sockets.push(socket);
        connection.entering += 1;
    }

    /// The host accepted a socket: its client is told so, and then gets what it missed.
    fn accept(&mut self, at: Address, id: SocketId) {
        let (Some(slot), Some(socket)) = (self.slot(at), self.find_socket(id)) else { return };
        let namespace = Arc::clone(&self.rooms.sockets[socket as usize].namespace);
        self.send(slot, Frame::connected(&namespace, &id.to_string()).0);
        for frame in self.rooms.accept(socket) {
            self.send(slot, frame);
        }
        self.connections[slot].entering -= 1;
        self.set_limit(slot, None);
    }

    /// Removes a socket.
    fn exit(&mut self, at: Address, id: SocketId, last: Option<Frame>) {
        let Some(slot) = self.slot(at) else { return };
        if let Some(socket) = self.find_socket(id) {
            self.remove_socket(slot, socket);
        } else if last.is_some() {
            // The socket was ended while the host still decided about it, and its client was told.
            return;
        }
        if let Some(frame) = last
            && self.connections[slot].is_open()
        {
            self.send(slot, frame.0);
        }
    }

    fn remove_socket(&mut self, slot: usize, socket: u32) {
        let connection = &mut self.connections[slot];
        connection.sockets.retain(|other| *other != socket);
        let is_last = connection.sockets.is_empty();
        if self.rooms.exit(socket).is_some_and(|socket| socket.held.is_some()) {
            self.connections[slot].entering -= 1;
        }
        // A connection without a socket has as long to join as a new one.
        if is_last && self.connections[slot].timers.limit == super::connection::NONE {
            let limit = self.config().connect_timeout;
            self.set_limit(slot, Some(limit));
        }
    }

    fn join(&mut self, socket: u32, room: &Arc<str>) {
        let rooms = self.rooms.join(socket, room);
        if rooms > self.config().max_rooms_per_socket
            && let Some(entry) = self.rooms.sockets.get(socket as usize)
        {
            tracing::warn!(rooms, "a socket is in more rooms than allowed; it is closed");
            self.close(entry.connection as usize, DisconnectReason::LimitExceeded);
        }
    }

    /// The host ends a socket or its connection.
    fn kick(&mut self, socket: u32, mode: DisconnectMode, reason: DisconnectReason) {
        let Some(entry) = self.rooms.sockets.get(socket as usize) else { return };
        let (slot, id) = (entry.connection as usize, entry.id);
        if mode == DisconnectMode::Connection {
            return self.close(slot, reason);
        }
        let farewell = Frame::disconnect(&entry.namespace);
        self.remove_socket(slot, socket);
        self.send(slot, farewell.0);
        Arc::clone(&self.connections[slot].upper).kicked(id, reason);
    }

    /// Ends all connections; the thread ends with the last of them.
    fn stop(&mut self, reason: DisconnectReason) {
        self.stop_at = Some(Instant::now() + self.config().linger);
        self.close_all(reason);
    }

    /// The inbox was full and a command was dropped. Any connection may have missed something, so all
    /// are closed, and their clients reconnect.
    pub(super) fn overrun(&mut self) {
        tracing::warn!(
            shard = self.index,
            connections = self.connections.len(),
            "more was said at once than this shard could pass on; its connections are closed and \
             come back"
        );
        self.inbox.counters.overruns.fetch_add(1, Relaxed);
        self.close_all(DisconnectReason::Overrun);
    }

    fn close_all(&mut self, reason: DisconnectReason) {
        let slots: Vec<usize> = self.connections.iter().map(|(slot, _)| slot).collect();
        slots.into_iter().for_each(|slot| self.close(slot, reason));
    }
}

/// Joins successive frames for the same target, so that they go out in one write; the copy is made
/// once for all members. Frames that nobody hears do not separate them: a host that emits every
/// event to a second namespace too has nobody there most of the time.
fn join_frames(
    rooms: &Rooms,
    to: &Target,
    frame: Frame,
    rest: &mut std::iter::Peekable<impl Iterator<Item = Command>>,
) -> (Bytes, u32) {
    let joins = |command: &Command| match command {
        Command::Emit { to: other, .. } => other == to || rooms.is_for_nobody(other),
        _ => false,
    };
    let mut joined = BytesMut::new();
    let mut events = 1;
    while joined.len() + frame.len() < JOINED_BYTES {
        let Some(Command::Emit { to: other, frame: next }) = rest.next_if(joins) else { break };
        if other != *to {
            continue;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&frame.0);
        }
        joined.extend_from_slice(&next.0);
        events += 1;
    }
    if events == 1 { (frame.0, 1) } else { (joined.freeze(), events) }
}
