//! `/door`: a browser whose name waits hears that it was let in or refused. It is nobody yet: it shows the
//! secret of the door alone, and hears nothing else.

use socketio::{ConnectError, Socket};

use super::encode::answered;
use super::gate::Gate;
use crate::chat::Visitor;
use crate::live::waiting_room;

/// Lets the browser hear of its name. One that does not wait any more is told at once, and asks what
/// became of it.
pub(super) async fn connect(
    gate: &Gate,
    socket: &Socket<Gate>,
    visitor: &Visitor,
) -> Result<(), ConnectError> {
    let unavailable = |error| {
        tracing::error!(%error, "could not look at the door");
        ConnectError::new("unavailable")
    };
    let secret = visitor.waiting.ok_or_else(|| ConnectError::new("not_waiting"))?;
    let name = gate.chat().name_at_the_door(secret).await.map_err(unavailable)?;
    let name = name.ok_or_else(|| ConnectError::new("not_waiting"))?;
    let place = gate.chat().place_at_the_door(secret).map_err(|_| ConnectError::new("too_many"))?;
    socket.session().stand_at_the_door(place);
    socket.join(&waiting_room(name));
    // Read after the room was joined, so that an answer in between is not missed.
    if !gate.chat().still_waits(secret).await.map_err(unavailable)? {
        socket.emit(answered());
    }
    Ok(())
}
