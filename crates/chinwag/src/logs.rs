//! The log under attack: of each kind of warning it writes [`LINES`] lines a minute, and counts the
//! rest.
//!
//! The kind of a line is where in the code it is logged. A client that makes the server refuse a
//! thousand requests a second thus fills neither the disk nor the operator's screen, and hides
//! nothing: each kind keeps its lines.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Lines of one kind in one minute.
pub const LINES: u32 = 20;
/// The period for which lines are counted: a minute.
pub const PERIOD: Duration = Duration::from_secs(60);
/// How many characters of a line the count shows.
const MOST_SHOWN: usize = 100;

/// Leaves out lines that come too often. Cheap to clone.
#[derive(Clone, Default)]
pub struct Sampling {
    kinds: Arc<Mutex<HashMap<Identifier, Kind>>>,
}

struct Kind {
    since: Instant,
    lines: u32,
    left_out: u64,
    /// The first line that was left out.
    shown: String,
}

impl Sampling {
    fn kinds(&self) -> MutexGuard<'_, HashMap<Identifier, Kind>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a line of that kind is written.
    fn admits(&self, kind: Identifier, now: Instant, line: impl FnOnce() -> String) -> bool {
        let mut kinds = self.kinds();
        let fresh = || Kind { since: now, lines: 0, left_out: 0, shown: String::new() };
        let kind = kinds.entry(kind).or_insert_with(fresh);
        if now.saturating_duration_since(kind.since) >= PERIOD {
            (kind.since, kind.lines) = (now, 0);
        }
        kind.lines = kind.lines.saturating_add(1);
        if kind.lines <= LINES {
            return true;
        }
        if kind.left_out == 0 {
            kind.shown = line();
        }
        kind.left_out += 1;
        false
    }

    /// Logs how many lines of each kind were left out since the last call. To be called every
    /// [`PERIOD`].
    pub fn tell(&self) {
        let left_out: Vec<(u64, String)> = self
            .kinds()
            .values_mut()
            .filter(|kind| kind.left_out > 0)
            .map(|kind| (std::mem::take(&mut kind.left_out), std::mem::take(&mut kind.shown)))
            .collect();
        for (count, like) in left_out {
            tracing::info!(count, like, "lines of one kind were left out of the log");
        }
    }
}

impl<S: Subscriber> Layer<S> for Sampling {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        // Lines below a warning are not written under attack, unless the operator asked for all of
        // them.
        let is_sampled = *metadata.level() <= Level::WARN;
        !is_sampled || self.admits(metadata.callsite(), Instant::now(), || shown(event))
    }
}

/// The message of a line, without its other fields.
fn shown(event: &Event<'_>) -> String {
    let mut message = Message(String::new());
    event.record(&mut message);
    message.0.chars().take(MOST_SHOWN).collect()
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            // Writing into a string cannot fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Callsite as _;
    use tracing::callsite::DefaultCallsite;

    fn kinds() -> [Identifier; 2] {
        static ONE: DefaultCallsite = DefaultCallsite::new(&META_ONE);
        static TWO: DefaultCallsite = DefaultCallsite::new(&META_TWO);
        static META_ONE: tracing::Metadata<'static> = tracing::metadata! {
            name: "one", target: "t", level: Level::WARN, fields: &[], callsite: &ONE,
            kind: tracing::metadata::Kind::EVENT,
        };
        static META_TWO: tracing::Metadata<'static> = tracing::metadata! {
            name: "two", target: "t", level: Level::WARN, fields: &[], callsite: &TWO,
            kind: tracing::metadata::Kind::EVENT,
        };
        [ONE.metadata().callsite(), TWO.metadata().callsite()]
    }

    #[test]
    fn each_kind_has_its_lines_in_each_minute_and_the_rest_is_counted() {
        let [one, two] = kinds();
        let sampling = Sampling::default();
        let now = Instant::now();
        let line = || "it failed".to_owned();
        let written = |kind: &Identifier, now| {
            (0..100).filter(|_| sampling.admits(kind.clone(), now, line)).count()
        };
        assert_eq!(written(&one, now), LINES as usize);
        assert_eq!(written(&two, now), LINES as usize);
        assert_eq!(sampling.kinds()[&one].left_out, 80);
        assert_eq!(sampling.kinds()[&one].shown, "it failed");
        sampling.tell();
        assert_eq!(sampling.kinds()[&one].left_out, 0);
        assert_eq!(written(&one, now + PERIOD / 2), 0);
        assert_eq!(written(&one, now + PERIOD), LINES as usize);
    }
}
