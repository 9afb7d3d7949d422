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

/// The awaited acknowledgements. The table is allocated only while there are some.
#[derive(Default)]
pub(crate) struct Acks {
    waiting: Option<Box<Waiting>>,
    next: u64,
    closed: bool,
}

type Waiting = HashMap<u64, oneshot::Sender<Vec<Value>>>;

impl Acks {
    /// The table of a connection that is over: no acknowledgement can be awaited any more.
    pub(super) fn closed() -> Self {
        Self { closed: true, ..Self::default() }
    }

    /// Adds an acknowledgement to wait for. Returns the id to send along with the event.
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

    /// Gives an answer to the code that waits for it. An answer that nobody waits for is dropped.
    pub(super) fn resolve(&mut self, id: Option<u64>, args: Vec<Value>) {
        if let Some(answer) = id.and_then(|id| self.remove(id)) {
            // The code that waited may have given up this moment.
            let _ = answer.send(args);
        }
    }

    /// Does not wait for this acknowledgement any more.
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
