//! A book of what one person wished for and was acknowledged: pins, what they saved, how far they have read,
//! which threads they follow and how much they want to be told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::copy::integer;
use crate::own::{At, Own, Seat, Stand};

/// The book. It has what was changed at least once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// What was acknowledged last of a channel.
    pub seats: BTreeMap<i64, Seat>,
    /// The threads that they follow, or chose not to.
    pub threads: BTreeMap<At, Stand>,
    /// The note to each message that they saved.
    pub saved: BTreeMap<At, String>,
    /// What they pinned. Nobody else pins these messages or takes them down.
    pub pins: BTreeSet<At>,
}

impl Wishes {
    /// What of it is not so in a fresh load.
    pub(crate) fn faults(&self, who: &str, fresh: &Own) -> Vec<String> {
        let mut faults = Vec::new();
        for (channel, seat) in &self.seats {
            let now = fresh.seats.get(channel);
            if now != Some(seat) {
                faults.push(format!("{who} in {channel}: acknowledged {seat:?}, is {now:?}"));
            }
        }
        let followed = self.threads.iter().filter(|(_, stand)| stand.following);
        let followed: BTreeMap<At, Stand> = followed.map(|(at, stand)| (*at, *stand)).collect();
        if followed != fresh.threads {
            let all = followed.keys().chain(fresh.threads.keys()).collect::<BTreeSet<_>>();
            for at in all.into_iter().filter(|at| followed.get(at) != fresh.threads.get(at)) {
                let (was, is) = (followed.get(at), fresh.threads.get(at));
                faults.push(format!("{who} and thread {at:?}: acknowledged {was:?}, is {is:?}"));
            }
        }
        if self.saved != fresh.saved {
            let (was, is) = (&self.saved, &fresh.saved);
            faults.push(format!("{who} saved {was:?}, and has {is:?}"));
        }
        faults
    }
}

/// What is wrong with the pins of the messages that are stored. `pinned` is what all people pinned: a message
/// that is deleted has none.
pub(crate) fn pin_faults(pinned: &BTreeSet<At>, stored: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for message in stored {
        let at = (integer(&message["channel"]), integer(&message["number"]));
        let wanted = pinned.contains(&at) && message["deleted_at"].is_null();
        if wanted == message["pin"].is_null() {
            faults.push(format!("{at:?} is to be pinned: {wanted}, and is {}", message["pin"]));
        }
    }
    faults
}
