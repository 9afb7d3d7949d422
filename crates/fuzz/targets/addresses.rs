//! Searches `chinwag::fuzzing::addresses`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::addresses(data));
