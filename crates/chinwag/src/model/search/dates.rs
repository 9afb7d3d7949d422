//! Dates as somebody types them.

use crate::model::time::Timestamp;

/// How many milliseconds a day has.
const DAY_MS: i64 = 24 * 3_600_000;

/// The beginning of a day such as `2026-03-01`, in UTC. `None`: it is no such day.
#[must_use]
pub fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, long: usize| {
        (1..=long).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !is_number(year, 4) {
        return None;
    }
    if !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=length(year, month)).contains(&day) {
        return None;
    }
    Some(Timestamp(days(year, month, day) * DAY_MS))
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. A year that begins in March has its leap day at the end, so that months have one
/// formula.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, day};

    #[test]
    fn days_are_read_and_what_is_no_day_is_not() {
        let days = |text| day(text).map(|at| at.0 / DAY_MS);
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2026-03-01"), Some(20_513));
        assert_eq!(days("2024-02-29"), Some(19_782));
        assert_eq!(days("2026-3-1"), Some(20_513));
        for none in ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-01", "+026-1-1"] {
            assert_eq!(day(none), None, "{none}");
        }
    }
}
