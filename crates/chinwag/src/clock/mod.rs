//! Time as an argument: code that needs the time is given a clock, so that tests can decide it.
//!
//! There are two times. The **wall clock** says when something happened; its times are kept on
//! disk, and somebody may set it to anything at any moment. The **boot clock** counts the
//! milliseconds since the machine started, sleep included, and never goes back; limits and timers
//! use it.

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::time::{Timestamp, Uptime};

mod steady;

pub use steady::SteadyClock;

/// A wait for a time to pass.
pub type Pause<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The time of the wall clock.
    fn now(&self) -> Timestamp;

    /// The time of the boot clock.
    fn uptime(&self) -> Uptime;

    /// Waits until that much time has passed.
    fn pause(&self, time: Duration) -> Pause<'_>;

    /// The time of the wall clock, in the form of the times of files.
    fn system_now(&self) -> SystemTime {
        let since = Duration::from_millis(u64::try_from(self.now().0).unwrap_or(0));
        UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
    }
}

/// The clocks of the computer.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the computer's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn uptime(&self) -> Uptime {
        #[cfg(target_os = "linux")]
        const SINCE_BOOT: nix::time::ClockId = nix::time::ClockId::CLOCK_BOOTTIME;
        #[cfg(not(target_os = "linux"))]
        const SINCE_BOOT: nix::time::ClockId = nix::time::ClockId::CLOCK_MONOTONIC;
        // Every kernel that this runs on has the clock.
        let since = nix::time::clock_gettime(SINCE_BOOT).map(Duration::from).unwrap_or_default();
        Uptime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn pause(&self, time: Duration) -> Pause<'_> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// Clocks for tests: they stand still until the test moves them.
#[derive(Debug)]
pub struct ManualClock {
    wall_ms: AtomicI64,
    boot_ms: AtomicI64,
    passed: tokio::sync::Notify,
}

impl ManualClock {
    /// Starts with the wall clock at `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self {
            wall_ms: AtomicI64::new(start.0),
            boot_ms: AtomicI64::new(1_000),
            passed: tokio::sync::Notify::new(),
        }
    }

    /// Moves both clocks on by `ms` milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
        self.boot_ms.fetch_add(ms, Ordering::SeqCst);
        self.passed.notify_waiters();
    }

    /// Sets the wall clock `ms` milliseconds on, or (when negative) back.
    pub fn jump_ms(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.wall_ms.load(Ordering::SeqCst))
    }

    fn uptime(&self) -> Uptime {
        Uptime(self.boot_ms.load(Ordering::SeqCst))
    }

    fn pause(&self, time: Duration) -> Pause<'_> {
        let until = self.uptime().plus(time);
        Box::pin(async move {
            loop {
                let passed = self.passed.notified();
                if self.uptime() >= until {
                    return;
                }
                passed.await;
            }
        })
    }
}
