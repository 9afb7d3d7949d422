//! `presence` and `typing` on `/app`: whether the person is there, whom and what the client shows, and that
//! they are typing.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use socketio::{DisconnectReason, Event, Socket};

use super::gate::Gate;
use crate::chat::{Actor, Chat, Error, Result};
use crate::live::{LOOK_EVERY, Live, Open, Seat};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::refusal::Refusal;
use crate::model::roles::Role;
use crate::wire::presence::{PresenceSaid, TypingSaid};
use crate::words;

/// How many times a right is looked up, at most, until nobody loses one meanwhile.
const MOST_LOOKS: usize = 10;
/// The most watch lists of guests that are looked up anew at one look.
const MOST_RENEWED: usize = 20;

/// Handles `presence`, with what the client says of its person and of what it shows.
pub(super) async fn said(gate: &Gate, socket: &Socket<Gate>, event: Event) {
    answer(gate, socket, event, async |actor, payload| {
        let said: PresenceSaid = parse(payload)?;
        // A seat is taken before the account is read, so that no change of it is missed in between.
        let seat = socket.session().seat().ok_or(Refusal::Forbidden)?;
        if let Some(state) = said.state {
            gate.live().presences().says(seat, state.into());
        }
        if let Some(watch) = said.watch {
            let whom = watch.into_iter().map(UserId).collect();
            watches(gate, actor, seat, whom).await?;
        }
        if let Some(open) = said.open {
            shows(gate, actor, seat, ChannelId(open), said.thread.map(Number)).await?;
        }
        Ok(())
    })
    .await;
}

/// Handles `typing`.
pub(super) async fn typing(gate: &Gate, socket: &Socket<Gate>, event: Event) {
    answer(gate, socket, event, async |actor, payload| {
        let spot = parse::<TypingSaid>(payload)?.spot();
        let seat = socket.session().seat().ok_or(Refusal::Forbidden)?;
        gate.chat().check_typing(actor, spot).await?;
        gate.live().typing(seat, spot, &actor.account.user);
        Ok(())
    })
    .await;
}

/// A connection left `/app`. Whoever may come back at once lingers.
pub(super) fn left(gate: &Gate, socket: &Socket<Gate>, reason: DisconnectReason) {
    if let Some(seat) = socket.session().give_up_seat() {
        let lingers = !matches!(reason, DisconnectReason::Host(_));
        gate.live().presences().leave(seat, lingers);
    }
}

/// Tells those who watch others what changed, and looks up anew whom guests may see, for ever.
pub async fn tell_presences(chat: Arc<Chat>, live: Arc<Live>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        live.tell_presences();
        let losses = live.presences().losses();
        for (seat, viewer, whom) in live.presences().stale(MOST_RENEWED) {
            match chat.known_to(viewer, &whom).await {
                Ok(known) => drop(live.watch(seat, Role::Guest, &known, losses)),
                // They are told nothing until it succeeds.
                Err(error) => tracing::debug!(%error, "could not look up whom a guest may see"),
            }
        }
    }
}

async fn watches(gate: &Gate, actor: &Actor, seat: Seat, whom: Vec<UserId>) -> Result<()> {
    for _ in 0..MOST_LOOKS {
        let losses = gate.live().presences().losses();
        let known = gate.chat().watchable(actor, whom.clone()).await?;
        if gate.live().watch(seat, actor.role(), &known, losses) {
            return Ok(());
        }
    }
    Err(too_much_changed())
}

async fn shows(
    gate: &Gate,
    actor: &Actor,
    seat: Seat,
    channel: ChannelId,
    thread: Option<Number>,
) -> Result<()> {
    let presences = gate.live().presences();
    presences.show(seat, None, 0);
    if channel == ChannelId(0) {
        return Ok(());
    }
    for _ in 0..MOST_LOOKS {
        let losses = presences.losses();
        let view = gate.chat().shown_channel(actor, channel).await?;
        let open = Open { channel, thread, inside: view.membership.is_some() };
        if presences.show(seat, Some(open), losses) {
            return Ok(());
        }
    }
    Err(too_much_changed())
}

/// Looks up who says something, lets `handle` do it, and acknowledges it.
async fn answer(
    gate: &Gate,
    socket: &Socket<Gate>,
    event: Event,
    handle: impl AsyncFnOnce(&Actor, &Value) -> Result<()>,
) {
    let visitor = socket.session().visitor_in(socket.namespace());
    let enter = |user| gate.live().presences().enter(socket.id(), user);
    let is_new = socket.session().take_seat(enter);
    let (done, language) = match gate.actor(&visitor).await {
        Ok(actor) => {
            let payload = event.args.first().unwrap_or(&Value::Null);
            let language = actor.language(visitor.browser_language);
            let mut done = gate.chat().check_presence(&actor);
            if done.is_ok() {
                gate.live().presences().learn(&actor.account);
                done = handle(&actor, payload).await;
            }
            (done, language)
        }
        Err(_) => (Err(Refusal::NotSignedIn.into()), visitor.browser_language),
    };
    if done.is_err() && is_new {
        left(gate, socket, DisconnectReason::Host("may not say it"));
    }
    let answer = match done {
        Ok(()) => json!({ "ok": true }),
        Err(error) => {
            let told = words::explain(&error, language);
            json!({ "ok": false, "code": told.code.as_str(), "message": told.detail })
        }
    };
    if let Some(ack) = event.ack {
        ack.send(&[answer]);
    }
}

/// It is an object: serde would also take a list of the values.
fn parse<T: DeserializeOwned>(payload: &Value) -> Result<T> {
    let object = Some(payload).filter(|payload| payload.is_object());
    let parsed = object.and_then(|object| T::deserialize(object).ok());
    parsed.ok_or_else(|| Refusal::Malformed { field: "presence" }.into())
}

fn too_much_changed() -> Error {
    Error::Unavailable("too much changed at once".to_owned())
}
