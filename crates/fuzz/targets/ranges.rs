//! Searches `chinwag::fuzzing::ranges`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::ranges(data));
