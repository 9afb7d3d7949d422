//! A frame: an event as it goes over the wire. It is encoded once, and everybody shares its bytes.
//!
//! The bytes are finished WebSocket frames: a text frame, then one binary frame per attachment.
//! A polling answer takes the same bytes apart, see `wire::payload`.

use bytes::Bytes;
use serde::Serialize;

use crate::wire::packet::head;
use crate::wire::websocket::{Opcode, put_frame};

/// An encoded packet. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(pub(crate) Bytes);

impl Frame {
    /// An event whose arguments are JSON texts. The texts are not checked.
    pub fn event(namespace: &str, name: &str, args_json: &[&str]) -> Self {
        Self::packet(event_text(namespace, name, args_json, 0, None), &[])
    }

    /// An event with one argument, which is serialized here.
    ///
    /// # Errors
    /// When the argument cannot be serialized.
    pub fn event_of<T: Serialize + ?Sized>(
        namespace: &str,
        name: &str,
        arg: &T,
    ) -> serde_json::Result<Self> {
        Ok(Self::event(namespace, name, &[&serde_json::to_string(arg)?]))
    }

    /// An event with attachments. An argument refers to attachment `n` by
    /// `{"_placeholder":true,"num":n}`; clients put the bytes in its place.
    pub fn event_with_attachments(
        namespace: &str,
        name: &str,
        args_json: &[&str],
        attachments: &[Bytes],
    ) -> Self {
        Self::packet(event_text(namespace, name, args_json, attachments.len(), None), attachments)
    }

    /// How many bytes the frame has on a WebSocket.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Always `false`: a frame has at least a header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An event that asks for an acknowledgement.
    pub(crate) fn event_with_ack(namespace: &str, name: &str, args: &[&str], id: u64) -> Self {
        Self::packet(event_text(namespace, name, args, 0, Some(id)), &[])
    }

    /// The answer to an event that asked for one.
    pub(crate) fn ack(namespace: &str, id: u64, args_json: &str, attachments: &[Bytes]) -> Self {
        let kind = if attachments.is_empty() { '3' } else { '6' };
        let mut text = head(kind, attachments.len(), namespace, Some(id));
        text.push_str(args_json);
        Self::packet(text, attachments)
    }

    /// The answer to a connect, with the id of the socket.
    pub(crate) fn connected(namespace: &str, id: &str) -> Self {
        let mut text = head('0', 0, namespace, None);
        text.push_str(&format!(r#"{{"sid":"{id}"}}"#));
        Self::packet(text, &[])
    }

    /// The refusal of a connect; `data` is JSON.
    pub(crate) fn connect_error(namespace: &str, error_json: &str) -> Self {
        let mut text = head('4', 0, namespace, None);
        text.push_str(error_json);
        Self::packet(text, &[])
    }

    /// The server ends a socket.
    pub(crate) fn disconnect(namespace: &str) -> Self {
        Self::packet(head('1', 0, namespace, None), &[])
    }

    /// An Engine.IO packet in text, with its type digit.
    pub(crate) fn text(packet: &str) -> Self {
        let mut out = Vec::with_capacity(packet.len() + 10);
        put_frame(&mut out, Opcode::Text, packet.as_bytes());
        Self(out.into())
    }

    /// An Engine.IO binary message.
    pub(crate) fn binary(data: &[u8]) -> Self {
        let mut out = Vec::with_capacity(data.len() + 10);
        put_frame(&mut out, Opcode::Binary, data);
        Self(out.into())
    }

    fn packet(text: String, attachments: &[Bytes]) -> Self {
        let size: usize = attachments.iter().map(|data| data.len() + 10).sum();
        let mut out = Vec::with_capacity(text.len() + 10 + size);
        put_frame(&mut out, Opcode::Text, text.as_bytes());
        for data in attachments {
            put_frame(&mut out, Opcode::Binary, data);
        }
        Self(out.into())
    }
}

fn event_text(
    namespace: &str,
    name: &str,
    args_json: &[&str],
    attachments: usize,
    id: Option<u64>,
) -> String {
    let kind = if attachments > 0 { '5' } else { '2' };
    let mut text = head(kind, attachments, namespace, id);
    text.push('[');
    text.push_str(&serde_json::Value::from(name).to_string());
    for arg in args_json {
        text.push(',');
        text.push_str(arg);
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::payload;

    fn text_of(frame: &Frame) -> String {
        let mut out = String::new();
        payload::encode(&mut out, &frame.0, usize::MAX);
        out
    }

    #[test]
    fn frames_read_as_the_protocol_says() {
        let cases = [
            (Frame::event("/", "hi", &[]), r#"42["hi"]"#),
            (Frame::event("/app", "h\"i", &["1", "{}"]), r#"42/app,["h\"i",1,{}]"#),
            (Frame::event_with_ack("/app", "hi", &["1"], 9), r#"42/app,9["hi",1]"#),
            (Frame::ack("/", 9, "[1]", &[]), "439[1]"),
            (Frame::disconnect("/app"), "41/app,"),
            (Frame::connected("/", "x"), r#"40{"sid":"x"}"#),
        ];
        for (frame, expected) in cases {
            assert_eq!(text_of(&frame), expected);
        }
        let arg = r#"{"_placeholder":true,"num":0}"#;
        let frame = Frame::event_with_attachments("/", "b", &[arg], &[Bytes::from_static(&[1])]);
        let expected = "451-[\"b\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAQ==";
        assert_eq!(text_of(&frame), expected);
    }
}
