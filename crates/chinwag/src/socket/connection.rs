//! What is known of one connection: who opened it, where it was admitted, and what it previews.

use std::sync::{Mutex, PoisonError};

use socketio::ConnectError;

use crate::chat::{SocketPlace, Visitor};
use crate::model::ids::{ChannelId, UserId};

/// One connection: the visitor that opened it, and where it was admitted since.
pub struct Connection {
    /// The visitor of the first request.
    visitor: Visitor,
    admitted: Mutex<Admitted>,
    /// The channel that it previews on `/app`.
    pub(super) preview: Preview,
}

/// Where a connection was admitted.
#[derive(Default)]
struct Admitted {
    /// The one person that the connection stands for, from the first namespace on.
    person: Option<UserId>,
    /// Each namespace, with the visitor there and the socket that is counted for them.
    namespaces: Vec<(String, Visitor, SocketPlace)>,
}

impl Connection {
    pub(super) fn of(visitor: Visitor) -> Self {
        Self { visitor, admitted: Mutex::default(), preview: Preview::default() }
    }

    pub(super) fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// The visitor of a namespace, who may have shown another credential there.
    pub(super) fn visitor_in(&self, namespace: &str) -> Visitor {
        let admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let found = admitted.namespaces.iter().find(|(entered, ..)| entered == namespace);
        found.map_or_else(|| self.visitor.clone(), |(_, visitor, _)| visitor.clone())
    }

    /// Notes who was admitted to a namespace.
    ///
    /// # Errors
    /// When the connection already stands for somebody else, who would hear as one person and speak
    /// as another.
    pub(super) fn occupy(
        &self,
        namespace: &str,
        person: UserId,
        visitor: &Visitor,
        slot: SocketPlace,
    ) -> Result<(), ConnectError> {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        if *admitted.person.get_or_insert(person) != person {
            return Err(ConnectError::new("other_identity"));
        }
        admitted.namespaces.retain(|(entered, ..)| entered != namespace);
        admitted.namespaces.push((namespace.to_owned(), visitor.clone(), slot));
        Ok(())
    }

    /// Notes that a namespace was left.
    pub(super) fn leave(&self, namespace: &str) {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        admitted.namespaces.retain(|(entered, ..)| entered != namespace);
    }
}

/// The channel that a connection previews, if it does.
#[derive(Default)]
pub(super) struct Preview(Mutex<Option<ChannelId>>);

impl Preview {
    /// Ends the preview of a socket that is gone; its rooms ended with it.
    pub(super) fn forget(&self) {
        self.replace(None);
    }

    /// Notes another channel, and returns the one before.
    pub(super) fn replace(&self, channel: Option<ChannelId>) -> Option<ChannelId> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), channel)
    }
}
