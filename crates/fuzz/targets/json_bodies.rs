//! Searches `chinwag::fuzzing::bodies`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| chinwag::fuzzing::bodies(data));
