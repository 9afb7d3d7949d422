//! An event that a client sent, and the answer to it.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::frame::Frame;
use crate::hub::Outlet;

/// An event that a client sent.
#[derive(Debug)]
pub struct Event {
    /// The name.
    pub name: String,
    /// The arguments. An attachment stands in them as `{"_placeholder":true,"num":n}`.
    pub args: Vec<Value>,
    /// The attachments, by number.
    pub attachments: Vec<Bytes>,
    /// The answer, if the client waits for one.
    pub ack: Option<Ack>,
}

/// The answer that a client waits for. If it is dropped unsent, the client gets no answer.
#[derive(Debug)]
pub struct Ack {
    pub(crate) outlet: Outlet,
    pub(crate) namespace: Arc<str>,
    pub(crate) id: u64,
}

impl Ack {
    /// Answers with these arguments.
    pub fn send(self, args: &[Value]) {
        self.send_with_attachments(args, &[]);
    }

    /// Answers with arguments that refer to attachments by
    /// `{"_placeholder":true,"num":n}`.
    pub fn send_with_attachments(self, args: &[Value], attachments: &[Bytes]) {
        let mut json = String::from("[");
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                json.push(',');
            }
            json.push_str(&arg.to_string());
        }
        json.push(']');
        self.outlet.send(Frame::ack(&self.namespace, self.id, &json, attachments));
    }
}
