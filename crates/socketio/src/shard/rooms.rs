//! Namespaces, rooms and sockets of one shard.
//!
//! The members of a room are a dense list, for the fan-out. A socket knows its position in each list,
//! so that joining and leaving cost the same in a room of ten and in one of ten thousand. Names are
//! looked up once per command; inside, rooms are small numbers.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use slab::Slab;

use crate::id::SocketId;
use crate::target::{Except, Target, To};

#[derive(Default)]
pub(super) struct Rooms {
    namespaces: HashMap<Arc<str>, Namespace>,
    rooms: Slab<Room>,
    pub sockets: Slab<Socket>,
}

struct Namespace {
    everyone: u32,
    rooms: HashMap<Arc<str>, u32>,
}

struct Room {
    namespace: Arc<str>,
    /// `None` for the room of everyone.
    name: Option<Arc<str>>,
    members: Vec<Member>,
}

/// A socket in a room.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub connection: u32,
    pub socket: u32,
    /// The index of the room in the socket's list.
    position: u32,
}

/// A connection's membership in a namespace.
pub(super) struct Socket {
    pub id: SocketId,
    pub namespace: Arc<str>,
    pub connection: u32,
    rooms: Vec<Membership>,
    /// What the socket would have heard, as long as the host has not accepted it.
    pub held: Option<Box<Held>>,
}

struct Membership {
    room: u32,
    /// The index of the socket in the room's list.
    index: u32,
}

/// The frames that came for a socket before it was accepted.
#[derive(Default)]
pub(super) struct Held {
    pub frames: Vec<Bytes>,
    pub bytes: usize,
}

impl Rooms {
    /// Adds a socket. It is not in the room of everyone until it is accepted.
    pub(super) fn enter(&mut self, namespace: &Arc<str>, id: SocketId, connection: u32) -> u32 {
        let namespace = self.namespaces.get_key_value(namespace).map_or(namespace, |(key, _)| key);
        let socket = Socket {
            id,
            namespace: Arc::clone(namespace),
            connection,
            rooms: Vec::new(),
            held: Some(Box::default()),
        };
        self.sockets.insert(socket) as u32
    }

    /// The host accepted the socket: puts it into the room of everyone. Returns what it missed.
    pub(super) fn accept(&mut self, socket: u32) -> Vec<Bytes> {
        let Some(entry) = self.sockets.get_mut(socket as usize) else { return Vec::new() };
        let held = entry.held.take().map(|held| held.frames).unwrap_or_default();
        let namespace = Arc::clone(&entry.namespace);
        let everyone = self.namespace(&namespace).everyone;
        self.add(everyone, socket);
        held
    }

    /// Removes a socket.
    pub(super) fn exit(&mut self, socket: u32) -> Option<Socket> {
        while let Some(last) = self.sockets.get(socket as usize)?.rooms.len().checked_sub(1) {
            self.remove(socket, last);
        }
        self.sockets.try_remove(socket as usize)
    }

    /// Joins a room. Returns how many rooms the socket is in.
    pub(super) fn join(&mut self, socket: u32, name: &Arc<str>) -> usize {
        let Some(entry) = self.sockets.get(socket as usize) else { return 0 };
        let namespace = Arc::clone(&entry.namespace);
        let room = self.room(&namespace, name);
        if self.position_of(socket, room).is_none() {
            self.add(room, socket);
        }
        self.sockets[socket as usize].rooms.len()
    }

    /// Leaves a room, if the socket is in it.
    pub(super) fn leave(&mut self, socket: u32, name: &str) {
        let Some(entry) = self.sockets.get(socket as usize) else { return };
        let Some(room) = self.find(&entry.namespace, name) else { return };
        if let Some(position) = self.position_of(socket, room) {
            self.remove(socket, position);
        }
    }

    /// The members that a target selects before its exception. Empty for a single socket.
    pub(super) fn members(&self, target: &Target) -> &[Member] {
        let Some(namespace) = self.namespaces.get(&target.namespace) else { return &[] };
        let room = match &target.to {
            To::Everyone => Some(namespace.everyone),
            To::Room(name) => namespace.rooms.get(name).copied(),
            To::Socket(_) => None,
        };
        room.and_then(|room| self.rooms.get(room as usize)).map_or(&[], |room| &room.members)
    }

    /// Whether a target selects nobody here. `false` for a single socket, which is not looked for.
    pub(super) fn is_for_nobody(&self, target: &Target) -> bool {
        !matches!(target.to, To::Socket(_)) && self.members(target).is_empty()
    }

    /// The sockets that a target leaves out, sorted.
    pub(super) fn excepted(
        &self,
        target: &Target,
        find: impl Fn(SocketId) -> Option<u32>,
    ) -> Vec<u32> {
        let mut out = match &target.except {
            Except::Nobody => Vec::new(),
            Except::Socket(id) => find(*id).into_iter().collect(),
            Except::Rooms(names) => names
                .iter()
                .filter_map(|name| self.find(&target.namespace, name))
                .filter_map(|room| self.rooms.get(room as usize))
                .flat_map(|room| room.members.iter().map(|member| member.socket))
                .collect(),
        };
        out.sort_unstable();
        out
    }

