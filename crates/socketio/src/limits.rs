//! How many connections there are, in all and per address.
//!
//! A [`Place`] is taken at the handshake and given back when it is dropped, wherever that is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The places of a server.
#[derive(Debug)]
pub(crate) struct Places {
    total: usize,
    per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    peer: IpAddr,
}

impl Places {
    pub(crate) fn new(total: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { total, per_address, taken: Mutex::default() })
    }

    /// Takes a place for this address, or `None` when there is none left.
    pub(crate) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = taken.by_address.get(&peer).copied().unwrap_or(0);
        let crowded = self.per_address > 0 && here >= self.per_address;
        if taken.total >= self.total || crowded {
            return None;
        }
        taken.total += 1;
        taken.by_address.insert(peer, here + 1);
        Some(Place { places: Arc::clone(self), peer })
    }

    #[cfg(test)]
    fn count(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.total = taken.total.saturating_sub(1);
        if let Some(here) = taken.by_address.get_mut(&self.peer) {
            *here -= 1;
            if *here == 0 {
                taken.by_address.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_run_out_and_come_back() {
        let places = Places::new(3, 2);
        let [a, b] = [1, 2].map(|n| IpAddr::from([127, 0, 0, n]));
        let first = places.take(a).expect("a place");
        let _second = places.take(a).expect("a place");
        assert!(places.take(a).is_none(), "two from one address are enough");
        let _third = places.take(b).expect("another address");
        drop(first);
        assert!(places.take(a).is_some());
        assert_eq!(places.count(), 2);
    }
}
