//! Searches `chinwag::fuzzing::uploads`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::uploads(data));
