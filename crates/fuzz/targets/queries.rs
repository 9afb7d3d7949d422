//! Searches `chinwag::fuzzing::queries`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::queries(data));
