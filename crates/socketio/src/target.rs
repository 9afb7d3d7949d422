//! A target: which sockets an emit, a join, a leave or a disconnect is for.
//!
//! It is a namespace, narrowed to a room or a socket, without those of other rooms or of a socket.

use std::sync::Arc;

use crate::SocketId;

/// A selection of sockets of one namespace.
///
/// `Target::namespace("/app").room("c7").except_room("u3")` is every socket in room `c7` that is not
/// also in room `u3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(crate) namespace: Arc<str>,
    pub(crate) to: To,
    pub(crate) except: Except,
}

/// The part of the namespace that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Everyone,
    Room(Arc<str>),
    Socket(SocketId),
}

/// Those of them who are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Except {
    Nobody,
    Rooms(Vec<Arc<str>>),
    Socket(SocketId),
}

impl Target {
    /// Everybody in a namespace.
    pub fn namespace(namespace: impl Into<Arc<str>>) -> Self {
        Self { namespace: namespace.into(), to: To::Everyone, except: Except::Nobody }
    }

    /// Only the sockets in this room.
    pub fn room(mut self, room: impl Into<Arc<str>>) -> Self {
        self.to = To::Room(room.into());
        self
    }

    /// Only this socket.
    pub fn socket(mut self, id: SocketId) -> Self {
        self.to = To::Socket(id);
        self
    }

    /// Not the sockets in this room. Several rooms can be left out; one socket is forgotten then.
    pub fn except_room(mut self, room: impl Into<Arc<str>>) -> Self {
        match &mut self.except {
            Except::Rooms(rooms) => rooms.push(room.into()),
            _ => self.except = Except::Rooms(vec![room.into()]),
        }
        self
    }

    /// Not this socket, which usually is the sender. Rooms that were left out are forgotten.
    pub fn except_socket(mut self, id: SocketId) -> Self {
        self.except = Except::Socket(id);
        self
    }
}
