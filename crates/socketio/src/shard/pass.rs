//! A pass: which frames go to which connections.
//!
//! The frames of a pass stand in one list; a connection's share is a chain of small links to them,
//! so that giving a frame to ten thousand connections allocates nothing per connection.

use bytes::Bytes;

use super::connection::{Chain, NONE};

/// Links after which a pass is written before more are gathered (2 MiB of links).
pub(super) const MOST_LINKS: usize = 1 << 18;

/// What this pass writes.
#[derive(Default)]
pub(super) struct Pass {
    pub(super) frames: Vec<Shared>,
    pub(super) links: Vec<Link>,
    /// Connections that get something, by slot.
    pub(super) dirty: Vec<u32>,
    /// The chain of the connection that is being written.
    pub(super) share: Vec<u32>,
    pub(super) delivered: u64,
    pub(super) written: u64,
}

/// A frame for any number of connections; several events may have been joined in it.
pub(super) struct Shared {
    pub(super) bytes: Bytes,
    events: u32,
}

#[derive(Clone, Copy)]
pub(super) struct Link {
    frame: u32,
    next: u32,
}

impl Pass {
    /// Adds a frame. Returns its number in this pass.
    pub(super) fn frame(&mut self, bytes: Bytes, events: u32) -> u32 {
        self.frames.push(Shared { bytes, events });
        (self.frames.len() - 1) as u32
    }

    /// Gives a frame to a connection.
    pub(super) fn give(&mut self, slot: u32, chain: &mut Chain, frame: u32) {
        let link = self.links.len() as u32;
        self.links.push(Link { frame, next: NONE });
        if chain.tail == NONE {
            chain.head = link;
            self.dirty.push(slot);
        } else {
            self.links[chain.tail as usize].next = link;
        }
        chain.tail = link;
    }

    /// Gathers a chain into `share`, in order.
    pub(super) fn gather(&mut self, chain: Chain) {
        self.share.clear();
        let mut at = chain.head;
        while at != NONE {
            let Link { frame, next } = self.links[at as usize];
            self.share.push(frame);
            self.delivered += u64::from(self.frames[frame as usize].events);
            at = next;
        }
    }

    /// Counts bytes that went out another way.
    pub(super) fn note_written(&mut self, bytes: usize) {
        self.written += bytes as u64;
    }

    pub(super) fn shared(&self) -> impl Iterator<Item = &Bytes> {
        self.share.iter().map(|frame| &self.frames[*frame as usize].bytes)
    }
}
