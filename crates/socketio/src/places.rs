//! The places for connections: how many there are in all, and per address.
//!
//! A [`Place`] is taken at the handshake and given back when it is dropped.

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

/// Why there is no place left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// The server is full.
    InAll,
    /// This address has as many as one address may have.
    ForAddress,
}

impl Places {
    pub(crate) fn new(total: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { total, per_address, taken: Mutex::default() })
    }

    /// Takes a place for this address, if there is one left.
    pub(crate) fn take(self: &Arc<Self>, peer: IpAddr) -> Result<Place, NoPlace> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = taken.by_address.get(&peer).copied().unwrap_or(0);
        if self.per_address > 0 && here >= self.per_address {
            return Err(NoPlace::ForAddress);
        }
        if taken.total >= self.total {
            return Err(NoPlace::InAll);
        }
        taken.total += 1;
        taken.by_address.insert(peer, here + 1);
        Ok(Place { places: Arc::clone(self), peer })
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
        assert_eq!(places.take(a).err(), Some(NoPlace::ForAddress), "two from one are enough");
        let _third = places.take(b).expect("another address");
        assert_eq!(places.take(b).err(), Some(NoPlace::InAll));
        drop(first);
        assert!(places.take(a).is_ok());
        assert_eq!(places.count(), 2);
    }
}
