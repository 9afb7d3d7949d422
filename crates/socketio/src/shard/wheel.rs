//! The timing wheel, which holds one timer for each connection.
//!
//! Entries are (slot, generation). An entry may be stale, and the code that takes it out must check.
//! Times are ticks since the start. A deadline beyond the wheel fires early and is put in again.

use std::time::{Duration, Instant};

/// Ticks of a turn of the wheel.
const BUCKETS: u32 = 1024;
/// Ticks of a ping timeout, which set the length of a tick within the bounds below.
const TICKS_PER_TIMEOUT: u32 = 200;
const SHORTEST_TICK: Duration = Duration::from_millis(1);
/// At the default intervals ten wake-ups a second serve all heartbeats.
const LONGEST_TICK: Duration = Duration::from_millis(100);

pub(super) struct Wheel {
    start: Instant,
    tick: Duration,
    /// Everything up to this tick has fired.
    now: u32,
    /// No entry fires before this tick.
    next: Option<u32>,
    buckets: Vec<Vec<(u32, u32)>>,
}

impl Wheel {
    pub(super) fn new(start: Instant, ping_timeout: Duration) -> Self {
        let tick = (ping_timeout / TICKS_PER_TIMEOUT).clamp(SHORTEST_TICK, LONGEST_TICK);
        let buckets = (0..BUCKETS).map(|_| Vec::new()).collect();
        Self { start, tick, now: 0, next: None, buckets }
    }

    /// The tick of a moment.
    pub(super) fn tick_at(&self, now: Instant) -> u32 {
        let ticks = now.saturating_duration_since(self.start).as_nanos() / self.tick.as_nanos();
        u32::try_from(ticks).unwrap_or(u32::MAX - 1)
    }

    /// The ticks in a time, at least one.
    pub(super) fn ticks(&self, time: Duration) -> u32 {
        let ticks = time.as_nanos() / self.tick.as_nanos();
        u32::try_from(ticks).unwrap_or(u32::MAX / 4).clamp(1, u32::MAX / 4)
    }

    /// The length of so many ticks in seconds.
    pub(super) fn seconds(&self, ticks: u32) -> f32 {
        self.tick.as_secs_f32() * ticks as f32
    }

    /// Puts an entry in. Returns the tick at which it fires, no later than `at` unless `at` is past.
    pub(super) fn insert(&mut self, at: u32, slot: u32, generation: u32) -> u32 {
        let at = at.clamp(self.now + 1, self.now + BUCKETS - 1);
        self.buckets[(at % BUCKETS) as usize].push((slot, generation));
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
        at
    }

    /// Takes out the entries of the next tick up to `to` that has any: (tick, entries).
    pub(super) fn fire(&mut self, to: u32) -> Option<(u32, Vec<(u32, u32)>)> {
        let at = self.next.filter(|at| *at <= to)?;
        self.now = at;
        let entries = std::mem::take(&mut self.buckets[(at % BUCKETS) as usize]);
        self.next =
            (at + 1..at + BUCKETS).find(|tick| !self.buckets[(tick % BUCKETS) as usize].is_empty());
        Some((at, entries))
    }

    /// Notes that everything before this tick has fired.
    pub(super) fn settle(&mut self, now: u32) {
        self.now = self.now.max(now);
    }

    /// The time until an entry may fire, if there is one.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let at = self.start + self.tick * self.next?;
        Some(at.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fired(wheel: &mut Wheel, to: u32) -> Vec<u32> {
        let mut slots = Vec::new();
        while let Some((_, entries)) = wheel.fire(to) {
            slots.extend(entries.into_iter().map(|(slot, _)| slot));
        }
        wheel.settle(to);
        slots
    }

    #[test]
    fn entries_fire_in_order_and_once() {
        let mut wheel = Wheel::new(Instant::now(), Duration::from_secs(20));
        wheel.insert(30, 3, 0);
        wheel.insert(10, 1, 0);
        wheel.insert(20, 2, 0);
        assert!(fired(&mut wheel, 9).is_empty());
        assert_eq!(fired(&mut wheel, 25), [1, 2]);
        assert_eq!(fired(&mut wheel, 40), [3]);
        assert!(fired(&mut wheel, 2_000).is_empty());
        assert_eq!(wheel.wait(Instant::now()), None);
    }

    #[test]
    fn a_deadline_beyond_the_wheel_fires_early_and_one_in_the_past_at_once() {
        let mut wheel = Wheel::new(Instant::now(), Duration::from_secs(20));
        assert_eq!(wheel.insert(5_000, 1, 0), BUCKETS - 1);
        wheel.settle(100);
        assert_eq!(wheel.insert(50, 2, 0), 101);
    }
}
