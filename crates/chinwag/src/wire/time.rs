//! Times on the wire: RFC 3339, UTC, with milliseconds.

use crate::model::time::Timestamp;

/// A time such as `2026-11-22T21:42:00.123Z`. One after the last that can be written, at the end of the year
/// 9999, becomes that one, and one before the first becomes 1970.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    let end = if at.0 > 0 { jiff::Timestamp::MAX } else { jiff::Timestamp::UNIX_EPOCH };
    let moment = jiff::Timestamp::from_millisecond(at.0).unwrap_or(end);
    format!("{moment:.3}")
}

/// The same to the minute, for when somebody was here last.
#[must_use]
pub fn rfc3339_minute(at: Timestamp) -> String {
    const MINUTE_MS: i64 = 60_000;
    rfc3339(Timestamp(at.0 - at.0.rem_euclid(MINUTE_MS)))
}

/// Reads a time in RFC 3339. `None`: it is none.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|moment| Timestamp(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use crate::model::channels::FOR_GOOD;

    use super::{Timestamp, parse_rfc3339, rfc3339};

    #[test]
    fn always_has_three_digits_of_milliseconds() {
        assert_eq!(rfc3339(Timestamp(1_795_383_720_000)), "2026-11-22T21:42:00.000Z");
        assert_eq!(rfc3339(Timestamp(7)), "1970-01-01T00:00:00.007Z");
        assert_eq!(rfc3339(Timestamp(i64::MIN)), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn what_never_ends_is_written_as_the_last_time() {
        for time in [FOR_GOOD, Timestamp(i64::MAX)] {
            assert!(rfc3339(time).starts_with("9999-12-30T"), "{}", rfc3339(time));
        }
    }

    #[test]
    fn reads_what_it_writes() {
        for time in [0, 7, 1_795_383_720_000] {
            assert_eq!(parse_rfc3339(&rfc3339(Timestamp(time))), Some(Timestamp(time)));
        }
        assert_eq!(parse_rfc3339("2026-11-22T22:42+01:00"), Some(Timestamp(1_795_383_720_000)));
        assert_eq!(parse_rfc3339("tomorrow"), None);
    }
}
