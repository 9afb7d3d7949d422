//! Entry points for fuzzers: arbitrary bytes into every parser. None may panic.

use crate::wire::handshake::{Query, accept_key};
use crate::wire::packet::Packet;
use crate::wire::payload;
use crate::wire::websocket::{self, Step};

/// WebSocket frames, one after the other.
pub fn frames(data: &[u8]) {
    let mut data = data.to_vec();
    let mut at = 0;
    while let Ok(Step::Frame(frame)) = websocket::parse(&mut data[at..], 1 << 20) {
        if frame.opcode == websocket::Opcode::Close {
            websocket::close_payload_is_valid(
                &data[at + frame.payload.start..at + frame.payload.end],
            );
        }
        at += frame.payload.end;
    }
}

/// The query and the upgrade headers of a handshake: a query, a line feed, `name: value` lines.
pub fn handshake(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.lines();
    Query::parse(lines.next().unwrap_or(""));
    let mut headers = http::HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = http::HeaderName::from_bytes(name.trim().as_bytes());
        let value = http::HeaderValue::from_str(value.trim());
        if let (Ok(name), Ok(value)) = (name, value)
            && headers.len() < 100
        {
            headers.append(name, value);
        }
    }
    // Only that it answers matters.
    let _ = accept_key(&headers);
}

/// One Engine.IO packet.
pub fn engine_packet(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = payload::Packet::parse(text);
    }
}

/// One Socket.IO packet.
pub fn socket_packet(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Packet::parse(text);
    }
}

/// A polling payload.
pub fn polling_payload(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = payload::decode(text);
    }
}
