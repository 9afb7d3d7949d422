//! Slots: how many of something may go on at one time, counted for each key.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::settings::PerPerson;
use crate::chat::{Actor, Chat, Result};
use crate::model::addresses::block;
use crate::model::ids::{SecretHash, UserId};
use crate::model::refusal::Refusal;

/// How long somebody who has no slot left is told to wait, in seconds. Nobody knows when one is
/// free, so it is about as long as a small file takes.
const RETRY_S: u64 = 2;

/// The slots of all keys.
pub(in crate::chat) struct Slots<K: Hash + Eq> {
    /// The most slots of one key; 0 is no limit.
    most: u32,
    /// Only keys that have taken slots, so that the table is as small as what goes on.
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

/// A slot that is taken; it is free again when this is dropped.
pub(in crate::chat) struct Slot<K: Hash + Eq> {
    key: K,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> Slots<K> {
    pub(in crate::chat) fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes a slot.
    ///
    /// # Errors
    /// `TooMany` when all are taken.
    pub(in crate::chat) fn take(&self, key: K) -> Result<Slot<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_insert(0);
        if self.most != 0 && *count >= self.most {
            return Err(Refusal::TooMany { retry_after_s: RETRY_S }.into());
        }
        *count += 1;
        Ok(Slot { key, taken: Arc::clone(&self.taken) })
    }
}

impl<K: Hash + Eq> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

/// The slots of uploads: each takes one of its person and one of its address.
pub(in crate::chat) struct UploadSlots {
    person: Slots<UserId>,
    address: Slots<IpAddr>,
}

/// The slots that one upload has taken.
pub(in crate::chat) struct UploadSlot {
    _person: Slot<UserId>,
    _address: Slot<IpAddr>,
}

impl UploadSlots {
    pub(super) fn new(counts: PerPerson) -> Self {
        Self { person: Slots::new(counts.person), address: Slots::new(counts.address()) }
    }

    /// Takes the slots of an upload.
    ///
    /// # Errors
    /// `TooMany` when all are taken.
    pub(in crate::chat) fn take(&self, actor: &Actor) -> Result<UploadSlot> {
        let person = self.person.take(actor.id())?;
        let address = self.address.take(block(actor.address))?;
        Ok(UploadSlot { _person: person, _address: address })
    }
}

/// The slots of archives: those of one person at one time, and those of all people. Each holds a few pages of
/// messages in memory, and reads the store and the disk as fast as its client takes it.
pub(in crate::chat) struct ArchiveSlots {
    person: Slots<UserId>,
    all: Slots<()>,
}

/// The slots that one archive has taken.
pub(in crate::chat) struct ArchiveSlot {
    _person: Slot<UserId>,
    _all: Slot<()>,
}

impl ArchiveSlots {
    /// Slots for so many archives of one person, and of all people.
    pub(in crate::chat) fn new(of_person: u32, of_all: u32) -> Self {
        Self { person: Slots::new(of_person), all: Slots::new(of_all) }
    }

    /// Takes the slots of an archive.
    ///
    /// # Errors
    /// `TooMany` when all are taken.
    pub(in crate::chat) fn take(&self, by: UserId) -> Result<ArchiveSlot> {
        Ok(ArchiveSlot { _person: self.person.take(by)?, _all: self.all.take(())? })
    }
}

/// A place among a person's sockets; it is free again when this is dropped.
pub struct SocketPlace {
    _slot: Slot<UserId>,
}

/// A place among the sockets of a name that waits at the door; it is free again when this is dropped.
pub struct DoorPlace {
    _slot: Slot<SecretHash>,
}

impl Chat {
    /// Takes a place for one more socket of a browser whose name waits at the door.
    ///
    /// # Errors
    /// `TooMany` when it has as many as it may.
    pub fn place_at_the_door(&self, secret: SecretHash) -> Result<DoorPlace> {
        Ok(DoorPlace { _slot: self.meters.at_the_door.take(secret)? })
    }

    /// Takes a place for one more socket of the actor's.
    ///
    /// # Errors
    /// `TooMany` when they have as many as one person may.
    pub fn place_for_socket(&self, actor: &Actor) -> Result<SocketPlace> {
        Ok(SocketPlace { _slot: self.meters.connections.take(actor.id())? })
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn a_slot_is_free_again_when_it_is_dropped() {
        let slots = Slots::new(2);
        let (one, two) = (slots.take("ada"), slots.take("ada"));
        assert!(one.is_ok() && two.is_ok());
        assert!(slots.take("ada").is_err());
        assert!(slots.take("grace").is_ok(), "another key has its own");
        drop(one);
        assert!(slots.take("ada").is_ok());
        drop(two);
        assert!(slots.taken.lock().unwrap().is_empty(), "nothing is kept of who has none");
    }
}
