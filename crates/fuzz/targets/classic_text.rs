//! Searches `chinwag::fuzzing::classic`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::classic(data));
