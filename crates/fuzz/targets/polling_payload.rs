//! Searches `socketio::fuzzing::polling_payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socketio::fuzzing::polling_payload(data));
