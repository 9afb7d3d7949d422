//! Files that have begun to arrive and are not stored yet: whose they are, and their bytes.
//!
//! A file is counted before anything of it is on disk, in one step with the look at the count: when
//! many people begin at once, no more files are begun than there is room for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::promise::Promise;
use crate::files::Error;
use crate::model::ids::{UploadId, UserId};

/// A file that has begun to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) owner: UserId,
    /// All of its bytes, those that have not come included.
    pub(super) bytes: u64,
    /// Whether it comes in parts, over as many requests as it takes.
    pub(super) in_parts: bool,
}

impl Entry {
    /// The entry of a file that comes in parts.
    pub(super) fn of(promise: &Promise) -> Self {
        Self { owner: promise.owner(), bytes: promise.length, in_parts: true }
    }
}

/// All files that have begun to arrive.
#[derive(Default)]
pub(super) struct Begun(Mutex<HashMap<UploadId, Entry>>);

/// The count of one file. It ends when this is dropped, unless it is kept.
pub struct Claim {
    begun: Arc<Begun>,
    id: UploadId,
    is_kept: bool,
    /// The bytes of everything that its owner has begun, this one included.
    pub person_bytes: u64,
    /// The same for everybody.
    pub all_bytes: u64,
}

impl Claim {
    /// Lets the count stay until [`Begun::end`].
    pub(super) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.is_kept {
            self.begun.end(self.id);
        }
    }
}

impl Begun {
    /// Starts with the files that had begun before the server started.
    pub(super) fn of(entries: impl IntoIterator<Item = (UploadId, Entry)>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(entries.into_iter().collect())))
    }

    /// Counts a file. One person may have `most` files that come in parts.
    ///
    /// # Errors
    /// `TooManyBegun`.
    pub(super) fn claim(
        self: &Arc<Self>,
        id: UploadId,
        entry: Entry,
        most: usize,
    ) -> Result<Claim, Error> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = || entries.values().filter(|other| other.owner == entry.owner);
        if entry.in_parts && theirs().filter(|other| other.in_parts).count() >= most {
            return Err(Error::TooManyBegun { max: most });
        }
        let person_bytes = theirs().map(|other| other.bytes).sum::<u64>() + entry.bytes;
        let all_bytes = entries.values().map(|other| other.bytes).sum::<u64>() + entry.bytes;
        entries.insert(id, entry);
        drop(entries);
        Ok(Claim { begun: Arc::clone(self), id, is_kept: false, person_bytes, all_bytes })
    }

    /// The files that a person has begun in parts.
    pub(super) fn of_person(&self, owner: UserId) -> Vec<UploadId> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = entries.iter().filter(|(_, entry)| entry.in_parts && entry.owner == owner);
        theirs.map(|(id, _)| *id).collect()
    }

    /// Ends the count of a file that is stored, or was given up.
    pub(super) fn end(&self, id: UploadId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}
