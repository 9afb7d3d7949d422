//! A meter: how often something may be done, counted for each key.
//!
//! A key has a token bucket (GCRA: one number). A key whose bucket is full again says no more than
//! a key that was never seen, so such keys are removed when the table grows. At [`MAX_KEYS`] live
//! keys the table is emptied: people may then try a little more, and the table does not grow
//! without end.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::settings::PerPerson;
use crate::chat::{Actor, Result};
use crate::model::addresses::block;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::time::Uptime;

/// The most keys that one table holds.
const MAX_KEYS: usize = 100_000;

/// Periods, in milliseconds.
pub(super) const SECOND: i64 = 1_000;
pub(in crate::chat) const MINUTE: i64 = 60 * SECOND;
pub(in crate::chat) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// One limit for each key: `count` uses per `period`, and `burst` of them at once.
pub(in crate::chat) struct Meter<K> {
    /// Microseconds that one use costs; 0 when the limit is off.
    cost_us: i64,
    /// Microseconds that may be owed at once.
    room_us: i64,
    /// When each key owes nothing any more, in microseconds since the machine started.
    paid_at: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Meter<K> {
    pub(in crate::chat) fn new(count: u32, period_ms: i64, burst: u32) -> Self {
        let cost_us = if count == 0 { 0 } else { (period_ms * 1_000 / i64::from(count)).max(1) };
        let room_us = cost_us.saturating_mul(i64::from(burst.max(1)));
        Self { cost_us, room_us, paid_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one use.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(in crate::chat) fn take(&self, key: K, now: Uptime) -> Result<()> {
        self.take_many(key, 1, now)
    }

    /// Takes `count` uses. More than fit at once are taken when nothing else is owed.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(in crate::chat) fn take_many(&self, key: K, count: u32, now: Uptime) -> Result<()> {
        self.charge(key, count, now, true)
    }

    /// Takes `count` uses more than were taken, for what is done already. Nobody owes more than what may be owed at once.
    pub(in crate::chat) fn owe(&self, key: K, count: u32, now: Uptime) {
        let now_us = now.0.saturating_mul(1_000);
        let cost_us = self.cost_us.saturating_mul(i64::from(count));
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = paid_at.get_mut(&key) {
            let owed = (*at).max(now_us).saturating_add(cost_us);
            *at = owed.min(now_us.saturating_add(self.room_us)).max(*at);
        }
    }

    /// Undoes one use.
    pub(in crate::chat) fn give_back(&self, key: &K) {
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = paid_at.get_mut(key) {
            *at -= self.cost_us;
        }
    }

    /// Refuses when nothing is left, without taking anything.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(in crate::chat) fn check(&self, key: K, now: Uptime) -> Result<()> {
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

/// A limit per person and one per address.
pub(in crate::chat) struct MeterPair {
    person: Meter<UserId>,
    address: Meter<IpAddr>,
}

impl MeterPair {
    pub(super) fn new(counts: PerPerson, period_ms: i64, burst: PerPerson) -> Self {
        Self {
            person: Meter::new(counts.person, period_ms, burst.person),
            address: Meter::new(counts.address(), period_ms, burst.address),
        }
    }

    /// Takes one use.
    ///
    /// # Errors
    /// `TooMany` with the seconds until the next one.
    pub(in crate::chat) fn take(&self, actor: &Actor, now: Uptime) -> Result<()> {
        self.take_many(actor, 1, now)
    }

    /// Takes `count` uses.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(in crate::chat) fn take_many(&self, actor: &Actor, count: u32, now: Uptime) -> Result<()> {
        // A person who is refused because of their address does not use up their own limit.
        self.person.check_many(actor.id(), count, now)?;
        self.address.take_many(block(actor.address), count, now)?;
        self.person.take_many(actor.id(), count, now)
    }

    /// Refuses where [`Self::take_many`] would, without taking anything.
    ///
    /// # Errors
    /// `TooMany` with the seconds until there are as many.
    pub(in crate::chat) fn check_many(&self, actor: &Actor, count: u32, now: Uptime) -> Result<()> {
        self.person.check_many(actor.id(), count, now)?;
        self.address.check_many(block(actor.address), count, now)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_KEYS, Meter, Uptime};

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
    fn the_table_is_bounded_and_forgets_first_who_owes_nothing() {
        let meter = Meter::new(1, 60_000, 1);
        let keys = || meter.paid_at.lock().unwrap().len();
        for key in 1..MAX_KEYS {
            assert!(meter.take(key, Uptime(1_000)).is_ok());
        }
        assert!(meter.take(0, Uptime(60_000)).is_ok());
        assert_eq!(keys(), MAX_KEYS);
        assert!(meter.take(MAX_KEYS, Uptime(61_001)).is_ok());
        assert_eq!(keys(), 2);
        assert!(meter.take(0, Uptime(61_001)).is_err(), "it still owes");
        for key in 1..=MAX_KEYS + 10 {
            let _ = meter.take(key, Uptime(61_001));
        }
        assert!(keys() <= MAX_KEYS);
    }

    #[test]
    fn zero_is_no_limit() {
        let meter = Meter::new(0, 60_000, 0);
        for _ in 0..10_000 {
            assert!(meter.take(1, Uptime(5)).is_ok());
        }
    }
}
