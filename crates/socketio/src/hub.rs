//! The way into the shards. A [`Hub`] reaches every connection and knows none of the host's types.
//! Each shard does what one thread puts in, in the order in which that thread put it in.

use std::sync::Arc;

use tokio::sync::watch;

use crate::Config;
use crate::command::Command;
use crate::frame::Frame;
use crate::id::Address;
use crate::inbox::Inbox;
use crate::target::{Target, To};

/// All shards.
pub(crate) struct Hub {
    pub config: Config,
    /// The key that hides the address inside socket ids.
    pub key: [u8; 5],
    pub shards: Vec<Arc<Inbox>>,
    /// Turns true when a shard ended that was not told to.
    pub died: watch::Sender<bool>,
}

impl Hub {
    /// Puts a command in the inbox of one connection's shard.
    pub(crate) fn to(&self, shard: u8, command: Command) {
        if let Some(inbox) = self.shards.get(usize::from(shard)) {
            inbox.push(command);
        }
    }

    /// Puts a command in the inbox of every shard that may hold one of the selected.
    pub(crate) fn to_selected(&self, target: &Target, command: impl Fn() -> Command) {
        match target.to {
            To::Socket(id) => self.to(id.location(self.key).0, command()),
            To::Everyone | To::Room(_) => self.shards.iter().for_each(|inbox| {
                inbox.push(command());
            }),
        }
    }
}

/// The way to one connection.
#[derive(Clone)]
pub(crate) struct Outlet {
    pub hub: Arc<Hub>,
    pub at: Address,
}

impl Outlet {
    pub(crate) fn send(&self, frame: Frame) {
        self.hub.to(self.at.shard, Command::Send { at: self.at, frame });
    }
}

impl std::fmt::Debug for Outlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outlet({:?})", self.at)
    }
}
