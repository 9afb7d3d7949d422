//! Messages that are kept at hand: pinned for all, or saved for oneself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{ChannelId, Number, Revision};
use crate::model::keeping::Saving;
use crate::wire::channels::ChannelInfo;
use crate::wire::keeping::{Pins, SaveDraft, Saved, SavedMessage, SavedPage};
use crate::wire::messages::Message;
use crate::wire::problem::Problem;

/// Pin a message in its channel
///
/// A channel has at most 100 pinned messages.
#[utoipa::path(put, path = "/api/channels/{id}/messages/{number}/pin", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn pin(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Message>, Fault> {
    let message = app.chat.pin(&actor, ChannelId(id), Number(number), true).await?;
    Ok(Json((&message).into()))
}

/// Take a pinned message down
#[utoipa::path(delete, path = "/api/channels/{id}/messages/{number}/pin", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
pub(super) async fn unpin(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Message>, Fault> {
    let message = app.chat.pin(&actor, ChannelId(id), Number(number), false).await?;
    Ok(Json((&message).into()))
}

/// The pinned messages of a channel
#[utoipa::path(get, path = "/api/channels/{id}/pins", tag = "messages",
    params(("id" = i64, Path)),
    responses((status = 200, body = Pins), (status = "default", body = Problem)))]
pub(super) async fn pins(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Pins>, Fault> {
    let messages = app.chat.pins(&actor, ChannelId(id)).await?;
    Ok(Json(Pins { messages: messages.iter().map(Message::from).collect() }))
}

/// Save a message for oneself, or change the note to it
#[utoipa::path(put, path = "/api/channels/{id}/messages/{number}/saved", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)), request_body = SaveDraft,
    responses((status = 200, body = Saved), (status = "default", body = Problem)))]
pub(super) async fn save(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
    Body(draft): Body<SaveDraft>,
) -> Result<Json<Saved>, Fault> {
    let wish = draft.note.map_or(Saving::Keep, Saving::With);
    let saved = app.chat.save(&actor, ChannelId(id), Number(number), wish).await?;
    Ok(Json((&saved).into()))
}

/// Do not save a message any more
///
/// The answer has the note as it was.
#[utoipa::path(delete, path = "/api/channels/{id}/messages/{number}/saved", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = Saved), (status = "default", body = Problem)))]
pub(super) async fn unsave(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<Saved>, Fault> {
    let saved = app.chat.save(&actor, ChannelId(id), Number(number), Saving::TakeOut).await?;
    Ok(Json((&saved).into()))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SavedQuery {
    /// What was told as `next`; left out for the beginning.
    before: Option<i64>,
}

/// What the reader saved, the newest first
#[utoipa::path(get, path = "/api/me/saved", tag = "messages", params(SavedQuery),
    responses((status = 200, body = SavedPage), (status = "default", body = Problem)))]
pub(super) async fn saved(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<SavedQuery>,
) -> Result<Json<SavedPage>, Fault> {
    let (page, channels) = app.chat.saved(&actor, query.before.map(Revision)).await?;
    let saved = page
        .saved
        .iter()
        .map(|(saved, message)| SavedMessage { saved: saved.into(), message: message.into() });
    Ok(Json(SavedPage {
        saved: saved.collect(),
        channels: channels.iter().map(ChannelInfo::from).collect(),
        next: page.next.map(|next| next.0),
    }))
}
