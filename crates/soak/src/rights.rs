//! A book of who may do what, as it was acknowledged to whoever gave or took the right.
//!
//! A right is known from the answer on until the next request about it is sent. In between nobody may see
//! anything else, whatever happened to the server meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Something that is given and taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Right {
    /// A person is in the private channel.
    Inside(i64),
    /// The channel whose kind changes is public.
    Public(i64),
    /// A person is a guest.
    Guest(i64),
}

/// What is known of a right: whether it is given, and which of its changes that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub given: bool,
    change: u64,
}

/// The book, shared by those who change rights and those who have them.
#[derive(Default)]
pub(crate) struct Rights(Mutex<BTreeMap<Right, (Option<bool>, u64)>>);

impl Rights {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<Right, (Option<bool>, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request about a right is about to be sent: until it is answered, nothing is known.
    pub(crate) fn changing(&self, right: Right) {
        let mut entries = self.entries();
        let entry = entries.entry(right).or_default();
        *entry = (None, entry.1 + 1);
    }

    /// The request was answered.
    pub(crate) fn acknowledged(&self, right: Right, given: bool) {
        self.entries().entry(right).or_default().0 = Some(given);
    }

    /// What is known of a right now, if anything is.
    pub(crate) fn known(&self, right: Right) -> Option<Known> {
        let (given, change) = self.entries().get(&right).copied()?;
        given.map(|given| Known { given, change })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_known_between_its_changes_only() {
        let (book, right) = (Rights::default(), Right::Inside(7));
        assert_eq!(book.known(right), None);
        book.changing(right);
        assert_eq!(book.known(right), None);
        book.acknowledged(right, true);
        let first = book.known(right);
        assert_eq!(first.map(|known| known.given), Some(true));
        book.changing(right);
        assert_eq!(book.known(right), None);
        book.acknowledged(right, true);
        assert_ne!(book.known(right), first, "it is another change, though to the same");
    }
}
