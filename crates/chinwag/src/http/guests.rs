//! The guests of a channel: the door by which they come, and the end of their visits.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{PathPart, Query};
use super::invites::shown;
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::ids::{ChannelId, UserId};
use crate::wire::guests::{ChannelDoor, EndedVisits};
use crate::wire::problem::Problem;

/// The door of a channel: its invites for guests, and who waits; for its hosts
#[utoipa::path(get, path = "/api/channels/{id}/door", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = ChannelDoor), (status = "default", body = Problem)))]
pub(super) async fn channel_door(
    State(app): State<Arc<App>>,
    actor: Actor,
    headers: HeaderMap,
    PathPart(id): PathPart<i64>,
) -> Result<Json<ChannelDoor>, Fault> {
    let door = app.chat.channel_door(&actor, ChannelId(id)).await?;
    Ok(Json(ChannelDoor {
        guests: door.guests,
        invites: door.invites.iter().map(|invite| shown(&app, &headers, invite)).collect(),
        waiting: door.waiting.into_iter().map(Into::into).collect(),
        total: door.total,
    }))
}

/// How to end the visits of a channel's guests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EndingQuery {
    /// Whether to close the doors of the invites that lead there, so that nobody comes back.
    #[serde(default)]
    close: bool,
}

/// End the visits of the guests who came by a channel's invites; by its hosts
///
/// Their sessions and sockets end at once. A guest who also visits a channel that one does not run is
/// only taken out of this one.
#[utoipa::path(delete, path = "/api/channels/{id}/guests", tag = "channels",
    params(("id" = i64, Path), EndingQuery),
    responses((status = 200, body = EndedVisits), (status = "default", body = Problem)))]
pub(super) async fn end_visits_in(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(how): Query<EndingQuery>,
) -> Result<Json<EndedVisits>, Fault> {
    let guests = app.chat.end_visits_in(&actor, ChannelId(id), how.close).await?;
    Ok(Json(EndedVisits { guests: i64::try_from(guests).unwrap_or(i64::MAX) }))
}

/// End the visit of a guest of a channel; by its hosts
///
/// A guest who also visits a channel that one does not run is only taken out of this one.
#[utoipa::path(delete, path = "/api/channels/{id}/guests/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn end_visit_in(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.end_visit_in(&actor, ChannelId(id), UserId(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End the visit of a guest: their sessions and sockets end at once
///
/// The name stays theirs, and they come back by an invite.
#[utoipa::path(delete, path = "/api/people/{id}/visit", tag = "people", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn end_visit(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.end_visit(&actor, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
