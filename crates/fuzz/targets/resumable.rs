//! Searches `chinwag::fuzzing::resumable`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::resumable(data));
