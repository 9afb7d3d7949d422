//! Which part of a file a request asks for (RFC 9110, 14). Of the libraries `http-range-header`
//! comes closest; it reads numbers beyond 64 bits differently, and several ranges need a rule of
//! ours anyway.

/// The part of the file to answer with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole file.
    Whole,
    /// From the first to the last byte, both included.
    Range(u64, u64),
    /// The range lies outside the file.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `length` bytes. Several ranges, or anything that is not a
/// byte range, are answered with the whole file, as the RFC allows.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Part::Whole;
    };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Part::Whole;
    };
    match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if last < first => Part::Whole,
        (Ok(first), last) if last.is_ok() || spec.trim().ends_with('-') => {
            if first >= length {
                return Part::Unsatisfiable;
            }
            Part::Range(first, last.unwrap_or(u64::MAX).min(length - 1))
        }
        (Err(_), Ok(suffix)) if first.trim().is_empty() => {
            if suffix == 0 || length == 0 {
                return Part::Unsatisfiable;
            }
            Part::Range(length.saturating_sub(suffix), length - 1)
        }
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, part};

    #[test]
    fn reads_ranges_as_the_rfc_says() {
        let cases = [
            (None, Part::Whole),
            (Some("bytes=0-4"), Part::Range(0, 4)),
            (Some("bytes=5-"), Part::Range(5, 9)),
            (Some("bytes=-3"), Part::Range(7, 9)),
            (Some("bytes=-30"), Part::Range(0, 9)),
            (Some("bytes=5-500"), Part::Range(5, 9)),
            (Some("bytes=10-"), Part::Unsatisfiable),
            (Some("bytes=-0"), Part::Unsatisfiable),
            (Some("bytes=4-2"), Part::Whole),
            (Some("bytes=0-1,4-5"), Part::Whole),
            (Some("lines=0-4"), Part::Whole),
            (Some("bytes=a-b"), Part::Whole),
            (Some("bytes=-"), Part::Whole),
            (Some("bytes=0-99999999999999999999999"), Part::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(part(header, 10), expected, "{header:?}");
        }
    }
}
