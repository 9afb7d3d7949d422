//! The origin's events on the namespace `/`: `send msg`, `del msg`, `join`.
//!
//! A thin adapter over the use cases: what the web app may not do is refused here too. The `user`
//! in a payload is never believed; another name than the session's is refused.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use socketio::{Ack, Event, Frame, Socket};

use super::gate::Gate;
use crate::chat::{Actor, Error, PostMessage, Result};
use crate::live::{CLASSIC, CLASSIC_ALL, channel_room};
use crate::model::channels::ChannelView;
use crate::model::ids::Number;
use crate::model::names::DisplayName;
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::TextProblem;
use crate::model::users::Language;
use crate::wire::time::rfc3339;
use crate::words;

/// Handles one event and answers it: through the acknowledgement if there is one, else by `error
/// msg` when it was refused.
pub(super) async fn event(gate: &Gate, socket: &Socket<Gate>, event: Event) {
    let payload = event.args.into_iter().next().unwrap_or(Value::Null);
    let visitor = socket.session().visitor_in(CLASSIC);
    let (outcome, language) = match gate.actor(&visitor).await {
        Ok(actor) => {
            let language = actor.language(visitor.browser_language);
            let outcome = match event.name.as_str() {
                // All of them write.
                _ if actor.writes().is_err() => actor.writes().map(|()| Value::Null),
                "send msg" => send(gate, &actor, &payload).await,
                "del msg" => delete(gate, &actor, &payload).await,
                "join" => join(gate, socket, &actor, &payload).await,
                _ => Err(Refusal::Malformed { field: "event" }.into()),
            };
            (outcome, language)
        }
        Err(_) => (Err(Refusal::NotSignedIn.into()), visitor.browser_language),
    };
    answer(socket, &event.name, event.ack, outcome, language);
}

/// Posts a message. One of white space alone is ignored, as in the origin.
async fn send(gate: &Gate, actor: &Actor, payload: &Value) -> Result<Value> {
    check_user(gate, actor, payload).await?;
    let channel = text(payload, "channel")?;
    let draft = PostMessage {
        key: gate.chat().new_key()?,
        text: decode_uri(text(payload, "msg")?),
        quote: None,
        forward: None,
        reply: None,
        attachments: Vec::new(),
        sender: None,
    };
    let channel = channel_called(gate, actor, channel).await?.channel.id;
    let posted = gate.chat().post_message(actor, channel, draft).await?;
    let message = posted.message;
    Ok(json!({ "id": message.number.0, "time": rfc3339(message.created_at) }))
}

/// Deletes a message of the actor.
async fn delete(gate: &Gate, actor: &Actor, payload: &Value) -> Result<Value> {
    let channel = text(payload, "channel")?;
    let id = payload.get("id").and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
    let number = Number(id.ok_or(Refusal::Malformed { field: "id" })?);
    let channel = channel_called(gate, actor, channel).await?.channel.id;
    gate.chat().delete_message(actor, channel, number).await?;
    Ok(json!({ "id": number.0 }))
}

/// Makes the actor a member of a channel. From then on this client hears only the channels that it
/// joined.
async fn join(gate: &Gate, socket: &Socket<Gate>, actor: &Actor, payload: &Value) -> Result<Value> {
    let channel = text(payload, "channel")?;
    let channel = channel_called(gate, actor, channel).await?.channel.id;
    let channel = gate.chat().join(actor, channel).await?.channel;
    socket.leave(CLASSIC_ALL);
    socket.join(&channel_room(channel.id));
    Ok(json!({ "channel": channel.name }))
}

/// The channel that a payload names. The origin's page takes the name from its own address, where
/// it is encoded as by `encodeURI`. So the decoded name counts first, and the name as it was sent
/// only where no channel has the decoded one.
async fn channel_called(gate: &Gate, actor: &Actor, sent: &str) -> Result<ChannelView> {
    let decoded = decode_uri(sent);
    match gate.chat().channel_named(actor, &decoded).await {
        Err(Error::Refused(Refusal::NotFound(Noun::Channel))) if decoded != sent => {
            gate.chat().channel_named(actor, sent).await
        }
        found => found,
    }
}

/// Refuses another name than the actor's. A page that was opened before they changed it sends the old
/// one, which is theirs as long as it is kept for them.
async fn check_user(gate: &Gate, actor: &Actor, payload: &Value) -> Result<()> {
    let Some(user) = payload.get("user").filter(|user| !user.is_null()) else { return Ok(()) };
    let user = user.as_str().ok_or(Refusal::Malformed { field: "user" })?;
    let Ok(claimed) = DisplayName::parse(&decode_uri(user)) else {
        return Err(Refusal::Forbidden.into());
    };
    if gate.chat().is_own_name(actor, &claimed).await? {
        Ok(())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

fn text<'a>(payload: &'a Value, field: &'static str) -> Result<&'a str> {
    Ok(payload.get(field).and_then(Value::as_str).ok_or(Refusal::Malformed { field })?)
}

fn answer(
    socket: &Socket<Gate>,
    event: &str,
    ack: Option<Ack>,
    outcome: Result<Value>,
    language: Language,
) {
    let failed = outcome.is_err();
    let (mut answer, refused) = match outcome {
        Ok(done) => (done, false),
        Err(error) => {
            let ignored = matches!(error, Error::Refused(Refusal::Text(TextProblem::Empty)));
            let told = words::explain(&error, language);
            if told.status >= 500 {
                tracing::error!(%error, event, "a classic event failed");
            }
            let mut refusal = json!({ "code": told.code.as_str(), "message": told.detail });
            if let Some(seconds) = told.retry_after_s {
                refusal["retry_after_s"] = seconds.into();
            }
            (refusal, !ignored)
        }
    };
    match ack {
        Some(ack) => {
            answer["ok"] = Value::Bool(!failed);
            ack.send(&[answer]);
        }
        None if refused => {
            answer["event"] = event.into();
            socket.emit(Frame::event(CLASSIC, "error msg", &[&answer.to_string()]));
        }
        None => {}
    }
}

/// The reverse of JavaScript's `encodeURI`. Text that is not valid percent-encoding is returned as
/// it is.
pub(super) fn decode_uri(text: &str) -> String {
    let bytes = text.as_bytes();
    let valid = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%').all(|(at, _)| {
        bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if valid => decoded.into_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::decode_uri;

    #[test]
    fn decodes_what_was_encoded_and_leaves_the_rest() {
        assert_eq!(decode_uri("%E4%BD%A0%E5%A5%BD%20there"), "你好 there");
        assert_eq!(decode_uri("100%25"), "100%");
        for plain in ["100%", "50% off", "%zz", "%E4%BD", "%", "%4", ""] {
            assert_eq!(decode_uri(plain), plain);
        }
    }
}
