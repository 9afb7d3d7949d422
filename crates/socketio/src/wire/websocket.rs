//! WebSocket frames (RFC 6455), as a server reads and writes them.
//!
//! [`parse`] finds one frame at the start of a buffer and unmasks it in place; [`put_frame`] writes
//! one. `shard::input` puts fragments together.

use std::ops::Range;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message that an earlier frame began.
    Continuation,
    /// A message of UTF-8 text, or its beginning.
    Text,
    /// A message of bytes, or its beginning.
    Binary,
    /// The closing handshake.
    Close,
    /// A question for a pong.
    Ping,
    /// The answer to a ping.
    Pong,
}

impl Opcode {
    fn from_bits(bits: u8) -> Option<Self> {
        Some(match bits {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            _ => return None,
        })
    }

    fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// One complete frame at the start of a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Whether the message ends with this frame.
    pub fin: bool,
    /// What the frame is for.
    pub opcode: Opcode,
    /// Where the unmasked payload is.
    pub payload: Range<usize>,
}

/// How far [`parse`] came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A frame; the next one starts at the end of its payload.
    Frame(Parsed),
    /// The buffer must hold at least so many bytes before it is worth another look.
    Need(usize),
}

/// Why bytes are not a frame that a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A reserved bit or opcode, a missing mask, a wrong length or a broken control frame.
    #[error("malformed WebSocket frame")]
    Malformed,
    /// The payload is larger than allowed.
    #[error("WebSocket frame too large")]
    TooLarge,
}

/// Finds the first frame and unmasks it in place. A payload of more than `limit` bytes is refused as
/// soon as its length has arrived.
pub fn parse(data: &mut [u8], limit: usize) -> Result<Step, FrameError> {
    let [first, second, ..] = *data else { return Ok(Step::Need(2)) };
    let opcode = Opcode::from_bits(first & 0x0f).ok_or(FrameError::Malformed)?;
    let fin = first & 0x80 != 0;
    let length_bits = second & 0x7f;
    let broken_control = opcode.is_control() && (!fin || length_bits > 125);
    if first & 0x70 != 0 || second & 0x80 == 0 || broken_control {
        return Err(FrameError::Malformed);
    }
    let mask_at = 2 + match length_bits {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let start = mask_at + 4;
    if data.len() < start {
        return Ok(Step::Need(start));
    }
    let length = payload_length(length_bits, &data[2..mask_at])?;
    if length > limit as u64 {
        return Err(FrameError::TooLarge);
    }
    let end = start + usize::try_from(length).map_err(|_| FrameError::TooLarge)?;
    if data.len() < end {
        return Ok(Step::Need(end));
    }
    let mask = [data[mask_at], data[mask_at + 1], data[mask_at + 2], data[mask_at + 3]];
    unmask(&mut data[start..end], mask);
    Ok(Step::Frame(Parsed { fin, opcode, payload: start..end }))
}

/// The length of the payload; a longer form than needed is refused, as the RFC says.
fn payload_length(bits: u8, extended: &[u8]) -> Result<u64, FrameError> {
    let length = extended.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    match bits {
        126 if length < 126 => Err(FrameError::Malformed),
        127 if length < 65_536 || length >> 63 == 1 => Err(FrameError::Malformed),
        126 | 127 => Ok(length),
        short => Ok(u64::from(short)),
    }
}

/// Applies the client's mask, eight bytes at a time.
fn unmask(data: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = data.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// Writes one unmasked frame, as a server sends it.
pub fn put_frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    put_header(out, opcode, payload.len());
    out.extend_from_slice(payload);
}

/// Writes the head of an unmasked frame whose payload follows.
pub fn put_header(out: &mut Vec<u8>, opcode: Opcode, length: usize) {
    out.push(0x80 | opcode.bits());
    match length {
        0..=125 => out.push(length as u8),
        126..=65_535 => {
            out.push(126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

/// Splits the first frame that [`put_frame`] wrote from the rest: opcode, payload range.
pub fn split_own(data: &[u8]) -> Option<(Opcode, Range<usize>)> {
    let [first, second, ..] = *data else { return None };
    let extended = match second {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let start = 2 + extended;
    let length = payload_length(second, data.get(2..start)?).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    (end <= data.len()).then_some((Opcode::from_bits(first & 0x0f)?, start..end))
}

/// Whether the payload of a close frame is valid: empty, or a code that may be sent and a reason in
/// UTF-8.
pub fn close_payload_is_valid(payload: &[u8]) -> bool {
    match payload {
        [] => true,
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            let allowed = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            allowed && std::str::from_utf8(reason).is_ok()
        }
        [_] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put_frame(&mut out, Opcode::Text, payload);
        out[0] = first;
        out[1] |= 0x80;
        let at = out.len() - payload.len();
        let mask = [1, 2, 3, 4];
        out.splice(at..at, mask);
        unmask(&mut out[at + 4..], mask);
        out
    }

    #[test]
    fn a_frame_of_every_size_round_trips() {
        for length in [0, 1, 7, 8, 125, 126, 65_535, 65_536] {
            let payload: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut data = masked(0x82, &payload);
            let Ok(Step::Frame(frame)) = parse(&mut data, 100_000) else {
                panic!("{length}: no frame")
            };
            assert_eq!(data[frame.payload], payload);
        }
    }

    #[test]
    fn too_few_bytes_ask_for_more_and_never_more_than_the_frame() {
        let whole = masked(0x81, &[7; 300]);
        for cut in 0..whole.len() {
            let mut part = whole[..cut].to_vec();
            match parse(&mut part, 1_000) {
                Ok(Step::Need(n)) => assert!(n > cut && n <= whole.len(), "{cut}: {n}"),
                other => panic!("{cut}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_a_client_may_not_send_is_refused() {
        let long_form_of_5 = vec![0x81, 0x80 | 126, 0, 5, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        let huge = vec![0x81, 0x80 | 127, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let cases = [
            ("reserved bit", masked(0xc1, b"x")),
            ("reserved opcode", masked(0x83, b"x")),
            ("no mask", vec![0x81, 1, b'x']),
            ("fragmented ping", masked(0x09, b"")),
            ("long ping", masked(0x89, &[0; 126])),
            ("longer form than needed", long_form_of_5),
            ("length with the top bit", huge),
        ];
        for (what, mut data) in cases {
            assert_eq!(parse(&mut data, 1_000), Err(FrameError::Malformed), "{what}");
        }
        assert_eq!(parse(&mut masked(0x81, &[0; 11]), 10), Err(FrameError::TooLarge));
    }
}
