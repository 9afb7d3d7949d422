//! Where and when something was measured, for those who read the figures later.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One line: processor, cores, memory, kernel.
pub(crate) fn describe() -> String {
    let cpu =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    // Not those that this process may use: it has put itself on one of them.
    let list = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cores = list.lines().filter(|line| line.starts_with("processor")).count();
    let memory_kb: u64 = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_ascii_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} cores of {cpu}, {} GiB, Linux {}", memory_kb >> 20, kernel.trim())
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The time of day and year.
#[expect(clippy::disallowed_methods, reason = "a measurement is dated by the real clock")]
pub(crate) fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Today in UTC, as `2026-01-31`.
pub(crate) fn today() -> String {
    let (year, month, day) = date_of(since_1970().as_secs() / 86_400);
    format!("{year}-{month:02}-{day:02}")
}

/// The civil date of a day counted from 1970-01-01. Years begin in March here, so that the
/// leap day is the last of a year and the months before it have a regular length.
fn date_of(days: u64) -> (u64, u64, u64) {
    const DAYS_TO_1970: u64 = 719_468;
    const DAYS_IN_400_YEARS: u64 = 146_097;
    let days = days + DAYS_TO_1970;
    let era = days / DAYS_IN_400_YEARS;
    let of_era = days % DAYS_IN_400_YEARS;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(11_016), (2000, 2, 29));
        assert_eq!(date_of(20_513), (2026, 3, 1));
    }
}
