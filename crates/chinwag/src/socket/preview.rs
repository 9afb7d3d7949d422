//! `preview` on `/app`: a connection hears one public channel that its person is not a member of, as
//! long as they look at it. It does so by a room of its own, which is emptied when the channel becomes
//! private; events, removals and heads arrive there in the same order as in the channel's room.

use serde_json::{Value, json};
use socketio::{Event, Socket};

use super::gate::Gate;
use crate::chat::{Actor, Error, Result};
use crate::live::preview_room;
use crate::model::channels::ChannelView;
use crate::model::ids::ChannelId;
use crate::model::refusal::Refusal;
use crate::words;

/// How many times a channel is read, at most, until nobody loses a right meanwhile.
const MOST_LOOKS: usize = 10;

/// Handles `preview` with `{"channel": id}`, or `null` for none; it replaces the preview before.
/// The acknowledgement contains the channel's revision: newer changes arrive as events.
pub(super) async fn event(gate: &Gate, socket: &Socket<Gate>, event: Event) {
    let visitor = socket.session().visitor_in(socket.namespace());
    let (answer, language) = match gate.actor(&visitor).await {
        Ok(actor) => {
            let payload = event.args.first().unwrap_or(&Value::Null);
            let language = actor.language(visitor.browser_language);
            (look(gate, socket, &actor, payload).await, language)
        }
        Err(_) => (Err(Refusal::NotSignedIn.into()), visitor.browser_language),
    };
    let answer = match answer {
        Ok(revision) => json!({ "ok": true, "revision": revision }),
        Err(error) => {
            let told = words::explain(&error, language);
            json!({ "ok": false, "code": told.code.as_str(), "message": told.detail })
        }
    };
    if let Some(ack) = event.ack {
        ack.send(&[answer]);
    }
}

/// Previews a channel, and returns its revision; `None` when nothing is previewed.
async fn look(
    gate: &Gate,
    socket: &Socket<Gate>,
    actor: &Actor,
    payload: &Value,
) -> Result<Option<i64>> {
    let wanted = match payload.get("channel") {
        None | Some(Value::Null) => None,
        Some(id) => Some(ChannelId(id.as_i64().ok_or(Refusal::Malformed { field: "channel" })?)),
    };
    if let Some(before) = socket.session().preview.replace(None) {
        socket.leave(&preview_room(before));
    }
    let Some(channel) = wanted else { return Ok(None) };
    let mut removals = gate.live().removals();
    let mut view = gate.chat().preview(actor, channel).await?;
    for _ in 0..MOST_LOOKS {
        if view.membership.is_some() {
            // Members hear the channel already.
            socket.leave(&preview_room(channel));
            return Ok(Some(revision(&view)));
        }
        socket.session().preview.replace(Some(channel));
        socket.join(&preview_room(channel));
        // Read after the room was joined, so that no change in between is missed, and again when
        // somebody lost a right meanwhile, which may have come before the room was joined.
        let looked = gate.chat().preview(actor, channel).await;
        if looked.is_err() {
            socket.leave(&preview_room(channel));
        }
        view = looked?;
        let unchanged = gate.live().removals() == removals;
        if unchanged && view.membership.is_none() {
            return Ok(Some(revision(&view)));
        }
        removals = gate.live().removals();
    }
    socket.leave(&preview_room(channel));
    Err(Error::Unavailable("too much changed at once".to_owned()))
}

fn revision(view: &ChannelView) -> i64 {
    view.channel.revision.0
}
