//! Searches `chinwag::fuzzing::pictures`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::pictures(data));
