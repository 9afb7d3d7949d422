//! Socket.IO packets (protocol 5): reading their heads, and writing those that the server sends.
//!
//! `<type>[<attachments>-][<namespace>,][<id>][<json>]`. The JSON is not looked at here: the head
//! is read on the shard's thread, the JSON where the handler runs.

use std::fmt::Write as _;

/// What a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Connect,
    Disconnect,
    Event,
    Ack,
}

/// The head of a packet and its unread JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet<'a> {
    pub kind: Kind,
    /// Binary messages that follow; `None` for a packet that is not binary.
    pub attachments: Option<usize>,
    pub namespace: &'a str,
    pub id: Option<u64>,
    pub json: &'a str,
}

/// Text that is no packet a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed Socket.IO packet")]
pub(crate) struct Malformed;

/// Event names that belong to the protocol's own life cycle.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// Whether an event may carry this name.
pub(crate) fn name_is_free(name: &str) -> bool {
    !RESERVED.contains(&name)
}

impl<'a> Packet<'a> {
    /// Reads the head. Only a server sends a connect error (4), so that one is refused.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Malformed> {
        let (kind, binary) = match text.as_bytes().first() {
            Some(b'0') => (Kind::Connect, false),
            Some(b'1') => (Kind::Disconnect, false),
            Some(b'2') => (Kind::Event, false),
            Some(b'3') => (Kind::Ack, false),
            Some(b'5') => (Kind::Event, true),
            Some(b'6') => (Kind::Ack, true),
            _ => return Err(Malformed),
        };
        let mut rest = &text[1..];
        let attachments = if binary { Some(take_attachments(&mut rest)?) } else { None };
        let namespace = take_namespace(&mut rest);
        let id = take_id(&mut rest)?;
        let packet = Self { kind, attachments, namespace, id, json: rest };
        packet.shape_is_valid().then_some(packet).ok_or(Malformed)
    }

    /// Checks what the first byte of the JSON tells.
    fn shape_is_valid(&self) -> bool {
        match self.kind {
            Kind::Connect => {
                self.id.is_none() && (self.json.is_empty() || self.json.starts_with('{'))
            }
            Kind::Disconnect => self.id.is_none() && self.json.is_empty(),
            Kind::Event => self.json.starts_with('['),
            Kind::Ack => self.id.is_some() && self.json.starts_with('['),
        }
    }
}

/// Takes the digits at the start.
fn take_digits<'a>(rest: &mut &'a str) -> &'a str {
    let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    *rest = tail;
    digits
}

fn take_attachments(rest: &mut &str) -> Result<usize, Malformed> {
    let count = take_digits(rest).parse().map_err(|_| Malformed)?;
    *rest = rest.strip_prefix('-').ok_or(Malformed)?;
    Ok(count)
}

/// A namespace ends at the comma. Clients may leave the comma out; then the namespace is the whole
/// rest. What follows a `?` was a query in older protocols and is not part of the name.
fn take_namespace<'a>(rest: &mut &'a str) -> &'a str {
    if !rest.starts_with('/') {
        return "/";
    }
    let (namespace, tail) = rest.split_once(',').unwrap_or((*rest, ""));
    *rest = tail;
    namespace.split_once('?').map_or(namespace, |(name, _)| name)
}

fn take_id(rest: &mut &str) -> Result<Option<u64>, Malformed> {
    match take_digits(rest) {
        "" => Ok(None),
        digits => digits.parse().map(Some).map_err(|_| Malformed),
    }
}

/// Writes the head of a packet that the server sends, as an Engine.IO message.
pub(crate) fn head(kind: char, attachments: usize, namespace: &str, id: Option<u64>) -> String {
    let mut out = String::with_capacity(64);
    out.push('4');
    out.push(kind);
    // Writing to a `String` cannot fail.
    if attachments > 0 {
        let _ = write!(out, "{attachments}-");
    }
    if namespace != "/" {
        out.push_str(namespace);
        out.push(',');
    }
    if let Some(id) = id {
        let _ = write!(out, "{id}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_as_the_protocol_says() {
        let event = |attachments, namespace, id, json| Packet {
            kind: Kind::Event,
            attachments,
            namespace,
            id,
            json,
        };
        let cases = [
            (r#"2["a"]"#, event(None, "/", None, r#"["a"]"#)),
            (r#"2/app,["a"]"#, event(None, "/app", None, r#"["a"]"#)),
            (r#"2/app?x=1,12["a"]"#, event(None, "/app", Some(12), r#"["a"]"#)),
            (r#"51-/app,7["a"]"#, event(Some(1), "/app", Some(7), r#"["a"]"#)),
            (r#"50-["a"]"#, event(Some(0), "/", None, r#"["a"]"#)),
        ];
        for (text, expected) in cases {
            assert_eq!(Packet::parse(text), Ok(expected), "{text}");
        }
        let bare = Packet::parse("0/app").expect("a namespace without a comma");
        assert_eq!((bare.kind, bare.namespace, bare.json), (Kind::Connect, "/app", ""));
    }

    #[test]
    fn what_a_client_may_not_send_is_refused() {
        let cases = [
            "",
            "abc",
            "7",
            "4",
            "4{}",
            "2",
            "2{}",
            r#"2abc["a"]"#,
            r#"5["a"]"#,
            r#"5-["a"]"#,
            r#"51["a"]"#,
            "3[]",
            "31",
            "31{}",
            "0[]",
            "01{}",
            "1x",
            "1/a,x",
            "é",
            "299999999999999999999[]",
            "599999999999999999999-[]",
        ];
        for text in cases {
            assert_eq!(Packet::parse(text), Err(Malformed), "{text:?}");
        }
    }
}
