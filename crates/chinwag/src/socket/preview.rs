//! `preview` on `/app`: a connection hears one channel that its person is not a member of, as long
//! as they look at it. It hears the channel by the channel's own room, like members, so that
//! events, removals and heads arrive in the same order.

use serde_json::{Value, json};
use socketio::{Event, Socket};

use super::gate::Gate;
use crate::chat::{Actor, Result};
use crate::live::channel_room;
use crate::model::channels::ChannelView;
use crate::model::ids::ChannelId;
use crate::model::refusal::Refusal;
use crate::words;

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
    let before = socket.session().preview.replace(None);
    if let Some(before) = before.filter(|before| Some(*before) != wanted) {
        leave(gate, socket, actor, before).await?;
    }
    let Some(channel) = wanted else { return Ok(None) };
    gate.chat().preview(actor, channel).await?;
    socket.session().preview.replace(Some(channel));
    socket.join(&channel_room(channel));
    // Read after the room was joined, so that no change in between is missed.
    let view = gate.chat().preview(actor, channel).await?;
    Ok(Some(revision(&view)))
}

/// Leaves the room of a channel, unless the person is a member by now.
async fn leave(
    gate: &Gate,
    socket: &Socket<Gate>,
    actor: &Actor,
    channel: ChannelId,
) -> Result<()> {
    if is_in(gate, actor, channel).await? {
        return Ok(());
    }
    socket.leave(&channel_room(channel));
    // If the person became a member in between, their event joined the room before it was left.
    if is_in(gate, actor, channel).await? {
        socket.join(&channel_room(channel));
    }
    Ok(())
}

async fn is_in(gate: &Gate, actor: &Actor, channel: ChannelId) -> Result<bool> {
    Ok(gate.chat().preview(actor, channel).await?.membership.is_some())
}

fn revision(view: &ChannelView) -> i64 {
    view.channel.revision.0
}
