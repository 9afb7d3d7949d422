//! Reactions to messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::extract::PathPart;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{ChannelId, Number};
use crate::wire::messages::Message;
use crate::wire::problem::Problem;
use crate::wire::reactions::Reactors;

/// Put an emoji to a message
///
/// It is one of Unicode's list of those for general interchange (RGI). The same again changes nothing. A
/// message has at most 20 kinds.
#[utoipa::path(put, path = "/api/channels/{id}/messages/{number}/reactions/{emoji}",
    tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path), ("emoji" = String, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn react(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number, emoji)): PathPart<(i64, i64, String)>,
) -> Result<Json<Message>, Fault> {
    let message = app.chat.react(&actor, ChannelId(id), Number(number), &emoji, true).await?;
    Ok(Json((&message).into()))
}

/// Take an emoji back
#[utoipa::path(delete, path = "/api/channels/{id}/messages/{number}/reactions/{emoji}",
    tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path), ("emoji" = String, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number, emoji)): PathPart<(i64, i64, String)>,
) -> Result<Json<Message>, Fault> {
    let message = app.chat.react(&actor, ChannelId(id), Number(number), &emoji, false).await?;
    Ok(Json((&message).into()))
}

/// Who put an emoji to a message
#[utoipa::path(get, path = "/api/channels/{id}/messages/{number}/reactions/{emoji}",
    tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path), ("emoji" = String, Path)),
    responses((status = 200, body = Reactors), (status = "default", body = Problem)))]
pub(super) async fn reactors(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number, emoji)): PathPart<(i64, i64, String)>,
) -> Result<Json<Reactors>, Fault> {
    let reactors = app.chat.reactors(&actor, ChannelId(id), Number(number), &emoji).await?;
    Ok(Json((&reactors).into()))
}
