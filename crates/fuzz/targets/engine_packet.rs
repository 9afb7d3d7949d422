//! Searches `socketio::fuzzing::engine_packet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socketio::fuzzing::engine_packet(data));
