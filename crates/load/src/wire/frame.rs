//! WebSocket frames on the client's side: frames from the server are not masked, frames to it are.
//!
//! Fragmented messages are refused. No server under test sends them, and joining them silently would
//! hide that one began to.

use thiserror::Error;

/// The longest payload that is accepted. A server that sends a longer one is broken.
const MAX_PAYLOAD: u64 = 4 << 20;

/// A constant mask. Masks protect proxies from scripted content, of which there is none here; the
/// server has to remove them all the same.
const MASK: [u8; 4] = [0x5a, 0x1c, 0xe3, 0x97];

/// What a server sent that this client does not accept.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum FrameError {
    /// The frame is a fragment of a message.
    #[error("fragmented frame")]
    Fragmented,
    /// The frame is masked, which a server must not do.
    #[error("masked frame from a server")]
    Masked,
    /// The payload is longer than [`MAX_PAYLOAD`].
    #[error("frame of {0} bytes")]
    TooLong(u64),
}

/// Kinds of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text: everything that Socket.IO sends without attachments.
    Text,
    /// The server closes.
    Close,
    /// A WebSocket ping. Socket.IO has its own, so this one is rare.
    Ping,
    /// Binary, pong and whatever is not used here.
    Other,
}

/// A whole frame at the start of a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub payload: &'a [u8],
    /// Bytes of the buffer that it takes, header included.
    pub used: usize,
}

/// Reads the frame at the start of `bytes`. `None` if it has not arrived whole.
pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Frame<'_>>, FrameError> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    if first & 0x80 == 0 || first & 0x0f == 0 {
        return Err(FrameError::Fragmented);
    }
    if second & 0x80 != 0 {
        return Err(FrameError::Masked);
    }
    let Some((header, length)) = length_of(second & 0x7f, rest) else { return Ok(None) };
    if length > MAX_PAYLOAD {
        return Err(FrameError::TooLong(length));
    }
    let used = header + length as usize;
    let Some(payload) = bytes.get(header..used) else { return Ok(None) };
    let kind = match first & 0x0f {
        1 => Kind::Text,
        8 => Kind::Close,
        9 => Kind::Ping,
        _ => Kind::Other,
    };
    Ok(Some(Frame { kind, payload, used }))
}

/// The header's size and the payload's, from the 7-bit length and what follows it.
fn length_of(short: u8, rest: &[u8]) -> Option<(usize, u64)> {
    match short {
        126 => {
            let bytes: [u8; 2] = rest.get(..2)?.try_into().ok()?;
            Some((4, u64::from(u16::from_be_bytes(bytes))))
        }
        127 => {
            let bytes: [u8; 8] = rest.get(..8)?.try_into().ok()?;
            Some((10, u64::from_be_bytes(bytes)))
        }
        short => Some((2, u64::from(short))),
    }
}

/// A masked text frame.
pub(crate) fn client_text(payload: &str) -> Vec<u8> {
    client(0x81, payload.as_bytes())
}

/// A masked pong.
pub(crate) fn client_pong(payload: &[u8]) -> Vec<u8> {
    client(0x8a, payload)
}

fn client(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = header(first, payload.len(), 0x80);
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

/// An unmasked text frame, as a server sends it.
pub(crate) fn server_text(payload: &[u8]) -> Vec<u8> {
    let mut out = header(0x81, payload.len(), 0);
    out.extend_from_slice(payload);
    out
}

fn header(first: u8, length: usize, mask_bit: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(length + 14);
    out.push(first);
    match length {
        0..=125 => out.push(mask_bit | length as u8),
        126..=65_535 => {
            out.push(mask_bit | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(mask_bit | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_read_back_and_only_when_whole() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let bytes = server_text(&payload);
            let frame = parse(&bytes).unwrap().unwrap();
            assert_eq!((frame.payload, frame.used), (payload.as_slice(), bytes.len()));
            assert_eq!(parse(&bytes[..bytes.len() - 1]), Ok(None));
        }
    }

    #[test]
    fn what_a_server_must_not_send_is_an_error() {
        assert_eq!(parse(&[0x01, 0x00]), Err(FrameError::Fragmented));
        assert_eq!(parse(&[0x80, 0x00]), Err(FrameError::Fragmented));
        assert_eq!(parse(&client_text("2")), Err(FrameError::Masked));
        let long = [0x81, 127, 0xff, 0, 0, 0, 0, 0, 0, 0];
        assert!(matches!(parse(&long), Err(FrameError::TooLong(_))));
    }

    #[test]
    fn a_client_frame_is_masked() {
        let bytes = client_text("40/app,");
        assert_eq!(bytes[..2], [0x81, 0x80 | 7]);
        let plain: Vec<u8> =
            bytes[6..].iter().zip(bytes[2..6].iter().cycle()).map(|(a, b)| a ^ b).collect();
        assert_eq!(plain, b"40/app,");
    }
}