    fn find(&self, namespace: &str, name: &str) -> Option<u32> {
        self.namespaces.get(namespace)?.rooms.get(name).copied()
    }

    fn namespace(&mut self, name: &Arc<str>) -> &mut Namespace {
        self.namespaces.entry(Arc::clone(name)).or_insert_with(|| {
            let room =
                Room { namespace: Arc::clone(name), name: None, members: Vec::with_capacity(1) };
            Namespace { everyone: self.rooms.insert(room) as u32, rooms: HashMap::new() }
        })
    }

    fn room(&mut self, namespace: &Arc<str>, name: &Arc<str>) -> u32 {
        if let Some(room) = self.find(namespace, name) {
            return room;
        }
        let room = Room {
            namespace: Arc::clone(namespace),
            name: Some(Arc::clone(name)),
            members: Vec::with_capacity(1),
        };
        let room = self.rooms.insert(room) as u32;
        self.namespace(namespace).rooms.insert(Arc::clone(name), room);
        room
    }

    fn position_of(&self, socket: u32, room: u32) -> Option<usize> {
        self.sockets[socket as usize].rooms.iter().position(|membership| membership.room == room)
    }

    fn add(&mut self, room: u32, socket: u32) {
        let entry = &mut self.sockets[socket as usize];
        let members = &mut self.rooms[room as usize].members;
        let (position, index) = (entry.rooms.len() as u32, members.len() as u32);
        // A socket in a single room is common; a vector grows to four by itself.
        if entry.rooms.is_empty() {
            entry.rooms.reserve_exact(2);
        }
        entry.rooms.push(Membership { room, index });
        members.push(Member { connection: entry.connection, socket, position });
    }

    /// Takes a socket out of the room at this position of its list. What moves into the gap in
    /// either list gets its new position.
    fn remove(&mut self, socket: u32, position: usize) {
        let entry = &mut self.sockets[socket as usize];
        let Membership { room, index } = entry.rooms.swap_remove(position);
        if let Some(moved) = entry.rooms.get(position) {
            let (room, index) = (moved.room as usize, moved.index as usize);
            self.rooms[room].members[index].position = position as u32;
        }
        let members = &mut self.rooms[room as usize].members;
        members.swap_remove(index as usize);
        if let Some(moved) = members.get(index as usize).copied() {
            self.sockets[moved.socket as usize].rooms[moved.position as usize].index = index;
        }
        if self.rooms[room as usize].members.is_empty() {
            self.forget(room);
        }
    }

    /// Forgets an empty room, and its namespace when that has no other.
    fn forget(&mut self, room: u32) {
        let Room { namespace, name, .. } = self.rooms.remove(room as usize);
        let Some(entry) = self.namespaces.get_mut(&namespace) else { return };
        match name {
            Some(name) => {
                entry.rooms.remove(&name);
            }
            // Sockets that are still entering may be in rooms of this namespace: then the room of
            // everyone must exist for them.
            None => {
                let empty = Room { namespace: Arc::clone(&namespace), name: None, members: vec![] };
                entry.everyone = self.rooms.insert(empty) as u32;
            }
        }
        let everyone = entry.everyone;
        if entry.rooms.is_empty() && self.rooms[everyone as usize].members.is_empty() {
            self.rooms.remove(everyone as usize);
            self.namespaces.remove(&namespace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Address;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn socket(rooms: &mut Rooms, connection: u32) -> u32 {
        let at = Address { shard: 0, slot: connection, generation: 0 };
        let id = SocketId::new([0; 5], at).expect("randomness");
        let socket = rooms.enter(&"/".into(), id, connection);
        rooms.accept(socket);
        socket
    }

    fn members(rooms: &Rooms, room: &str) -> BTreeSet<u32> {
        let target = Target::namespace("/").room(room);
        rooms.members(&target).iter().map(|member| member.socket).collect()
    }

    proptest! {
        /// Whatever is joined and left, the lists agree with a plain model.
        #[test]
        fn rooms_agree_with_a_model(steps in prop::collection::vec((0..3_u8, 0..6_u32, 0..4_u8), 0..200)) {
            let mut rooms = Rooms::default();
            let mut model: BTreeMap<u8, BTreeSet<u32>> = BTreeMap::new();
            let mut sockets: Vec<u32> = (0..6).map(|i| socket(&mut rooms, i)).collect();
            for (step, who, room) in steps {
                let one = sockets[who as usize];
                match step {
                    0 => {
                        rooms.join(one, &room.to_string().into());
                        model.entry(room).or_default().insert(one);
                    }
                    1 => {
                        rooms.leave(one, &room.to_string());
                        model.entry(room).or_default().remove(&one);
                    }
                    _ => {
                        rooms.exit(one);
                        model.values_mut().for_each(|room| { room.remove(&one); });
                        sockets[who as usize] = socket(&mut rooms, who);
                    }
                }
                for room in 0..4 {
                    let expected = model.get(&room).cloned().unwrap_or_default();
                    prop_assert_eq!(members(&rooms, &room.to_string()), expected);
                }
                prop_assert_eq!(rooms.members(&Target::namespace("/")).len(), 6);
            }
            sockets.iter().for_each(|socket| { rooms.exit(*socket); });
            prop_assert!(rooms.namespaces.is_empty() && rooms.rooms.is_empty());
        }
    }
}
