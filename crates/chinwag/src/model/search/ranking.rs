//! Which hits are the best: those that have the words often, among few others (the measure is BM25).
//!
//! It counts only in hits that the searcher may read. So the order tells nothing of other messages.

use super::phrase::Phrase;
use super::tokens::Token;

/// How soon more of the same word counts for less.
const SATURATION: f64 = 1.2;
/// How much a long text counts for less.
const LENGTH: f64 = 0.75;

/// What counts of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How often it has each phrase.
    times: Vec<u32>,
    /// How many tokens it has.
    long: u32,
}

impl Counted {
    /// Counts in the tokens of a text.
    #[must_use]
    pub fn of(text: &[Token], phrases: &[Phrase]) -> Self {
        let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
        let times = phrases.iter().map(|phrase| count(phrase.places(text).count()));
        Self { times: times.collect(), long: count(text.len()) }
    }
}

/// The places in the list, the best first. Among equals the order stays.
#[must_use]
pub fn best_first(counted: &[Counted]) -> Vec<usize> {
    let all = f64::from(u32::try_from(counted.len()).unwrap_or(u32::MAX));
    let long: f64 = counted.iter().map(|one| f64::from(one.long)).sum();
    let usual = (long / all.max(1.0)).max(1.0);
    let phrases = counted.first().map_or(0, |one| one.times.len());
    let worth: Vec<f64> = (0..phrases)
        .map(|phrase| {
            let having = counted.iter().filter(|one| one.times[phrase] > 0).count();
            let having = f64::from(u32::try_from(having).unwrap_or(u32::MAX));
            (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
        })
        .collect();
    let score = |one: &Counted| -> f64 {
        let room = SATURATION * (1.0 - LENGTH + LENGTH * f64::from(one.long) / usual);
        let parts = one.times.iter().zip(&worth).map(|(times, worth)| {
            let times = f64::from(*times);
            worth * times * (SATURATION + 1.0) / (times + room)
        });
        parts.sum()
    };
    let mut scored: Vec<(usize, f64)> = counted.iter().map(score).enumerate().collect();
    scored.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    scored.into_iter().map(|(at, _)| at).collect()
}
