//! The pace of passes: a pass is made at once while the core has time, and later as the core fills.
//!
//! A pass over a thousand connections takes milliseconds whatever it carries, so two messages in
//! one pass cost little more than one. The gap between passes grows while the thread is busy for
//! more than half of the time, and shrinks while it is busy for less than a quarter. A gap that
//! gathers nothing (each message is awaited before the next is sent) would only make people wait.
//! So the gap grows only where several events already go out in one write, and shrinks elsewhere.

use std::time::{Duration, Instant};

/// Time over which the busy share is measured.
const WINDOW: Duration = Duration::from_millis(100);
const BUSY: f64 = 0.5;
const QUIET: f64 = 0.25;
/// The average number of events in a write from which the gap is taken to gather something.
const GATHERS: f64 = 1.15;
/// The first step; the poll sleeps in whole milliseconds.
const STEP: Duration = Duration::from_millis(2);

pub(super) struct Pace {
    max_gap: Duration,
    gap: Duration,
    /// Something waits in the inbox.
    work: bool,
    /// The earliest time of the next pass.
    next: Instant,
    window: Instant,
    busy: Duration,
    awake_since: Instant,
    /// In this window.
    events: u64,
    writes: u64,
}

impl Pace {
    pub(super) fn new(now: Instant, max_gap: Duration) -> Self {
        Self {
            max_gap,
            gap: Duration::ZERO,
            work: false,
            next: now,
            window: now,
            busy: Duration::ZERO,
            awake_since: now,
            events: 0,
            writes: 0,
        }
    }

    pub(super) fn gap(&self) -> Duration {
        self.gap
    }

    pub(super) fn has_work(&mut self) {
        self.work = true;
    }

    /// Whether a pass may be made now; if so, the inbox is about to be emptied.
    pub(super) fn may_pass(&mut self, now: Instant) -> bool {
        let may = self.work && now >= self.next;
        if may {
            self.work = false;
        }
        may
    }

    /// Notes that so many events went out in so many writes.
    pub(super) fn wrote(&mut self, events: u64, writes: usize) {
        self.events += events;
        self.writes += writes as u64;
    }

    /// Notes that a pass has written something.
    pub(super) fn passed(&mut self, now: Instant) {
        self.next = now + self.gap;
    }

    /// How long to wait for the next pass, if there is something to do in it.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        self.work.then(|| self.next.saturating_duration_since(now))
    }

    pub(super) fn woke(&mut self, now: Instant) {
        self.awake_since = now;
    }

    /// Notes that the thread goes to sleep. When a window is over, the gap is set anew.
    pub(super) fn sleeps(&mut self, now: Instant) {
        self.busy += now.saturating_duration_since(self.awake_since);
        let window = now.saturating_duration_since(self.window);
        if window >= WINDOW {
            self.adjust(self.busy.as_secs_f64() / window.as_secs_f64());
            self.window = now;
            self.busy = Duration::ZERO;
            (self.events, self.writes) = (0, 0);
        }
    }

    fn adjust(&mut self, share: f64) {
        let gathers = self.events as f64 > self.writes as f64 * GATHERS;
        if share > BUSY && gathers {
            self.gap = (self.gap * 2).max(STEP).min(self.max_gap);
        } else if share < QUIET || !gathers {
            self.gap = if self.gap <= STEP { Duration::ZERO } else { self.gap / 2 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets the thread be busy for a share of each of some windows, with so many events in ten
    /// writes.
    fn work(
        pace: &mut Pace,
        mut now: Instant,
        windows: u32,
        share: f64,
        events_in_ten: u64,
    ) -> Instant {
        for _ in 0..windows {
            pace.wrote(events_in_ten, 10);
            pace.woke(now + WINDOW.mul_f64(1.0 - share));
            now += WINDOW;
            pace.sleeps(now);
        }
        now
    }

    #[test]
    fn the_gap_grows_under_load_holds_in_between_and_vanishes_when_quiet() {
        let max = Duration::from_millis(20);
        let start = Instant::now();
        let mut pace = Pace::new(start, max);
        let now = work(&mut pace, start, 10, 0.9, 20);
        assert_eq!(pace.gap(), max);
        let now = work(&mut pace, now, 10, 0.4, 20);
        assert_eq!(pace.gap(), max);
        work(&mut pace, now, 10, 0.1, 20);
        assert_eq!(pace.gap(), Duration::ZERO);
    }

    #[test]
    fn nobody_waits_for_a_gap_that_gathers_nothing() {
        let max = Duration::from_millis(20);
        let start = Instant::now();
        let mut pace = Pace::new(start, max);
        let now = work(&mut pace, start, 10, 0.9, 10);
        assert_eq!(pace.gap(), Duration::ZERO);
        let now = work(&mut pace, now, 10, 0.9, 20);
        assert_eq!(pace.gap(), max);
        work(&mut pace, now, 10, 0.9, 10);
        assert_eq!(pace.gap(), Duration::ZERO);
    }

    #[test]
    fn a_pass_waits_for_the_gap_only_after_one_that_wrote() {
        let start = Instant::now();
        let mut pace = Pace::new(start, Duration::from_millis(20));
        let now = work(&mut pace, start, 10, 0.9, 20);
        pace.has_work();
        assert!(pace.may_pass(now));
        pace.passed(now);
        pace.has_work();
        assert!(!pace.may_pass(now));
        assert_eq!(pace.wait(now), Some(Duration::from_millis(20)));
        assert!(pace.may_pass(now + Duration::from_millis(20)));
    }
}
