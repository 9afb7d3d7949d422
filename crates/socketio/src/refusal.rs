//! How a host says no: to a connection, or to a namespace.

use http::StatusCode;
use serde_json::Value;

/// The answer to a handshake that is not accepted.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// The Engine.IO error code; 4 is "forbidden".
    pub code: u8,
    /// What was wrong, in words for a person.
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
    /// What was wrong. Clients show it as the message of an error.
    pub message: String,
    /// Anything else that a client should know.
    pub data: Option<Value>,
}

impl ConnectError {
    /// An error with only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), data: None }
    }

    /// The error of a namespace that does not exist, in the words that all servers of this protocol
    /// use.
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
