//! How often each thing may be done, by person or by address.
//!
//! Time here is the boot clock's: whoever sets the wall clock changes nothing.
//!
//! One token bucket per key (GCRA: one number each). A key that is full again says nothing more
//! than a key that never was, so those are dropped when a table grows; at [`MAX_KEYS`] live keys
//! the table is emptied, which lets somebody try a little more rather than grow without end.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::passwords::Door;
use super::{Actor, Chat, Result};
use crate::model::addresses::block;
use crate::model::ids::{ChannelId, UserId};
use crate::model::refusal::Refusal;
use crate::model::time::Uptime;

/// The most keys that one table holds.
const MAX_KEYS: usize = 100_000;
/// What somebody who has as much under way as she may is told to wait, in seconds: nobody knows how
/// long it takes, so about as long as a small file.
const SLOT_RETRY_S: u64 = 2;

/// A limit of one person, and the one of all who share an address; each 0 when there is none. None
/// for a person is none for an address either.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerPerson {
    /// One person's.
    pub person: u32,
    /// One address's.
    pub address: u32,
}

/// How often each thing may be done; 0 switches a limit off, and the default is none at all.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Sign-ins of held names, per address and minute.
    pub sign_ins: u32,
    /// Wrong passwords, per name, address and minute; ten times as many per name from everywhere;
    /// and as many again of one person who is signed in and changes theirs.
    pub wrong_passwords: u32,
    /// New names, per address and minute.
    pub new_names: u32,
    /// Messages (posted and deleted), per second.
    pub messages: PerPerson,
    /// How many of them one person may send at once.
    pub messages_burst: u32,
    /// Text of messages, in kilobytes per second; none where messages have no limit.
    pub message_kb: PerPerson,
    /// Everything else that changes something (topics, joining and leaving, marks, settings,
    /// tokens), per second.
    pub commands: PerPerson,
    /// Topics, per minute; a channel's topic changes no more often than one person may set it.
    pub topics: PerPerson,
    /// New channels, per hour.
    pub new_channels: PerPerson,
    /// Files, per hour.
    pub uploads: PerPerson,
    /// Files that are sent at one time.
    pub uploads_at_once: PerPerson,
    /// Sockets of one person.
    pub connections: u32,
    /// Files that one person has begun to send and not finished.
    pub unfinished_uploads: u32,
    /// Reports of clients that found something wrong, per person and minute.
    pub reports: u32,
}

/// The buckets of all limits.
pub(super) struct Meters {
    pub(super) sign_ins: Meter<IpAddr>,
    pub(super) guesses: Guesses,
    pub(super) new_names: Meter<IpAddr>,
    pub(super) messages: Pair,
    pub(super) message_kb: Pair,
    pub(super) commands: Pair,
    pub(super) topics: Pair,
    pub(super) topics_of: Meter<ChannelId>,
    pub(super) new_channels: Pair,
    pub(super) uploads: Pair,
    pub(super) uploads_at_once: UploadSlots,
    pub(super) connections: Slots<UserId>,
    pub(super) reports: Meter<UserId>,
}

/// Seconds' worth of messages that an address may send at once: a room that answers a question.
const ADDRESS_BURST_S: u32 = 4;
/// Seconds' worth of text that may be sent at once: an outbox that was away for an hour.
const TEXT_BURST_S: u32 = 16;
/// Seconds' worth of commands that may be given at once: what a browser does when it comes back.
const COMMANDS_BURST_S: u32 = 5;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

impl Meters {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            sign_ins: Meter::new(limits.sign_ins, MINUTE, limits.sign_ins),
            guesses: Guesses::new(limits.wrong_passwords),
            new_names: Meter::new(limits.new_names, MINUTE, limits.new_names),
            messages: Pair::new(
                limits.messages,
                SECOND,
                PerPerson {
                    person: limits.messages_burst,
                    address: limits.messages.address.saturating_mul(ADDRESS_BURST_S),
                },
            ),
            message_kb: Pair::new(
                if limits.messages.person == 0 { PerPerson::default() } else { limits.message_kb },
                SECOND,
                limits.message_kb.times(TEXT_BURST_S),
            ),
            commands: Pair::new(limits.commands, SECOND, limits.commands.times(COMMANDS_BURST_S)),
            topics: Pair::new(limits.topics, MINUTE, limits.topics),
            topics_of: Meter::new(limits.topics.person, MINUTE, limits.topics.person),
            new_channels: Pair::new(limits.new_channels, HOUR, limits.new_channels),
            uploads: Pair::new(limits.uploads, HOUR, limits.uploads),
            uploads_at_once: UploadSlots::new(limits.uploads_at_once),
            connections: Slots::new(limits.connections),
            reports: Meter::new(limits.reports, MINUTE, limits.reports),
        }
    }
}

/// How many times as many wrong passwords one name takes from all addresses together as from one.
const GUESSES_FROM_EVERYWHERE: u32 = 10;

