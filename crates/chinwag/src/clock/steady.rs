//! A wall clock that follows a jump only after it has lasted.
//!
//! Sessions, and files that wait for their message, end at a time of the wall clock. When somebody
//! sets it by mistake, or a machine without a battery finds the right time late, they would end all
//! at once or a day too late. So the wall clock is compared with the boot clock. Small steps are
//! followed at once. After a jump of more than [`JUMP_MS`], time goes on as before until the clock
//! has been steady for [`STEADY_MS`], and the log says so.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Clock, Pause};
use crate::model::time::{Timestamp, Uptime};

/// The largest step that is followed at once, in milliseconds. Daemons that keep a clock right make
/// far smaller ones.
const JUMP_MS: i64 = 5 * 60_000;
/// How long the clock has to be steady after a jump, in milliseconds.
const STEADY_MS: i64 = 10 * 60_000;

/// A wall clock that follows a jump late. Its boot clock is that of the clocks below.
pub struct SteadyClock {
    below: Arc<dyn Clock>,
    followed: Mutex<Followed>,
}

/// How far the wall clock is ahead of the boot clock, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Followed {
    /// The believed distance.
    ahead_ms: i64,
    /// After a jump: the new distance, and when it was first seen.
    jumped: Option<(i64, Uptime)>,
}

impl SteadyClock {
    /// Believes the clocks below as they are now.
    #[must_use]
    pub fn over(below: Arc<dyn Clock>) -> Self {
        let ahead_ms = below.now().0.saturating_sub(below.uptime().0);
        Self { below, followed: Mutex::new(Followed { ahead_ms, jumped: None }) }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let uptime = self.below.uptime();
        let ahead_ms = self.below.now().0.saturating_sub(uptime.0);
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        followed.look(ahead_ms, uptime);
        Timestamp(uptime.0.saturating_add(followed.ahead_ms))
    }

    fn uptime(&self) -> Uptime {
        self.below.uptime()
    }

    fn pause(&self, time: Duration) -> Pause<'_> {
        self.below.pause(time)
    }
}

impl Followed {
    fn look(&mut self, ahead_ms: i64, uptime: Uptime) {
        let is_near = |known_ms: i64| ahead_ms.abs_diff(known_ms) <= JUMP_MS.unsigned_abs();
        if is_near(self.ahead_ms) {
            self.ahead_ms = ahead_ms;
            if self.jumped.take().is_some() {
                tracing::info!("the clock is back where it was before it jumped");
            }
            return;
        }
        match self.jumped {
            Some((jumped_ms, since)) if is_near(jumped_ms) => {
                if uptime.since_ms(since) >= STEADY_MS {
                    *self = Self { ahead_ms, jumped: None };
                    tracing::warn!("the clock was steady since it jumped: it is followed from now");
                }
            }
            _ => {
                self.jumped = Some((ahead_ms, uptime));
                let by_s = (ahead_ms - self.ahead_ms) / 1_000;
                tracing::warn!(
                    by_s,
                    "the computer's clock jumped: time goes on as before until the clock was \
                     steady for 10 minutes; look after what sets it"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ManualClock;
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn clocks() -> (Arc<ManualClock>, SteadyClock) {
        let below = Arc::new(ManualClock::at(Timestamp(50 * 365 * 24 * HOUR)));
        let steady = SteadyClock::over(Arc::clone(&below) as Arc<dyn Clock>);
        (below, steady)
    }

    #[test]
    fn small_steps_are_followed_at_once() {
        let (below, steady) = clocks();
        for step in [4 * 60_000, -4 * 60_000, 4 * 60_000, 4 * 60_000] {
            below.jump_ms(step);
            assert_eq!(steady.now(), below.now());
        }
    }

    #[test]
    fn a_jump_is_followed_when_it_has_lasted() {
        for jump in [HOUR, -HOUR, 24 * HOUR, -24 * HOUR] {
            let (below, steady) = clocks();
            let start = steady.now();
            below.jump_ms(jump);
            assert_eq!(steady.now(), start);
            below.advance_ms(9 * 60_000);
            assert_eq!(steady.now(), start.plus_ms(9 * 60_000), "it goes on as before");
            below.advance_ms(60_000);
            assert_eq!(steady.now(), below.now());
        }
    }

    #[test]
    fn a_clock_that_jumps_on_and_on_is_not_followed() {
        let (below, steady) = clocks();
        let start = steady.now();
        for turn in 1..=20 {
            below.jump_ms(HOUR);
            below.advance_ms(60_000);
            assert_eq!(steady.now(), start.plus_ms(turn * 60_000));
        }
        below.jump_ms(-20 * HOUR);
        assert_eq!(steady.now(), below.now(), "back where it was");
    }
}
