//! Searches `chinwag::fuzzing::marks`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::marks(data));
