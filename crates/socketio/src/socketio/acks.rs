//! The acknowledgements that the server waits for on one connection.

use std::collections::HashMap;

use serde_json::Value;
use tokio::sync::oneshot;

/// Why an acknowledgement did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AckError {
    /// The client did not answer in time.
    #[error("no acknowledgement in time")]
    Timeout,
    /// The connection ended first.
    #[error("the connection ended before the acknowledgement")]
    Disconnected,
    /// Too many are awaited from this connection already.
    #[error("too many acknowledgements awaited")]
    TooMany,
}

/// Nothing is allocated until the first is awaited, nor after the last came.
#[derive(Default)]
pub(crate) struct Acks {
    waiting: Option<Box<Waiting>>,
    next: u64,
    closed: bool,
}

type Waiting = HashMap<u64, oneshot::Sender<Vec<Value>>>;

impl Acks {
    /// The list of a connection that is over: nothing is awaited any more.
    pub(super) fn closed() -> Self {
        Self { closed: true, ..Self::default() }
    }

    /// Waits for one more; the answer is the id to send along.
    pub(crate) fn expect(
        &mut self,
        answer: oneshot::Sender<Vec<Value>>,
        most: usize,
    ) -> Result<u64, AckError> {
        if self.closed {
            return Err(AckError::Disconnected);
        }
        let waiting = self.waiting.get_or_insert_default();
        if waiting.len() >= most {
            return Err(AckError::TooMany);
        }
        let id = self.next;
        self.next += 1;
        waiting.insert(id, answer);
        Ok(id)
    }

    /// Gives an answer to who waits for it. One that nobody waits for came too late, or never was.
    pub(super) fn resolve(&mut self, id: Option<u64>, args: Vec<Value>) {
        if let Some(answer) = id.and_then(|id| self.remove(id)) {
            // Whoever waited may have given up this moment.
            let _ = answer.send(args);
        }
    }

    /// Waits no more.
    pub(crate) fn forget(&mut self, id: u64) {
        self.remove(id);
    }

    fn remove(&mut self, id: u64) -> Option<oneshot::Sender<Vec<Value>>> {
        let waiting = self.waiting.as_mut()?;
        let answer = waiting.remove(&id);
        if waiting.is_empty() {
            self.waiting = None;
        }
        answer
    }
}
