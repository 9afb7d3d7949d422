//! What changed in a person's own stream and in the stream of the place, which is the whole
//! installation.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::Query;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::Revision;
use crate::wire::problem::Problem;
use crate::wire::streams::{OwnChanges, PlaceChanges};

/// Which changes to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SinceQuery {
    /// The revision that the client has; 0, before the first change, when it is left out.
    #[serde(default)]
    since: i64,
    /// At most this many rows, 1–400.
    #[serde(default = "default_limit")]
    limit: usize,
}

fn default_limit() -> usize {
    crate::model::streams::MAX_ROWS
}

/// What changed in my account and memberships after a revision
#[utoipa::path(get, path = "/api/me/changes", tag = "account", params(SinceQuery),
    responses((status = 200, body = OwnChanges), (status = "default", body = Problem)))]
pub(super) async fn own_changes(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<SinceQuery>,
) -> Result<Json<OwnChanges>, Fault> {
    let changes = app.chat.own_changes(&actor, Revision(query.since), query.limit).await?;
    Ok(Json((&changes).into()))
}

/// What changed among people and in the directory of channels after a revision
#[utoipa::path(get, path = "/api/place/changes", tag = "channels", params(SinceQuery),
    responses((status = 200, body = PlaceChanges), (status = "default", body = Problem)))]
pub(super) async fn place_changes(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<SinceQuery>,
) -> Result<Json<PlaceChanges>, Fault> {
    let changes = app.chat.place_changes(&actor, Revision(query.since), query.limit).await?;
    Ok(Json((&changes).into()))
}
