//! Searches `socketio::fuzzing::frames`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socketio::fuzzing::frames(data));
