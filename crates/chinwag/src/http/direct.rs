//! Direct conversations.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::extract::{Body, PathPart};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{ChannelId, UserId};
use crate::wire::channels::Channel;
use crate::wire::direct::DirectDraft;
use crate::wire::problem::Problem;

/// Open the direct conversation with these people
///
/// The same people always get the same conversation, which is a channel of the kind `direct`. The others
/// learn of it with its first message.
#[utoipa::path(post, path = "/api/direct", tag = "channels", request_body = DirectDraft,
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn open_direct(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(draft): Body<DirectDraft>,
) -> Result<Json<Channel>, Fault> {
    let others: Vec<UserId> = draft.people.into_iter().map(UserId).collect();
    Ok(Json((&app.chat.open_direct(&actor, &others).await?).into()))
}

/// Hide a direct conversation until somebody writes in it
#[utoipa::path(put, path = "/api/channels/{id}/hidden", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn hide_direct(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.hide_direct(&actor, ChannelId(id), true).await?).into()))
}

/// Show a direct conversation again
#[utoipa::path(delete, path = "/api/channels/{id}/hidden", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn show_direct(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.hide_direct(&actor, ChannelId(id), false).await?).into()))
}
