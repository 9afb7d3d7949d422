//! Entry points for fuzzers: they put arbitrary bytes into every parser.
//!
//! No parser may panic. Each entry point also checks what has to hold: what was parsed is written
//! back as it came, bytes in pieces mean the same as in one piece, and no bound is exceeded. If that
//! does not hold, the entry point panics. Where a parser takes text, bytes that are no text are
//! skipped.

use crate::frame::Frame;
use crate::socketio::{Assembly, Progress};
use crate::wire::handshake::{Query, accept_key};
use crate::wire::packet::{self, Kind, Packet};
use crate::wire::payload::{self, Record};
use crate::wire::websocket::{self, FrameError, Opcode, Parsed, Step};
use crate::{Config, shard};

/// The largest frame that [`frames`] takes, small enough that inputs pass it.
const FRAME_LIMIT: usize = 2_000;

/// Reads WebSocket frames, one after the other. The first byte says where the rest is cut in two.
/// The frames must be the same in both cases, and written back they must be the bytes that came.
pub fn frames(data: &[u8]) {
    let Some((cut, data)) = data.split_first() else { return };
    let (whole, end) = all_frames(&mut data.to_vec());
    for (at, parsed, payload) in &whole {
        assert!(payload.len() <= FRAME_LIMIT, "the limit was checked");
        assert_eq!(&data[*at..at + parsed.payload.end], masked(data, *at, parsed, payload));
    }
    let cut = usize::from(*cut).min(data.len());
    let mut first = data[..cut].to_vec();
    let (mut pieces, pause) = all_frames(&mut first);
    let used = pieces.last().map_or(0, |(at, parsed, _)| at + parsed.payload.end);
    let stop = match pause {
        Ok(need) => {
            assert!(used + need > cut, "it asked for bytes that it had");
            let (rest, stop) = all_frames(&mut data[used..].to_vec());
            pieces.extend(rest.into_iter().map(|(at, parsed, bytes)| (at + used, parsed, bytes)));
            stop
        }
        error => error,
    };
    assert_eq!((pieces, stop), (whole, end), "in pieces they are the same");
}

type Found = (usize, Parsed, Vec<u8>);

/// Every whole frame with its offset and payload, and why there are no more: the number of bytes that
/// the next frame needs, or what is wrong with it.
fn all_frames(data: &mut [u8]) -> (Vec<Found>, Result<usize, FrameError>) {
    let (mut found, mut at) = (Vec::new(), 0);
    loop {
        match websocket::parse(&mut data[at..], FRAME_LIMIT) {
            Ok(Step::Frame(parsed)) => {
                let payload = data[at..][parsed.payload.clone()].to_vec();
                if parsed.opcode == Opcode::Close {
                    let _ = websocket::close_payload_is_valid(&payload);
                }
                let end = at + parsed.payload.end;
                found.push((at, parsed, payload));
                at = end;
            }
            Ok(Step::Need(bytes)) => return (found, Ok(bytes)),
            Err(error) => return (found, Err(error)),
        }
    }
}

