//! Changing messages, and what they said before.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::extract::{Body, PathPart};
use super::problem::Fault;
use crate::chat::{Actor, EditMessage};
use crate::model::ids::{ChannelId, Number, UploadId};
use crate::model::refusal::Refusal;
use crate::wire::edits::{MessagePatch, Versions};
use crate::wire::messages::Message;
use crate::wire::problem::Problem;

/// Change one's own message: its text, and which of its files stay
///
/// The same edit again changes nothing and answers with the message. Its earlier texts can be read by
/// everybody who reads the channel.
#[utoipa::path(patch, path = "/api/channels/{id}/messages/{number}", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)), request_body = MessagePatch,
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn edit_message(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
    Body(patch): Body<MessagePatch>,
) -> Result<Json<Message>, Fault> {
    let files = match patch.attachments {
        None => None,
        Some(ids) => {
            let ids: Option<Vec<UploadId>> = ids.iter().map(|id| UploadId::parse(id)).collect();
            Some(ids.ok_or(Refusal::Malformed { field: "attachments" })?)
        }
    };
    let edit = EditMessage { text: patch.text, files, edits: patch.edits };
    let message = app.chat.edit_message(&actor, ChannelId(id), Number(number), edit).await?;
    Ok(Json((&message).into()))
}

/// The earlier texts of a message
#[utoipa::path(get, path = "/api/channels/{id}/messages/{number}/versions", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Versions), (status = "default", body = Problem)))]
pub(super) async fn versions(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Versions>, Fault> {
    let versions = app.chat.versions(&actor, ChannelId(id), Number(number)).await?;
    Ok(Json(versions.into()))
}
