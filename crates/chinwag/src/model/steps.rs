//! How much work reading a text is: parsers count what they look at, and the fuzz target for texts holds the sum
//! against the length. In the product nothing is counted.

#[cfg(any(test, feature = "fuzzing"))]
use std::cell::Cell;

#[cfg(any(test, feature = "fuzzing"))]
thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// So many characters, or parts of a text, are looked at.
pub(super) fn count(steps: usize) {
    #[cfg(any(test, feature = "fuzzing"))]
    COUNT.set(COUNT.get() + u64::try_from(steps).unwrap_or(u64::MAX));
    #[cfg(not(any(test, feature = "fuzzing")))]
    let _ = steps;
}

/// The steps that some work takes.
#[cfg(any(test, feature = "fuzzing"))]
pub fn of(work: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}
