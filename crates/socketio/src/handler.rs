//! What a host implements, and the values it is given: events, acknowledgements, refusals.

use std::net::IpAddr;

use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use serde_json::Value;

use crate::frame::Frame;
use crate::hub::Outlet;
use crate::{DisconnectReason, Socket};

/// The host's side of a [`Server`](crate::Server).
///
/// The packets of one connection are handled one after the other: `connect`, `event` and
/// `disconnect` of a connection never run at the same time. Different connections run in parallel.
/// A connection whose handler is slow is not read meanwhile.
pub trait Handler: Send + Sync + Sized + 'static {
    /// What the host keeps for a connection; its namespaces share it.
    type Session: Send + Sync + 'static;

    /// Accepts or refuses a connection by the head of its first request (cookies, origin, query).
    fn handshake(
        &self,
        parts: &Parts,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Self::Session, Refusal>> + Send;

    /// Whether a later request of a polling session, or its upgrade, comes from the client that
    /// opened it. A host with cookies compares them here: then a stolen session id is useless.
    fn same_client(&self, session: &Self::Session, parts: &Parts) -> bool {
        let _ = (session, parts);
        true
    }

    /// Accepts or refuses a namespace. Rooms joined here are effective before the client is told
    /// that it is connected; what is emitted to the socket meanwhile reaches it after that.
    fn connect(
        &self,
        socket: Socket<Self>,
        auth: Value,
    ) -> impl Future<Output = Result<(), ConnectError>> + Send;

    /// Handles an event of a connected socket.
    fn event(&self, socket: Socket<Self>, event: Event) -> impl Future<Output = ()> + Send;

    /// The end of a socket: exactly once for each successful `connect`, after its last event.
    fn disconnect(&self, socket: Socket<Self>, reason: DisconnectReason) {
        let _ = (socket, reason);
    }
}

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

/// The answer that a client waits for. Dropped unsent, the client hears nothing.
#[derive(Debug)]
pub struct Ack {
    pub(crate) outlet: Outlet,
    pub(crate) namespace: std::sync::Arc<str>,
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

/// The answer to a handshake that is not accepted.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// The Engine.IO error code; 4 is "forbidden".
    pub code: u8,
    /// What was wrong, for whoever reads it.
    pub message: String,
}

impl Refusal {
    /// 403 with Engine.IO's code 4.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self { status: StatusCode::FORBIDDEN, code: 4, message: message.into() }
    }
}

/// The answer to a namespace that is not accepted.
#[derive(Clone, Debug)]
pub struct ConnectError {
    /// What was wrong; clients read it as the message of an error.
    pub message: String,
    /// Anything a client should know beyond it.
    pub data: Option<Value>,
}

impl ConnectError {
    /// An error with only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// What servers of this protocol say to a namespace that they do not have.
    pub fn invalid_namespace() -> Self {
        Self::new("Invalid namespace")
    }

    pub(crate) fn to_json(&self) -> String {
        let mut error = serde_json::Map::new();
        error.insert("message".to_owned(), Value::from(self.message.as_str()));
        if let Some(data) = &self.data {
            error.insert("data".to_owned(), data.clone());
        }
        Value::Object(error).to_string()
    }
}
