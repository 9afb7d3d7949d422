//! Removing a person's data, and how much they wrote.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::UserId;
use crate::wire::problem::Problem;
use crate::wire::wiping::{DataRemoval, Written};

/// Of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct WrittenQuery {
    /// Only of the last 24 hours.
    #[serde(default)]
    last_day: bool,
}

/// How much a person wrote that stands, in the channels that one sees; for owners and moderators
#[utoipa::path(get, path = "/api/people/{id}/written", tag = "people",
    params(("id" = i64, Path), WrittenQuery),
    responses((status = 200, body = Written), (status = "default", body = Problem)))]
pub(super) async fn written(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<WrittenQuery>,
) -> Result<Json<Written>, Fault> {
    Ok(Json(app.chat.written(&actor, UserId(id), query.last_day).await?.into()))
}

/// Remove a person's data for good; owners only
///
/// The account ends and does not come back. Its name becomes that of a former member, and everything else
/// that is kept of the person goes, with all that they wrote. The messages go behind the answer, within
/// minutes.
#[utoipa::path(post, path = "/api/people/{id}/data-removal", tag = "people",
    params(("id" = i64, Path)), request_body = DataRemoval,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn remove_data(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(removal): Body<DataRemoval>,
) -> Result<StatusCode, Fault> {
    app.chat.remove_data(&actor, UserId(id), &removal.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
