//! Whom somebody who writes may mean.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{PathPart, Query};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::ChannelId;
use crate::wire::mentions::{Callable, CallablePeople};
use crate::wire::problem::Problem;

/// Whom to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallableQuery {
    /// What was typed of the name, at most 80 characters: the beginnings of its words, or of the readings of
    /// Chinese characters in Pinyin. Without it, only people who are in the channel.
    #[serde(default)]
    letters: String,
}

/// Whom the reader may mention in a channel
#[utoipa::path(get, path = "/api/channels/{id}/people", tag = "channels",
    params(("id" = i64, Path), CallableQuery),
    responses((status = 200, body = CallablePeople), (status = "default", body = Problem)))]
pub(super) async fn callable(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<CallableQuery>,
) -> Result<Json<CallablePeople>, Fault> {
    let found = app.chat.callable(&actor, ChannelId(id), &query.letters).await?;
    Ok(Json(CallablePeople { people: found.iter().map(Callable::from).collect() }))
}