/// Passwords that may be wrong. Each is counted before it is looked at, and given back when it is
/// right: of many that are sent at once, no more are looked at than may be wrong.
pub(super) struct Guesses {
    /// At one name from one address, so that a stranger's do not count against its holder.
    near: Meter<(UserId, IpAddr)>,
    /// At one name from everywhere.
    everywhere: Meter<UserId>,
    /// Of somebody who is signed in, at their own.
    own: Meter<UserId>,
}

impl Guesses {
    fn new(count: u32) -> Self {
        let many = count.saturating_mul(GUESSES_FROM_EVERYWHERE);
        Self {
            near: Meter::new(count, MINUTE, count),
            everywhere: Meter::new(many, MINUTE, many),
            own: Meter::new(count, MINUTE, count),
        }
    }

    /// Counts one, before it is looked at.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(super) fn take(
        &self,
        whose: UserId,
        door: Door,
        address: IpAddr,
        now: Uptime,
    ) -> Result<()> {
        match door {
            Door::Settings => self.own.take(whose, now),
            Door::SignIn => {
                self.near.take((whose, block(address)), now)?;
                self.everywhere.take(whose, now)
            }
        }
    }

    /// It was right, or was not looked at.
    pub(super) fn give_back(&self, whose: UserId, door: Door, address: IpAddr) {
        match door {
            Door::Settings => self.own.give_back(&whose),
            Door::SignIn => {
                self.near.give_back(&(whose, block(address)));
                self.everywhere.give_back(&whose);
            }
        }
    }
}

impl PerPerson {
    fn times(self, factor: u32) -> Self {
        Self {
            person: self.person.saturating_mul(factor),
            address: self.address.saturating_mul(factor),
        }
    }

    /// The address's limit, where the person has one.
    fn address(self) -> u32 {
        if self.person == 0 { 0 } else { self.address }
    }
}

/// A limit per person and one per address.
pub(super) struct Pair {
    person: Meter<UserId>,
    address: Meter<IpAddr>,
}

impl Pair {
    fn new(counts: PerPerson, period_ms: i64, burst: PerPerson) -> Self {
        Self {
            person: Meter::new(counts.person, period_ms, burst.person),
            address: Meter::new(counts.address(), period_ms, burst.address),
        }
    }

    /// Takes one use.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(super) fn take(&self, actor: &Actor, now: Uptime) -> Result<()> {
        self.take_many(actor, 1, now)
    }

    /// Takes `count` uses.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(super) fn take_many(&self, actor: &Actor, count: u32, now: Uptime) -> Result<()> {
        // Whoever is refused for their address's sake keeps their own.
        self.person.check_many(actor.id(), count, now)?;
        self.address.take_many(block(actor.address), count, now)?;
        self.person.take_many(actor.id(), count, now)
    }

    /// Refuses where [`Self::take_many`] would, without taking anything.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(super) fn check_many(&self, actor: &Actor, count: u32, now: Uptime) -> Result<()> {
        self.person.check_many(actor.id(), count, now)?;
        self.address.check_many(block(actor.address), count, now)
    }
}

/// How many uploads may go on at one time.
pub(super) struct UploadSlots {
    person: Slots<UserId>,
    address: Slots<IpAddr>,
}

/// One of them.
pub(super) struct UploadSlot {
    _person: Slot<UserId>,
    _address: Slot<IpAddr>,
}

impl UploadSlots {
    fn new(counts: PerPerson) -> Self {
        Self { person: Slots::new(counts.person), address: Slots::new(counts.address()) }
    }

    /// Takes one.
    ///
    /// # Errors
    /// `TooMany` when all are taken.
    pub(super) fn take(&self, actor: &Actor) -> Result<UploadSlot> {
        let person = self.person.take(actor.id())?;
        let address = self.address.take(block(actor.address))?;
        Ok(UploadSlot { _person: person, _address: address })
    }
}

/// A place among a person's sockets; it is free again when this is dropped.
pub struct SocketPlace {
    _slot: Slot<UserId>,
}

impl Chat {
    /// A place for one more socket of hers.
    ///
    /// # Errors
    /// `TooMany` when she has as many as one person may.
    pub fn place_for_socket(&self, actor: &Actor) -> Result<SocketPlace> {
        Ok(SocketPlace { _slot: self.meters.connections.take(actor.id())? })
    }
}

