//! Channels.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::{self, Actor};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::wire::channels::{Channel, ChannelDraft, Channels, ReadMark, ReadState};
use crate::wire::hosting::Members;
use crate::wire::levels::LevelChoice;
use crate::wire::problem::Problem;

/// Where the list continues.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ChannelsQuery {
    /// Only those after this one; from the first when it is left out.
    #[serde(default)]
    after: i64,
}

/// The channels and direct conversations that I am in, oldest first, about 1 MB at a time
#[utoipa::path(get, path = "/api/channels", tag = "channels", params(ChannelsQuery),
    responses((status = 200, body = Channels), (status = "default", body = Problem)))]
pub(super) async fn channels(
    State(app): State<Arc<App>>,
    actor: Actor,
    Query(query): Query<ChannelsQuery>,
) -> Result<Json<Channels>, Fault> {
    let overview = app.chat.overview(&actor, ChannelId(query.after)).await?;
    Ok(Json((&overview).into()))
}

/// Make a channel; its maker is in it, as its host
#[utoipa::path(post, path = "/api/channels", tag = "channels", request_body = ChannelDraft,
    responses((status = 201, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn create_channel(
    State(app): State<Arc<App>>,
    actor: Actor,
    Body(draft): Body<ChannelDraft>,
) -> Result<(StatusCode, Json<Channel>), Fault> {
    let draft = chat::ChannelDraft {
        name: draft.name,
        topic: draft.topic,
        kind: draft.kind.into(),
        posting: draft.posting.into(),
        people: draft.people.into_iter().map(UserId).collect(),
    };
    let view = app.chat.create_channel(&actor, draft).await?;
    Ok((StatusCode::CREATED, Json((&view).into())))
}

/// One channel
#[utoipa::path(get, path = "/api/channels/{id}", tag = "channels", params(("id" = i64, Path)),
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn channel(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.channel(&actor, ChannelId(id)).await?).into()))
}

/// Join a channel
#[utoipa::path(put, path = "/api/channels/{id}/membership", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn join(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.join(&actor, ChannelId(id)).await?).into()))
}

/// Leave a channel
#[utoipa::path(delete, path = "/api/channels/{id}/membership", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn leave(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.leave(&actor, ChannelId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enter a channel: it is remembered as the last one; entering is not joining
#[utoipa::path(post, path = "/api/channels/{id}/visit", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn visit(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.visit(&actor, ChannelId(id)).await?).into()))
}

/// Move my read mark
///
/// `read` (the default) says "I have read up to here" and never moves the mark down; `mark` sets
/// it, also down. The answer is the mark as it is then.
#[utoipa::path(put, path = "/api/channels/{id}/read", tag = "channels",
    params(("id" = i64, Path)), request_body = ReadMark,
    responses((status = 200, body = ReadState), (status = "default", body = Problem)))]
pub(super) async fn mark_read(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(mark): Body<ReadMark>,
) -> Result<Json<ReadState>, Fault> {
    let (number, kind) = (Number(mark.number), mark.kind.into());
    let state = app.chat.mark_read(&actor, ChannelId(id), number, kind).await?;
    Ok(Json((&state).into()))
}

/// Choose how much of a channel I want to be told of
///
/// Whoever leaves the channel and comes back has chosen nothing: then it is `mentions` in a channel and
/// `all` in a direct conversation.
#[utoipa::path(put, path = "/api/channels/{id}/level", tag = "channels",
    params(("id" = i64, Path)), request_body = LevelChoice,
    responses((status = 200, body = Channel), (status = "default", body = Problem)))]
pub(super) async fn set_level(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(choice): Body<LevelChoice>,
) -> Result<Json<Channel>, Fault> {
    Ok(Json((&app.chat.set_level(&actor, ChannelId(id), choice.level.into()).await?).into()))
}

/// Which members to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MembersQuery {
    /// Only those whose names these letters find, also by how a Chinese name is read; at most 80.
    #[serde(default)]
    letters: String,
    /// Only those after this person, the last of the page before. After one who is in it no more, the list begins anew.
    after: Option<i64>,
    /// At most this many, 1–200.
    #[serde(default = "default_members")]
    limit: usize,
}

fn default_members() -> usize {
    100
}

/// The members of a channel, hosts first and then by name, a page at a time
#[utoipa::path(get, path = "/api/channels/{id}/members", tag = "channels",
    params(("id" = i64, Path), MembersQuery),
    responses((status = 200, body = Members), (status = "default", body = Problem)))]
pub(super) async fn members(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<MembersQuery>,
) -> Result<Json<Members>, Fault> {
    let MembersQuery { letters, after, limit } = query;
    let page = app.chat.members(&actor, ChannelId(id), &letters, after.map(UserId), limit).await?;
    Ok(Json((&page).into()))
}
