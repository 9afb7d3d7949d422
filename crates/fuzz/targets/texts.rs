//! Searches `chinwag::fuzzing::texts`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::texts(data));
