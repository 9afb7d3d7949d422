//! What concerns the reader: messages that call them, and reactions to what they wrote.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::Actor;
use crate::model::activity::ActivityFilter;
use crate::model::ids::{ChannelId, Number};
use crate::wire::activity::{
    Activity, ActivityPage, ActivityPart, ActivitySeen, NewCalls, SeenThrough,
};
use crate::wire::channels::ChannelInfo;
use crate::wire::problem::Problem;

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ActivityQuery {
    /// What was told as `next`; left out for the beginning.
    before: Option<i64>,
    /// Only what the reader has not seen.
    #[serde(default)]
    new: bool,
    /// Only mentions, only replies, or only reactions.
    #[param(inline)]
    only: Option<ActivityPart>,
}

/// What concerns me, the newest first
///
/// The newest 1,000 are kept for each person, and the newest 100 calls of everybody for each channel. All
/// reactions to a message are one, and so are the messages of a direct conversation and the replies in a thread.
#[utoipa::path(get, path = "/api/me/activity", tag = "messages", params(ActivityQuery),
    responses((status = 200, body = ActivityPage), (status = "default", body = Problem)))]
pub(super) async fn activity(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<ActivityQuery>,
) -> Result<Json<ActivityPage>, Fault> {
    let part = query.only.map(Into::into).unwrap_or_default();
    let filter = ActivityFilter { only_new: query.new, part };
    let (page, channels) = app.chat.activity(&actor, filter, query.before).await?;
    Ok(Json(ActivityPage {
        activity: page.rows.iter().map(Activity::from).collect(),
        channels: channels.iter().map(ChannelInfo::from).collect(),
        next: page.next,
    }))
}

/// The messages that call me and that I have not seen
///
/// Having read a channel up to such a message is having seen it, unless it is `late`.
#[utoipa::path(get, path = "/api/me/activity/new", tag = "messages",
    responses((status = 200, body = NewCalls), (status = "default", body = Problem)))]
pub(super) async fn new_calls(
    State(app): State<Arc<App>>,
    actor: Actor,
) -> Result<Json<NewCalls>, Fault> {
    Ok(Json((&app.chat.new_calls(&actor).await?).into()))
}

/// Note that I have seen all of my activity up to a turn
#[utoipa::path(put, path = "/api/me/activity/seen", tag = "messages", request_body = SeenThrough,
    responses((status = 200, body = ActivitySeen), (status = "default", body = Problem)))]
pub(super) async fn see_activity(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(seen): Body<SeenThrough>,
) -> Result<Json<ActivitySeen>, Fault> {
    Ok(Json((&app.chat.see_activity(&actor, seen.through).await?).into()))
}

/// Note that I have seen that a message calls me
///
/// It does not move the read mark.
#[utoipa::path(put, path = "/api/channels/{id}/messages/{number}/seen", tag = "messages",
    params(("id" = i64, Path), ("number" = i64, Path)),
    responses((status = 200, body = ActivitySeen), (status = "default", body = Problem)))]
pub(super) async fn see_call(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, number)): PathPart<(i64, i64)>,
) -> Result<Json<ActivitySeen>, Fault> {
    Ok(Json((&app.chat.see_call(&actor, ChannelId(id), Number(number)).await?).into()))
}
