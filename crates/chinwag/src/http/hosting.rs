//! What those who run a channel do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::app::App;
use super::extract::{Body, PathPart, Query};
use super::problem::Fault;
use crate::chat::{Actor, ChannelChanges};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::wire::channels::ChannelInfo;
use crate::wire::hosting::{AddedPeople, ChannelPatch, KeptOut, Mute};
use crate::wire::problem::Problem;
use crate::wire::users::User;

/// Change a channel; the topic by its members, everything else by its hosts
#[utoipa::path(patch, path = "/api/channels/{id}", tag = "channels", params(("id" = i64, Path)),
    request_body = ChannelPatch,
    responses((status = 200, body = ChannelInfo), (status = "default", body = Problem)))]
pub(super) async fn change_channel(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(patch): Body<ChannelPatch>,
) -> Result<Json<ChannelInfo>, Fault> {
    let changes = ChannelChanges {
        name: patch.name,
        topic: patch.topic,
        kind: patch.kind.map(Into::into),
        posting: patch.posting.map(Into::into),
        locked: patch.locked,
        archived: patch.archived,
        all_muted: patch.all_muted,
        slow_s: patch.slow_s,
        newcomers: patch.newcomers,
        hosts_pin: patch.hosts_pin,
    };
    let channel = app.chat.change_channel(&actor, ChannelId(id), changes).await?;
    Ok(Json((&channel).into()))
}

/// Delete a channel with its messages and files; by its hosts
#[utoipa::path(delete, path = "/api/channels/{id}", tag = "channels", params(("id" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn delete_channel(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<StatusCode, Fault> {
    app.chat.delete_channel(&actor, ChannelId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How much of a channel is cleared.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ClearQuery {
    /// The number of the newest message that goes: the newest that the reader saw.
    through: i64,
}

/// Clear a channel: its messages and files go, for everybody; by its hosts
///
/// The channel says up to which number with `floor`. What was posted meanwhile stays, and so do the people
/// and the settings. Numbers are not given again.
#[utoipa::path(delete, path = "/api/channels/{id}/messages", tag = "messages",
    params(("id" = i64, Path), ClearQuery),
    responses((status = 200, body = ChannelInfo), (status = "default", body = Problem)))]
pub(super) async fn clear_channel(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Query(query): Query<ClearQuery>,
) -> Result<Json<ChannelInfo>, Fault> {
    let through = Number(query.through);
    let channel = app.chat.clear_channel(&actor, ChannelId(id), through).await?;
    Ok(Json((&channel).into()))
}

/// Put people into a channel; by its members
#[utoipa::path(post, path = "/api/channels/{id}/members", tag = "channels",
    params(("id" = i64, Path)), request_body = AddedPeople,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn add_people(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
    Body(added): Body<AddedPeople>,
) -> Result<StatusCode, Fault> {
    let people = added.people.into_iter().map(UserId).collect();
    app.chat.add_people(&actor, ChannelId(id), people).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a person out of a channel; by its hosts
#[utoipa::path(delete, path = "/api/channels/{id}/members/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn take_out(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.take_out(&actor, ChannelId(id), UserId(user), false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Name a member a host; by the hosts
#[utoipa::path(put, path = "/api/channels/{id}/hosts/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn name_host(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.set_host(&actor, ChannelId(id), UserId(user), true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a host be a member again; by the hosts
#[utoipa::path(delete, path = "/api/channels/{id}/hosts/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn unname_host(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.set_host(&actor, ChannelId(id), UserId(user), false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mute a member in a channel; by its hosts
#[utoipa::path(put, path = "/api/channels/{id}/mutes/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)), request_body = Mute,
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn mute_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
    Body(mute): Body<Mute>,
) -> Result<StatusCode, Fault> {
    app.chat.mute_member(&actor, ChannelId(id), UserId(user), mute.minutes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a muted member write again; by the hosts
#[utoipa::path(delete, path = "/api/channels/{id}/mutes/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn unmute_member(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.unmute_member(&actor, ChannelId(id), UserId(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is kept out of a channel; for its hosts
#[utoipa::path(get, path = "/api/channels/{id}/kept-out", tag = "channels",
    params(("id" = i64, Path)),
    responses((status = 200, body = KeptOut), (status = "default", body = Problem)))]
pub(super) async fn kept_out(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart(id): PathPart<i64>,
) -> Result<Json<KeptOut>, Fault> {
    let people = app.chat.kept_out(&actor, ChannelId(id)).await?;
    Ok(Json(KeptOut { people: people.iter().map(User::from).collect() }))
}

/// Take a person out of a channel and keep them out; by its hosts
#[utoipa::path(put, path = "/api/channels/{id}/kept-out/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn keep_out(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.take_out(&actor, ChannelId(id), UserId(user), true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a person come back who was kept out; by the hosts
#[utoipa::path(delete, path = "/api/channels/{id}/kept-out/{user}", tag = "channels",
    params(("id" = i64, Path), ("user" = i64, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(super) async fn let_back_in(
    State(app): State<Arc<App>>,
    actor: Actor,
    PathPart((id, user)): PathPart<(i64, i64)>,
) -> Result<StatusCode, Fault> {
    app.chat.let_back_in(&actor, ChannelId(id), UserId(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}
