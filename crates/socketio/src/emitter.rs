//! How the host speaks to many connections: emit, join, leave, disconnect.
//!
//! Nothing here waits or fails. Everything goes through one ordered inbox per shard. What one thread
//! asks for first happens first: a leave counts before any later emit.

use std::sync::Arc;

use crate::command::Command;
use crate::hub::Hub;
use crate::{DisconnectMode, DisconnectReason, Frame, Target};

/// A handle to every connection of a server. Cheap to clone, not tied to the host's types.
#[derive(Clone)]
pub struct Emitter {
    pub(crate) hub: Arc<Hub>,
}

impl Emitter {
    /// Sends a frame to the selected. The frame must be of the target's namespace.
    pub fn emit(&self, to: &Target, frame: Frame) {
        self.hub.to_selected(to, || Command::Emit { to: to.clone(), frame: frame.clone() });
    }

    /// Lets the selected join a room.
    pub fn join(&self, select: &Target, room: &str) {
        let room: Arc<str> = room.into();
        self.hub.to_selected(select, || Command::Join {
            select: select.clone(),
            room: Arc::clone(&room),
        });
    }

    /// Lets the selected leave a room.
    pub fn leave(&self, select: &Target, room: &str) {
        let room: Arc<str> = room.into();
        self.hub.to_selected(select, || Command::Leave {
            select: select.clone(),
            room: Arc::clone(&room),
        });
    }

    /// Ends the selected. A client whose socket leaves the namespace is told so and stays away; a
    /// client whose connection ends reconnects by itself.
    pub fn disconnect(&self, select: &Target, mode: DisconnectMode, reason: DisconnectReason) {
        self.hub.to_selected(select, || Command::Disconnect {
            select: select.clone(),
            mode,
            reason,
        });
    }
}

impl std::fmt::Debug for Emitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Emitter({} shards)", self.hub.shards.len())
    }
}
