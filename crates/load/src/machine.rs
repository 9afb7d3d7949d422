//! Where and when something was measured, for those who read the figures later.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One line: processor, cores, memory, kernel.
pub(crate) fn describe() -> String {
    let cpu =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    // All cores, not those that this process may use: it has put itself on one of them.
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
    let now = jiff::Timestamp::try_from(UNIX_EPOCH + since_1970()).unwrap_or_default();
    now.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_with_two_digits_for_month_and_day() {
        let today = today();
        assert_eq!(today.len(), "2026-01-31".len(), "{today}");
        assert!(today.starts_with("20") && today.matches('-').count() == 2, "{today}");
    }
}