/// A parsed frame as its client wrote it, with the mask of the original.
fn masked(data: &[u8], at: usize, parsed: &Parsed, payload: &[u8]) -> Vec<u8> {
    let mask = &data[at + parsed.payload.start - 4..at + parsed.payload.start];
    let mut out = Vec::new();
    websocket::put_header(&mut out, parsed.opcode, payload.len());
    out[0] = if parsed.fin { out[0] } else { out[0] & 0x7f };
    out[1] |= 0x80;
    out.extend_from_slice(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

/// Reads the query and the upgrade headers of a handshake. The input is a query, a line feed, and
/// `name: value` lines.
pub fn handshake(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.lines();
    let query = lines.next().unwrap_or("");
    let read = Query::parse(query);
    for value in [read.version, read.sid].into_iter().flatten() {
        assert!(!value.contains('&') && query.contains(value));
    }
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
    if let Ok(key) = accept_key(&headers) {
        assert_eq!(key.len(), 28, "20 bytes in base64");
        assert!(headers.contains_key("upgrade") && headers.contains_key("connection"));
    }
}

/// Reads one Engine.IO packet. What it carries must be the rest of the text.
pub fn engine_packet(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(payload::Packet::Ping(rest) | payload::Packet::Message(rest)) =
        payload::Packet::parse(text)
    {
        assert_eq!(rest, &text[1..]);
    }
}

/// Reads one Socket.IO packet. Written again as a server writes it, it must be read as the same.
pub fn socket_packet(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(read) = Packet::parse(text) else { return };
    let kind = match (read.kind, read.attachments) {
        (Kind::Connect, _) => '0',
        (Kind::Disconnect, _) => '1',
        (Kind::Event, None) => '2',
        (Kind::Ack, None) => '3',
        (Kind::Event, Some(_)) => '5',
        (Kind::Ack, Some(_)) => '6',
    };
    let mut again = packet::head(kind, read.attachments.unwrap_or(0), read.namespace, read.id);
    if read.attachments == Some(0) {
        // A server has no reason to write that there are none.
        again.insert_str(2, "0-");
    }
    again.push_str(read.json);
    assert_eq!(Packet::parse(&again[1..]), Ok(read), "{again}");
    let before = &text[1..text.len() - read.json.len()];
    let has_number = !read.json.is_empty() && before.ends_with(|c: char| c.is_ascii_digit());
    assert!(read.id.is_some() || !has_number, "an id was left out: {text}");
}

/// Reads a polling payload. Its records, written as a polling answer, must be the payload.
pub fn polling_payload(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(records) = payload::decode(text) else { return };
    let mut again = String::new();
    for record in &records {
        let frame = match record {
            Record::Text(text) => Frame::text(text),
            Record::Binary(bytes) => Frame::binary(bytes),
        };
        let done = payload::encode(&mut again, &frame.0, 1);
        assert_eq!((done.packets, done.bytes), (1, frame.len()));
    }
    assert_eq!(again, text);
}

/// Reads Socket.IO packets with their attachments. The input is lines; those that begin with `b` are
/// binary. A packet must be whole exactly when it has the attachments that it announced, within the
/// bounds.
pub fn attachments(data: &[u8]) {
    let config = Config { max_payload_bytes: FRAME_LIMIT, max_attachments: 4, ..Config::default() };
    let mut assembly: Option<Box<Assembly>> = None;
    for line in data.split(|byte| *byte == b'\n') {
        let progress = match (line.split_first(), assembly.take()) {
            (Some((b'b', bytes)), Some(assembly)) => assembly.add(bytes, &config),
            (_, None) => match std::str::from_utf8(line) {
                Ok(text) => Assembly::begin(text, &config),
                Err(_) => return,
            },
            _ => return,
        };
        match progress {
            Ok(Progress::Partial(partial)) => assembly = Some(partial),
            Ok(Progress::Whole { attachments, weight, .. }) => {
                let bytes: usize = attachments.iter().map(bytes::Bytes::len).sum();
                assert!(attachments.len() <= config.max_attachments && bytes <= FRAME_LIMIT);
                assert!(weight >= bytes);
            }
            Err(_) => return,
        }
    }
}

/// Feeds bytes to a WebSocket connection, through the same code that owns connections. The first byte
/// is the size of the pieces in which the others come. In pieces they must lead to the same messages,
/// the same end and the same count of unfinished bytes as at once.
pub fn connection(data: &[u8]) {
    let Some((size, data)) = data.split_first() else { return };
    let whole = shard::fuzzing::feed(&[data]);
    let pieces: Vec<&[u8]> = data.chunks(usize::from(*size).max(1)).collect();
    assert_eq!(shard::fuzzing::feed(&pieces), whole, "in pieces it is the same");
}