/// One limit: `count` per `period`, and `burst` of them at once.
pub(super) struct Meter<K> {
    /// Microseconds that one use costs; 0 when the limit is off.
    cost_us: i64,
    /// Microseconds that may be owed at once.
    room_us: i64,
    /// When each key owes nothing any more, in microseconds since the machine started.
    paid_at: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Meter<K> {
    fn new(count: u32, period_ms: i64, burst: u32) -> Self {
        let cost_us = if count == 0 { 0 } else { (period_ms * 1_000 / i64::from(count)).max(1) };
        let room_us = cost_us.saturating_mul(i64::from(burst.max(1)));
        Self { cost_us, room_us, paid_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one use.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(super) fn take(&self, key: K, now: Uptime) -> Result<()> {
        self.take_many(key, 1, now)
    }

    /// Takes `count` uses. More than fit at once are taken when nothing else is owed.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(super) fn take_many(&self, key: K, count: u32, now: Uptime) -> Result<()> {
        self.charge(key, count, now, true)
    }

    /// Undoes one use.
    pub(super) fn give_back(&self, key: &K) {
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = paid_at.get_mut(key) {
            *at -= self.cost_us;
        }
    }

    /// Refuses when nothing is left, without taking anything.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(super) fn check(&self, key: K, now: Uptime) -> Result<()> {
        self.check_many(key, 1, now)
    }

    fn check_many(&self, key: K, count: u32, now: Uptime) -> Result<()> {
        self.charge(key, count, now, false)
    }

    fn charge(&self, key: K, count: u32, now: Uptime, keeps: bool) -> Result<()> {
        if self.cost_us == 0 {
            return Ok(());
        }
        let cost_us = self.cost_us.saturating_mul(i64::from(count)).min(self.room_us);
        let now_us = now.0.saturating_mul(1_000);
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if paid_at.len() >= MAX_KEYS {
            paid_at.retain(|_, at| *at > now_us);
            if paid_at.len() >= MAX_KEYS {
                paid_at.clear();
            }
        }
        let owed_until = paid_at.get(&key).copied().unwrap_or(now_us).max(now_us);
        let over_us = owed_until.saturating_add(cost_us) - now_us - self.room_us;
        if over_us > 0 {
            let retry_after_s = u64::try_from(over_us).unwrap_or(0).div_ceil(1_000_000);
            return Err(Refusal::TooMany { retry_after_s }.into());
        }
        if keeps {
            paid_at.insert(key, owed_until + cost_us);
        }
        Ok(())
    }
}

/// How many of something one key may have at one time.
pub(super) struct Slots<K: Hash + Eq> {
    /// 0 when there is no limit.
    most: u32,
    /// Only keys that have some, so that it is as small as what goes on.
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

/// One of them; it is free again when this is dropped.
pub(super) struct Slot<K: Hash + Eq> {
    key: K,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> Slots<K> {
    pub(super) fn new(most: u32) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// `TooMany` when all are taken.
    pub(super) fn take(&self, key: K) -> Result<Slot<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_insert(0);
        if self.most != 0 && *count >= self.most {
            return Err(Refusal::TooMany { retry_after_s: SLOT_RETRY_S }.into());
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

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Door, Guesses, Meter, Slots, Uptime, UserId};

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

    #[test]
    fn a_burst_goes_through_and_then_one_per_period() {
        let meter = Meter::new(60, 60_000, 3);
        let (at, later) = (Uptime(1_000_000), |ms: i64| Uptime(1_000_000 + ms));
        for _ in 0..3 {
            assert!(meter.take("ada", at).is_ok());
        }
        assert!(meter.take("ada", at).is_err());
        assert!(meter.take("grace", at).is_ok(), "another key has its own bucket");
        assert!(meter.check("ada", later(999)).is_err());
        assert!(meter.take("ada", later(1_000)).is_ok());
        assert!(meter.take("ada", later(1_000)).is_err());
    }

    #[test]
    fn several_uses_are_taken_whole_or_not_at_all() {
        let meter = Meter::new(10, 1_000, 40);
        let at = Uptime(1_000_000);
        assert!(meter.take_many("ada", 30, at).is_ok());
        assert!(meter.take_many("ada", 11, at).is_err());
        assert!(meter.take_many("ada", 10, at).is_ok(), "what was refused was not taken");
        assert!(meter.take_many("grace", 1_000, at).is_ok(), "more than all: when nothing is owed");
        assert!(meter.take("grace", at).is_err());
    }

    #[test]
    fn a_name_takes_ten_times_as_many_guesses_from_everywhere_as_from_one_address() {
        let guesses = Guesses::new(2);
        let (ada, at) = (UserId(1), Uptime(1_000));
        let guess = |n: u8, door| guesses.take(ada, door, IpAddr::from([198, 51, 100, n]), at);
        for n in 0..10 {
            assert!(guess(n, Door::SignIn).is_ok() && guess(n, Door::SignIn).is_ok(), "{n}");
            assert!(guess(n, Door::SignIn).is_err(), "{n}");
        }
        assert!(guess(10, Door::SignIn).is_err(), "from everywhere together");
        assert!(guess(10, Door::Settings).is_ok(), "their own count is their own");
        guesses.give_back(ada, Door::SignIn, IpAddr::from([198, 51, 100, 0]));
        assert!(guess(0, Door::SignIn).is_ok());
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let meter = Meter::new(60, 60_000, 2);
        let at = Uptime(1_000_000);
        assert!(meter.take("ada", at).is_ok() && meter.take("ada", at).is_ok());
        meter.give_back(&"ada");
        assert!(meter.take("ada", at).is_ok());
        assert!(meter.take("ada", at).is_err());
        meter.give_back(&"nobody");
    }

    #[test]
    fn zero_is_no_limit() {
        let meter = Meter::new(0, 60_000, 0);
        for _ in 0..10_000 {
            assert!(meter.take(1, Uptime(5)).is_ok());
        }
    }
}
