//! Engine.IO packets in text, and the polling payload that carries several of them.
//!
//! A packet is a digit and its data; a binary message in a payload is `b` and base64. Packets of a
//! payload are separated by U+001E.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::websocket::{self, Opcode};

/// What separates the packets of a payload.
pub(crate) const SEPARATOR: char = '\u{1e}';

/// A packet that a client sent as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    Close,
    Ping(&'a str),
    Pong,
    Message(&'a str),
    Upgrade,
    Noop,
}

/// Text that is no Engine.IO packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed Engine.IO packet")]
pub(crate) struct Malformed;

impl<'a> Packet<'a> {
    /// Reads one text packet. Only a server sends `0` (open), so that one is refused.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let kind = text.as_bytes().first().ok_or(Malformed)?;
        match kind {
            b'1' => Ok(Self::Close),
            b'2' => Ok(Self::Ping(&text[1..])),
            b'3' => Ok(Self::Pong),
            b'4' => Ok(Self::Message(&text[1..])),
            b'5' => Ok(Self::Upgrade),
            b'6' => Ok(Self::Noop),
            _ => Err(Malformed),
        }
    }
}

/// One packet of a polling body. It owns its data, because it may have to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Text(String),
    Binary(Bytes),
}

/// Splits a polling body. An empty body or an empty packet is malformed.
pub(crate) fn decode(body: &str) -> Result<Vec<Record>, Malformed> {
    body.split(SEPARATOR).map(decode_record).collect()
}

fn decode_record(text: &str) -> Result<Record, Malformed> {
    if let Some(encoded) = text.strip_prefix('b') {
        let bytes = STANDARD.decode(encoded).map_err(|_| Malformed)?;
        return Ok(Record::Binary(bytes.into()));
    }
    Packet::parse(text)?;
    Ok(Record::Text(text.to_owned()))
}

/// How far [`encode`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub bytes: usize,
    pub packets: usize,
}

/// Appends at most so many packets of these frames to a polling answer. The frames are as they
/// would go over a WebSocket.
pub(crate) fn encode(out: &mut String, frames: &[u8], most: usize) -> Encoded {
    let mut done = Encoded { bytes: 0, packets: 0 };
    while done.packets < most
        && let Some((opcode, range)) = websocket::split_own(&frames[done.bytes..])
    {
        if !out.is_empty() {
            out.push(SEPARATOR);
        }
        let payload = &frames[done.bytes + range.start..done.bytes + range.end];
        match opcode {
            Opcode::Binary => {
                out.push('b');
                STANDARD.encode_string(payload, out);
            }
            // Text frames are made from `str` only; a lossy copy can never change one.
            _ => out.push_str(&String::from_utf8_lossy(payload)),
        }
        done.bytes += range.end;
        done.packets += 1;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_round_trips() {
        let mut frames = Vec::new();
        websocket::put_frame(&mut frames, Opcode::Text, "4hé".as_bytes());
        websocket::put_frame(&mut frames, Opcode::Binary, &[1, 2, 3, 4]);
        let mut body = String::new();
        assert_eq!(encode(&mut body, &frames, 1).packets, 1);
        assert_eq!(body, "4hé");
        body.clear();
        assert_eq!(encode(&mut body, &frames, 9), Encoded { bytes: frames.len(), packets: 2 });
        assert_eq!(body, "4hé\u{1e}bAQIDBA==");
        let records = decode(&body).expect("own payload");
        let expected = [Record::Text("4hé".to_owned()), Record::Binary(vec![1, 2, 3, 4].into())];
        assert_eq!(records, expected);
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        for body in ["", "abc", "4a\u{1e}", "\u{1e}4a", "7", "b###", "0{}", "é"] {
            assert_eq!(decode(body), Err(Malformed), "{body:?}");
        }
    }
}
