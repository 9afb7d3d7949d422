//! What is known of one connection: who opened it, where it was admitted, and what it says.

use std::sync::{Mutex, PoisonError};

use socketio::ConnectError;

use crate::chat::{DoorPlace, SocketPlace, Visitor};
use crate::live::Seat;
use crate::model::ids::{ChannelId, UserId};

/// One connection: the visitor that opened it, and where it was admitted since.
pub struct Connection {
    /// The visitor of the first request.
    visitor: Visitor,
    admitted: Mutex<Admitted>,
    /// The channel that it previews on `/app`.
    pub(super) preview: Preview,
    /// Its place among those that say whether their person is there, on `/app`.
    seat: Mutex<Option<Seat>>,
    /// It is counted for the name that waits at the door as long as this lives.
    door: Mutex<Option<Box<DoorPlace>>>,
}

/// Where a connection was admitted.
#[derive(Default)]
struct Admitted {
    /// The one person that the connection stands for, from the first namespace on.
    person: Option<UserId>,
    /// One or two; room is made for no more, because there are as many of these as connections.
    namespaces: Vec<Namespace>,
}

/// A namespace that a connection was admitted to.
struct Namespace {
    name: Box<str>,
    /// The visitor there, when it is another than that of the first request.
    visitor: Option<Box<Visitor>>,
    /// The socket is counted for the person as long as this lives.
    _slot: SocketPlace,
}

impl Connection {
    pub(super) fn of(visitor: Visitor) -> Self {
        let (admitted, preview) = (Mutex::default(), Preview::default());
        Self { visitor, admitted, preview, seat: Mutex::default(), door: Mutex::default() }
    }

    pub(super) fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// Notes that the connection is one of a name that waits at the door, until it ends.
    pub(super) fn stand_at_the_door(&self, place: DoorPlace) {
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(place));
    }

    /// The visitor of a namespace, who may have shown another credential there.
    pub(super) fn visitor_in(&self, namespace: &str) -> Visitor {
        let admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let found = admitted.namespaces.iter().find(|entered| *entered.name == *namespace);
        let other = found.and_then(|entered| entered.visitor.as_deref());
        other.unwrap_or(&self.visitor).clone()
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
        admitted.namespaces.retain(|entered| *entered.name != *namespace);
        admitted.namespaces.reserve_exact(1);
        admitted.namespaces.push(Namespace {
            name: namespace.into(),
            visitor: (*visitor != self.visitor).then(|| Box::new(visitor.clone())),
            _slot: slot,
        });
        Ok(())
    }

    /// Its place among those that say whether their person is there.
    pub(super) fn seat(&self) -> Option<Seat> {
        *self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes such a place by `enter`, if it has none and somebody was admitted. Returns whether it did.
    pub(super) fn take_seat(&self, enter: impl FnOnce(UserId) -> Option<Seat>) -> bool {
        let person = self.admitted.lock().unwrap_or_else(PoisonError::into_inner).person;
        let mut seat = self.seat.lock().unwrap_or_else(PoisonError::into_inner);
        if seat.is_none() {
            *seat = person.and_then(enter);
            return seat.is_some();
        }
        false
    }

    /// Gives the place up.
    pub(super) fn give_up_seat(&self) -> Option<Seat> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Notes that a namespace was left.
    pub(super) fn leave(&self, namespace: &str) {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        admitted.namespaces.retain(|entered| *entered.name != *namespace);
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
