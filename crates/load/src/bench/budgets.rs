//! What has to hold, and what was measured.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Result;
use serde::Serialize;

/// A bound.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// Not above.
    AtMost(f64),
    /// Not below.
    AtLeast(f64),
    /// Told for comparison.
    None,
}

impl Limit {
    fn holds(self, figure: f64) -> bool {
        match self {
            Self::AtMost(limit) => figure <= limit,
            Self::AtLeast(limit) => figure >= limit,
            Self::None => true,
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub(super) struct Budget {
    key: &'static str,
    what: &'static str,
    limit: Limit,
    unit: &'static str,
}

const fn row(key: &'static str, what: &'static str, limit: Limit, unit: &'static str) -> Budget {
    Budget { key, what, limit, unit }
}

/// Every row, in the order of the table.
#[rustfmt::skip]
const BUDGETS: &[Budget] = &[
    row("floor.1000", "floor, 1,000 connections, one message at a time", Limit::None, "CPU s/million"),
    row("w1.1000", "fan-out to 1,000, one message at a time", Limit::AtMost(1.2), "x floor"),
    row("w1.1000.cpu", "  the same", Limit::None, "CPU s/million"),
    row("w1.1000.last", "  p99 to the last of them", Limit::None, "ms"),
    row("w16.1000", "fan-out to 1,000, 16 messages in flight", Limit::AtMost(0.2), "x floor"),
    row("r200.ratio", "200 messages/s to 1,000", Limit::AtMost(0.35), "x floor"),
    row("r200.p99", "  p99 to each of them", Limit::AtMost(50.0), "ms"),
    row("r200.cores", "  cores that the server keeps busy", Limit::AtMost(0.5), "cores"),
    row("floor.10000", "floor, 10,000 connections, one message at a time", Limit::None, "CPU s/million"),
    row("w1.10000", "fan-out to 10,000, one message at a time", Limit::AtMost(1.2), "x floor"),
    row("w1.10000.cpu", "  the same", Limit::None, "CPU s/million"),
    row("w1.10000.last", "  p99 to the last of them", Limit::None, "ms"),
    row("w16.10000", "fan-out to 10,000, 16 messages in flight", Limit::AtMost(0.2), "x floor"),
    row("memory.idle", "resident memory per idle signed-in connection (10,000)", Limit::AtMost(4.0), "kB"),
    row("idle.cores", "  processor for their heartbeats", Limit::AtMost(0.01), "cores"),
    row("connect.10000", "  time until all of them hear events", Limit::None, "s"),
    row("crowded.p99", "10,000 in one channel, 10 messages/s, one machine: p99 to the last", Limit::AtMost(1000.0), "ms"),
    row("crowded.lost", "  lost, doubled, reordered or refused", Limit::AtMost(0.0), "deliveries"),
    row("faults", "faults in all other fan-outs", Limit::AtMost(0.0), "deliveries"),
    row("sends.64", "durable sends over HTTP, 64 in flight", Limit::AtLeast(8000.0), "/s"),
    row("sends.64.p99", "  p99 to the acknowledgement", Limit::None, "ms"),
    row("sends.1.p50", "  one in flight: p50 to the acknowledgement", Limit::None, "ms"),
    row("disk.append", "one fdatasync after appending 4 kB: p50", Limit::None, "ms"),
    row("store.inserts", "the store alone, 50 in flight", Limit::AtLeast(30_000.0), "/s"),
    row("store.newest", "newest 100 of a channel among 1,000,000 messages: p50", Limit::AtMost(0.2), "ms"),
    row("memory.rest", "server at rest, empty: resident memory", Limit::AtMost(30.0), "MB"),
    row("start", "start to first answer", Limit::AtMost(200.0), "ms"),
    row("size.script", "web app script before the first message, brotli", Limit::AtMost(90.0), "kB"),
    row("size.binary", "release binary", Limit::AtMost(25.0), "MB"),
];

/// What was measured, by the key of the row.
#[derive(Debug, Default)]
pub(super) struct Samples {
    figures: BTreeMap<&'static str, Vec<f64>>,
}

/// A row with its figure.
#[derive(Debug, Serialize)]
struct Line {
    what: &'static str,
    unit: &'static str,
    median: f64,
    least: f64,
    most: f64,
    budget: Option<f64>,
    met: Option<bool>,
}

impl Samples {
    /// Notes a figure for the row `key`.
    pub(super) fn add(&mut self, key: &'static str, figure: f64) {
        debug_assert!(BUDGETS.iter().any(|budget| budget.key == key), "{key} has no row");
        self.figures.entry(key).or_default().push(figure);
    }

    /// Whether the row `key` has a figure.
    #[cfg(feature = "store")]
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.figures.contains_key(key)
    }

    /// Rows that were measured and do not hold.
    pub(super) fn missed(&self) -> usize {
        self.lines().filter(|line| line.met == Some(false)).count()
    }

    /// The table for programs.
    pub(super) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.lines().collect::<Vec<_>>())? + "\n")
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        BUDGETS.iter().filter_map(|budget| {
            let mut figures = self.figures.get(budget.key)?.clone();
            figures.sort_by(f64::total_cmp);
            let median = figures[figures.len() / 2];
            let (limit, met) = match budget.limit {
                Limit::AtMost(limit) | Limit::AtLeast(limit) => {
                    (Some(limit), Some(budget.limit.holds(median)))
                }
                Limit::None => (None, None),
            };
            Some(Line {
                what: budget.what,
                unit: budget.unit,
                median,
                least: figures[0],
                most: figures[figures.len() - 1],
                budget: limit,
                met,
            })
        })
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | figure (least to most) | budget | met |")?;
        writeln!(f, "|---|---|---|---|")?;
        for line in self.lines() {
            let Line { what, unit, median, least, most, budget, met } = line;
            let figure = format!("{} {unit}", short(median));
            let range = format!("{} to {}", short(least), short(most));
            let at_least = met.is_some()
                && BUDGETS
                    .iter()
                    .any(|budget| budget.what == what && matches!(budget.limit, Limit::AtLeast(_)));
            let sign = if at_least { "≥" } else { "≤" };
            let budget =
                budget.map_or_else(String::new, |limit| format!("{sign} {}", short(limit)));
            let met = met.map_or("", |met| if met { "yes" } else { "**NO**" });
            writeln!(f, "| {what} | {figure} ({range}) | {budget} | {met} |")?;
        }
        Ok(())
    }
}

/// Three digits that mean something.
pub(super) fn short(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 || size == 0.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        size if size >= 0.1 => format!("{figure:.2}"),
        _ => format!("{figure:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_decides_and_a_missed_row_counts() {
        let mut samples = Samples::default();
        for figure in [3.0, 1.0, 1.1] {
            samples.add("w1.1000", figure);
        }
        assert_eq!(samples.missed(), 0);
        samples.add("sends.64", 7999.0);
        assert_eq!(samples.missed(), 1);
        let table = samples.to_string();
        assert!(table.contains("1.10 x floor (1.00 to 3.00) | ≤ 1.20 | yes"), "{table}");
        assert!(table.contains("≥ 8000 | **NO**"), "{table}");
    }

    #[test]
    fn no_two_rows_share_a_key() {
        let keys: std::collections::BTreeSet<_> = BUDGETS.iter().map(|budget| budget.key).collect();
        assert_eq!(keys.len(), BUDGETS.len());
    }
}
