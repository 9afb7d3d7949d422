//! Searches `socketio::fuzzing::socket_packet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| socketio::fuzzing::socket_packet(data));
