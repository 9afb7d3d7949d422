//! When the next message is due.

use std::fmt;
use std::time::{Duration, Instant};

/// The kind of load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Load {
    /// So many messages a second, whatever the server does. A late message is timed from when it was
    /// due.
    Rate(f64),
    /// So many messages on their way at any time. The next is sent when one has reached everybody.
    InFlight(usize),
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(rate) => write!(f, "{rate} messages/s"),
            Self::InFlight(1) => f.write_str("one message at a time"),
            Self::InFlight(width) => write!(f, "{width} messages in flight"),
        }
    }
}

/// The clock of one run.
#[derive(Debug)]
pub(crate) struct Pace {
    load: Load,
    start: Instant,
    end: Instant,
    given: u64,
}

impl Pace {
    /// Starts now and gives messages for `length`.
    pub(crate) fn start(load: Load, length: Duration) -> Self {
        let start = Instant::now();
        Self { load, start, end: start + length, given: 0 }
    }

    /// Whether no further message will be due.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        match self.load {
            Load::Rate(_) => self.due_at() >= self.end,
            Load::InFlight(_) => now >= self.end,
        }
    }

    /// If the next message is due: the time from which it is counted.
    pub(crate) fn take(&mut self, now: Instant, outstanding: usize) -> Option<Instant> {
        if self.is_over(now) {
            return None;
        }
        let due = match self.load {
            Load::Rate(_) => self.due_at(),
            Load::InFlight(width) if outstanding < width => now,
            Load::InFlight(_) => return None,
        };
        (due <= now).then(|| {
            self.given += 1;
            due
        })
    }

    /// How long to wait for the next message, if that depends on the clock alone.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        let until = match self.load {
            Load::Rate(_) => self.due_at().min(self.end),
            Load::InFlight(_) => self.end,
        };
        until.saturating_duration_since(now)
    }

    fn due_at(&self) -> Instant {
        match self.load {
            Load::Rate(rate) => self.start + Duration::from_secs_f64(self.given as f64 / rate),
            Load::InFlight(_) => self.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_gives_every_message_its_own_time_even_when_late() {
        let mut pace = Pace::start(Load::Rate(10.0), Duration::from_secs(1));
        let late = pace.start + Duration::from_secs(2);
        let due: Vec<_> = std::iter::from_fn(|| pace.take(late, 0)).collect();
        assert_eq!(due.len(), 10);
        assert_eq!(due[3].duration_since(pace.start), Duration::from_millis(300));
        assert!(pace.is_over(late));
    }

    #[test]
    fn a_width_gives_as_many_as_are_missing() {
        let mut pace = Pace::start(Load::InFlight(2), Duration::from_secs(1));
        let now = pace.start;
        assert!(pace.take(now, 0).is_some());
        assert!(pace.take(now, 1).is_some());
        assert!(pace.take(now, 2).is_none());
        assert!(pace.take(now + Duration::from_secs(1), 0).is_none());
    }
}
