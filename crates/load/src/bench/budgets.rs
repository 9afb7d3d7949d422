//! The figures that were measured, and the table that compares them with the budgets.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result};
use serde::Serialize;

use super::rows::{BUDGETS, Limit};
use crate::outcome::Outcome;

/// The figures that were measured, by the key of their row.
#[derive(Debug, Default)]
pub(super) struct Samples {
    figures: BTreeMap<&'static str, Vec<f64>>,
}

/// A row with its figure.
#[derive(Debug, Serialize)]
struct Line {
    key: &'static str,
    what: &'static str,
    unit: &'static str,
    median: f64,
    least: f64,
    most: f64,
    budget: Option<f64>,
    /// `≤` or `≥`.
    sign: &'static str,
    met: Option<bool>,
}

impl Samples {
    /// Notes a figure for the row `key`.
    pub(super) fn add(&mut self, key: &'static str, figure: f64) {
        debug_assert!(BUDGETS.iter().any(|budget| budget.key == key), "{key} has no row");
        self.figures.entry(key).or_default().push(figure);
    }

    /// Notes all that went wrong in these runs, for the row that has to be 0.
    pub(super) fn add_faults(&mut self, outcomes: &[Outcome]) {
        self.add("faults", outcomes.iter().map(Outcome::faults).sum::<u64>() as f64);
    }

    /// Notes a figure that another program measured.
    ///
    /// # Errors
    /// When no row has this key.
    pub(super) fn add_named(&mut self, key: &str, figure: f64) -> Result<()> {
        let row = BUDGETS.iter().find(|budget| budget.key == key);
        self.add(row.with_context(|| format!("{key} has no row"))?.key, figure);
        Ok(())
    }

    /// Whether the row `key` has a figure.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.figures.contains_key(key)
    }

    /// The newest figure of the row `key`.
    pub(super) fn last(&self, key: &'static str) -> Option<f64> {
        self.figures.get(key)?.last().copied()
    }

    /// How many rows were measured and miss their budget.
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
            let median = median(&mut figures);
            let (limit, sign) = match budget.limit {
                Limit::AtMost(limit) => (Some(limit), "≤"),
                Limit::AtLeast(limit) => (Some(limit), "≥"),
                Limit::None => (None, ""),
            };
            Some(Line {
                key: budget.key,
                what: budget.what,
                unit: budget.unit,
                median,
                least: figures[0],
                most: figures[figures.len() - 1],
                budget: limit,
                sign,
                met: limit.map(|_| budget.limit.holds(median)),
            })
        })
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | figure (least to most) | budget | met |")?;
        writeln!(f, "|---|---|---|---|")?;
        for line in self.lines() {
            let Line { what, unit, median, least, most, budget, sign, met, .. } = line;
            let figure = format!("{} {unit}", short(median));
            let range = format!("{} to {}", short(least), short(most));
            let budget =
                budget.map_or_else(String::new, |limit| format!("{sign} {}", short(limit)));
            let met = met.map_or("", |met| if met { "yes" } else { "**NO**" });
            writeln!(f, "| {what} | {figure} ({range}) | {budget} | {met} |")?;
        }
        Ok(())
    }
}

/// The median; sorts the figures.
pub(super) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A figure with three significant digits.
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
    fn a_figure_of_another_program_finds_its_row_or_is_refused() {
        let mut samples = Samples::default();
        samples.add_named("web.arrival", 4.5).unwrap();
        assert_eq!(samples.missed(), 1);
        assert!(samples.add_named("web.nonsense", 1.0).is_err());
    }

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
}
