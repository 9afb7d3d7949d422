//! The Socket.IO packets that matter to a listener on `/app`, and the mark in the text of every
//! message of the generator.
//!
//! The mark is `load#<run>-<sequence>`. The run distinguishes the messages of this generator from all
//! others, the sequence distinguishes one from the next.

use memchr::memmem;

/// Digits of the sequence in the mark.
const SEQUENCE_DIGITS: usize = 10;
/// Hexadecimal digits of the run in the mark.
const RUN_DIGITS: usize = 8;
/// How every mark starts. The names of the people, which are in the same frame, start differently.
const MARK: &[u8] = b"load#";

/// A packet, as far as a listener cares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// Engine.IO is open: the namespace may be asked for.
    Open,
    /// A heartbeat that has to be answered.
    Ping,
    /// The listener is in its namespace: events follow.
    Connected,
    /// The namespace was refused, with the server's reason.
    Refused(&'a [u8]),
    /// The server ends the namespace or the connection.
    Closed,
    /// A message somebody posted.
    Message(&'a [u8]),
    /// Any other event.
    Other,
}

/// Reads which packet the text frame `payload` is.
pub(crate) fn read(payload: &[u8]) -> Packet<'_> {
    match payload {
        [b'0', ..] => Packet::Open,
        [b'1', ..] => Packet::Closed,
        [b'2', ..] => Packet::Ping,
        _ => {
            if payload.starts_with(b"42/app,[\"message\",") {
                Packet::Message(payload)
            } else if payload.starts_with(b"40/app") {
                Packet::Connected
            } else if payload.starts_with(b"44/app") {
                Packet::Refused(payload)
            } else if payload.starts_with(b"41") {
                Packet::Closed
            } else {
                Packet::Other
            }
        }
    }
}

/// A message of the generator, as one connection received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The server's id of the channel.
    pub channel: u64,
    /// The channel's revision that the message took.
    pub revision: u64,
    /// The generator's own number of the message.
    pub sequence: u64,
}

/// Finds the mark in a message. `None` if the message is not one of this run.
pub(crate) fn delivery(payload: &[u8], run: u32) -> Option<Delivery> {
    let at = memmem::find(payload, MARK)?;
    let mark = payload.get(at + MARK.len()..at + MARK.len() + RUN_DIGITS + 1 + SEQUENCE_DIGITS)?;
    let (of_run, sequence) = mark.split_at(RUN_DIGITS);
    if hexadecimal(of_run)? != run {
        return None;
    }
    Some(Delivery {
        channel: number_after(payload, b"\"channel\":")?,
        revision: number_after(payload, b"\"revision\":")?,
        sequence: decimal(&sequence[1..]),
    })
}

/// The body of a post of message number `sequence`. Its key is a UUID that counts instead of being
/// random.
pub(crate) fn draft(run: u32, sequence: u64, bytes: usize) -> String {
    let text = text(run, sequence, bytes);
    format!(r#"{{"key":"{run:08x}-0000-4000-8000-{sequence:012x}","text":"{text}"}}"#)
}

/// The text of message number `sequence`, filled up to `bytes`.
pub(crate) fn text(run: u32, sequence: u64, bytes: usize) -> String {
    const FILLING: &str = " the quick brown fox jumps over the lazy dog and talks about it";
    let mut text = format!("load#{run:08x}-{sequence:010}");
    while text.len() < bytes {
        let room = bytes - text.len();
        text.push_str(&FILLING[..room.min(FILLING.len())]);
    }
    // The server trims; a text that ends in a space would come back shorter than it was sent.
    if text.ends_with(' ') {
        text.pop();
        text.push('.');
    }
    text
}

/// The packet of a message as the product sends it, for the servers that are compared with it. It has
/// the same shape, and so the same size.
pub(crate) fn message(revision: u64, text: &str) -> String {
    let message = serde_json::json!({
        "channel": 1,
        "number": revision,
        "revision": revision,
        "key": format!("00000000-0000-4000-8000-{revision:012x}"),
        "author": {"id": 1, "name": "load-00000000-1"},
        "text": text,
        "created_at": "2026-01-01T00:00:00.000Z",
        "deleted_at": null,
        "attachments": [],
    });
    format!(
        r#"42/app,["message",{{"type":"posted","channel":1,"revision":{revision},"message":{message}}}]"#
    )
}

fn number_after(payload: &[u8], name: &[u8]) -> Option<u64> {
    let at = memmem::find(payload, name)? + name.len();
    let rest = &payload[at..];
    rest.first().filter(|byte| byte.is_ascii_digit())?;
    Some(decimal(rest))
}

/// The number at the start of `digits`. It wraps, because garbage must not end a run.
fn decimal(digits: &[u8]) -> u64 {
    digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0u64, |sum, byte| sum.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> String {
        format!(
            r#"42/app,["message",{{"type":"posted","channel":7,"revision":41,"message":{{"channel":7,"number":40,"revision":41,"text":"{text}"}}}}]"#
        )
    }

    #[test]
    fn a_message_is_found_by_its_mark() {
        let payload = frame(&text(0xabc, 12, 80));
        let Packet::Message(found) = read(payload.as_bytes()) else { panic!("not a message") };
        let expected = Delivery { channel: 7, revision: 41, sequence: 12 };
        assert_eq!(delivery(found, 0xabc), Some(expected));
        assert_eq!(delivery(found, 0xabd), None, "another run's message");
    }

    #[test]
    fn a_message_of_a_person_is_nobodys_mark() {
        assert_eq!(delivery(frame("load#").as_bytes(), 1), None);
        assert_eq!(delivery(frame("load#zzzzzzzz-0000000001").as_bytes(), 1), None);
        assert_eq!(delivery(b"42/app,[\"message\",{}]", 1), None);
    }

    #[test]
    fn what_is_written_for_comparison_is_read_like_the_product_s() {
        let packet = message(9, &text(3, 4, 60));
        let Packet::Message(found) = read(packet.as_bytes()) else { panic!("no message") };
        let expected = Delivery { channel: 1, revision: 9, sequence: 4 };
        assert_eq!(delivery(found, 3), Some(expected));
    }

    #[test]
    fn packets_are_told_apart() {
        assert_eq!(read(b"0{\"sid\":\"x\"}"), Packet::Open);
        assert_eq!(read(b"2"), Packet::Ping);
        assert_eq!(read(b"40/app,{\"sid\":\"x\"}"), Packet::Connected);
        assert!(matches!(read(b"44/app,{\"message\":\"not_signed_in\"}"), Packet::Refused(_)));
        assert_eq!(read(b"42/app,[\"heads\",{}]"), Packet::Other);
        assert_eq!(read(b""), Packet::Other);
    }

    #[test]
    fn a_text_has_the_length_that_was_asked_for_and_survives_trimming() {
        for bytes in 30..200 {
            let text = text(1, 2, bytes);
            assert_eq!(text.len(), bytes);
            assert_eq!(text.trim(), text);
        }
    }
}
